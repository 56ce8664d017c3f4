#include "commands/train_classifier/train_classifier.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"
#include "commands/cascade_settings.hpp"
#include "commands/prototype_vectors.hpp"
#include "commands/services.hpp"
#include "commands/train_classifier/comparison.hpp"
#include "commands/train_classifier/examples.hpp"
#include "commands/train_classifier/fit.hpp"
#include "commands/train_classifier/report.hpp"
#include "inference/parallel.hpp"
#include "json/parse.hpp"
#include "json/writer.hpp"
#include "store/classifiers.hpp"
#include "store/migrations.hpp"
#include "store/runs.hpp"
#include "store/usage.hpp"

namespace jvmm::commands {
namespace {

constexpr std::size_t k_inner_folds = 4;

classify::LabelNames label_names(classify::Taxonomy const& taxonomy) {
  std::vector<classify::LabelName> names;
  for (auto const& label : taxonomy.labels) {
    auto others = label.synonyms;
    others.push_back(label.name);
    names.push_back({label.key, std::move(others)});
  }
  return classify::LabelNames(names);
}

std::vector<bool> enough(std::vector<std::size_t> const& counts, std::int64_t least) {
  std::vector<bool> out;
  for (auto const count : counts)
    out.push_back(count >= static_cast<std::size_t>(least));
  return out;
}

/// One training, with what it needs.
class Training {
 public:
  Training(RunContext& context, TrainOptions const& options)
      : m_context(context),
        m_options(options),
        m_services(context, {options.max_requests, options.max_cost_usd, std::nullopt}),
        m_taxonomy(configured_taxonomy(context.settings, options.task)),
        m_labels(
            classify::read_label_file(options.labels, label_names(m_taxonomy), {options.task, options.label_column})),
        m_connection(context.database("train")) {}

  int run() {
    auto const embedder = m_services.open_caching_embedder(m_options.dry_run);
    m_services.require_use_of_limits();
    classify::Classifier const classifier(m_taxonomy, m_options.dry_run ? no_prototype_vectors(m_taxonomy, *embedder)
                                                                        : embed_prototypes(m_taxonomy, *embedder));
    m_fingerprint = classify::head_fingerprint(classifier, embedder->info().fingerprint());
    auto const subjects = read(embedder->info().model);
    plan(classifier, *embedder, subjects);
    if (m_options.dry_run) return report(std::nullopt);
    auto const set = make_examples(classifier, *embedder, subjects);
    adopt(set);
    auto trained = train(set);
    return report(std::move(trained));
  }

 private:
  std::vector<Subject> read(std::string const& model) {
    db::ReadTx tx(m_connection, {.isolation = db::Isolation::repeatable_read});
    store::require_migrated(tx);
    auto const key = store::ClassifierKey{classify::name(m_options.task), m_taxonomy.hash, m_fingerprint};
    if (auto const stored = store::promoted_classifier(tx, key)) m_in_use = read_head(*stored);
    return read_subjects(tx, m_options.task, model, m_labels, m_options.labels);
  }

  static InUse read_head(store::StoredClassifier const& stored) {
    auto const source = fmt::format("jvmm.classifier {}", stored.id);
    InUse out{stored.id, classify::Head::read(stored.document_json, stored.weights, source), {}};
    auto const document = json::parse(stored.held_out_json, source);
    for (auto const& [id, labels] : json::Ref(document, source).members()) {
      auto const profile = ProfileId::parse(id);
      if (!profile) continue;
      for (auto const& label : labels.items())
        out.held_out[*profile].push_back(label.string());
      out.held_out.try_emplace(*profile);
    }
    return out;
  }

  void plan(classify::Classifier const& classifier, inference::Embedder const& embedder,
            std::vector<Subject> const& subjects) {
    m_plan.taxonomy = &m_taxonomy;
    m_plan.model = embedder.info().model;
    m_plan.labels = m_options.labels;
    m_plan.profiles = subjects.size();
    m_plan.unlabelled = m_labels.unlabelled;
    m_plan.unrecoverable = m_labels.unrecoverable;
    m_plan.texts_to_embed = missing_texts(classifier, subjects, embedder.info().dims).size();
    m_plan.counts = count_labels(m_taxonomy, subjects);
    m_plan.min_per_class = static_cast<std::size_t>(m_options.min_per_class);
    if (m_in_use) m_plan.in_use = m_in_use->id;
    require_enough();
  }

  /// Counts again, now that it is known who has a text.
  void adopt(ExampleSet const& set) {
    m_plan.profiles = set.examples.size();
    m_plan.without_text = set.without_text;
    m_plan.counts = set.counts;
    require_enough();
  }

  void require_enough() {
    m_plan.trained = enough(m_plan.counts, m_options.min_per_class);
    auto const trained = std::count(m_plan.trained.begin(), m_plan.trained.end(), true);
    auto const least = classify::head_kind(m_options.task) == classify::HeadKind::softmax ? 2 : 1;
    if (trained >= least) return;
    std::string counts;
    for (std::size_t label = 0; label < m_plan.counts.size(); ++label)
      counts += fmt::format("{}{} ({})", label ? ", " : "", m_taxonomy.labels[label].key, m_plan.counts[label]);
    throw Error(Kind::bad_input, fmt::format("{}: {} labels have {} examples or more, expected at least {}: {}",
                                             m_options.labels, trained, m_options.min_per_class, least, counts))
        .hint("label more profiles ('jvmm export-sample'), or lower --min-per-class");
  }

  Trained train(ExampleSet const& set) {
    HeadRecipe const recipe{&m_taxonomy, m_fingerprint, m_plan.trained, k_inner_folds,
                            static_cast<std::uint64_t>(m_options.seed)};
    Trained out;
    out.folds = static_cast<std::size_t>(m_options.folds);
    out.seed = m_options.seed;
    auto const threads = static_cast<std::size_t>(m_context.settings.integer("threads"));
    out.comparison =
        compare(set, recipe, m_in_use, {out.folds, recipe.seed, threads ? threads : inference::usable_cores()});
    std::vector<std::size_t> all(set.examples.size());
    for (std::size_t i = 0; i < all.size(); ++i)
      all[i] = i;
    auto const head = fit_head(set, all, recipe);
    out.hash = head.hash();
    out.data_hash = set.data_hash;
    out.c = head.parts().c;
    out.temperature = head.parts().temperature;
    out.score_weight = head.parts().score_weight;
    out.decision = decide(out.comparison);
    store_head(set, head, out);
    return out;
  }

  Decision decide(Comparison const& comparison) const {
    auto const& d = comparison.difference;
    auto const against = m_in_use ? fmt::format("classifier {}", m_in_use->id) : std::string("zero-shot");
    auto const found = fmt::format("{:+.3f} of {} against {} (95 % {:+.3f} to {:+.3f})", d.value, comparison.metric,
                                   against, d.low, d.high);
    if (m_options.promote == Promote::never) return {false, fmt::format("not promoted, as asked for: {}", found)};
    if (m_options.promote == Promote::force) return {true, fmt::format("promoted by force: {}", found)};
    if (d.low > 0) return {true, fmt::format("promoted: {}", found)};
    return {false, fmt::format("not promoted: {}; the lower bound has to be above 0", found)};
  }

  void store_head(ExampleSet const& set, classify::Head const& head, Trained& trained) {
    auto const& parts = head.parts();
    auto const document = head.document(), weights = head.weights();
    auto const metrics = metrics_json(m_plan, trained.comparison, trained.folds, trained.seed);
    auto const held_out = held_out_json(set, trained.comparison.held_out);
    auto const task = classify::name(parts.task);
    db::WriteTx tx(m_connection);
    trained.run =
        store::begin_run(tx, {"train-classifier", m_context.arguments_json, {}, m_fingerprint, std::string(version())});
    trained.classifier = store::insert_classifier(tx, {{task, parts.taxonomy_hash, parts.fingerprint},
                                                       parts.taxonomy,
                                                       head.hash(),
                                                       parts.data_hash,
                                                       document,
                                                       weights,
                                                       metrics,
                                                       held_out,
                                                       trained.decision.reason,
                                                       trained.run});
    if (trained.decision.promoted) store::promote_classifier(tx, task, trained.classifier, trained.decision.reason);
    store::record_usage(tx, trained.run, m_services.usage());
    store::finish_run(tx, trained.run, "done", 0, train_json(m_plan, trained));
    tx.commit();
    m_services.finish();
  }

  static std::string held_out_json(ExampleSet const& set, Predictions const& predictions) {
    json::Writer out;
    out.begin_object();
    for (std::size_t i = 0; i < set.examples.size(); ++i) {
      out.key(set.examples[i].id.text()).begin_array();
      for (auto const& label : predictions[i])
        out.value(label.label);
      out.end_array();
    }
    out.end_object();
    return std::move(out).take();
  }

  int report(std::optional<Trained> const& trained) {
    if (m_context.format() == OutputFormat::json)
      m_context.print(train_json(m_plan, trained) + "\n");
    else if (!m_context.quiet)
      m_context.print(trained ? train_text(m_plan, *trained) : train_plan_text(m_plan));
    return 0;
  }

  RunContext& m_context;
  TrainOptions const& m_options;
  Services m_services;
  classify::Taxonomy m_taxonomy;
  classify::LabelFile m_labels;
  db::Connection m_connection;
  std::string m_fingerprint;
  std::optional<InUse> m_in_use;
  TrainPlan m_plan;
};

}  // namespace

void TrainOptions::validate() const {
  if (labels.empty()) throw Error(Kind::usage, "--labels is needed").hint("name a file of labels, CSV or JSON lines");
  if (folds < 2 || folds > 20) throw Error(Kind::usage, "--folds takes 2 to 20");
  if (seed < 0) throw Error(Kind::usage, "--seed takes a number that is not negative");
  if (min_per_class < 2 || min_per_class > 1000) throw Error(Kind::usage, "--min-per-class takes 2 to 1000");
}

int train_classifier(RunContext& context, TrainOptions const& options) {
  options.validate();
  return Training(context, options).run();
}

}  // namespace jvmm::commands
