#include "commands/classify/open_cascade.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/error.hpp"
#include "commands/cascade_settings.hpp"
#include "commands/classify/judges.hpp"
#include "commands/prototype_vectors.hpp"
#include "inference/backend_spec.hpp"
#include "store/classifiers.hpp"

namespace jvmm::commands {
namespace {

using classify::Classifier;
using classify::PrototypeVectors;
using classify::Task;

constexpr std::size_t k_hash_digits = 12;

class Opener {
 public:
  Opener(RunContext& context, Services& services, Task task, db::Connection& connection, bool ask_nobody)
      : m_context(context),
        m_services(services),
        m_connection(connection),
        m_task(task),
        m_ask_nobody(ask_nobody),
        m_taxonomy(std::make_shared<classify::Taxonomy const>(configured_taxonomy(context.settings, task))) {}

  std::unique_ptr<Cascade> open(std::vector<std::string> const& stages) {
    std::map<std::string, std::unique_ptr<Judge>> services;
    for (auto const& stage : stages)
      if (stage == "nli" || stage == "chat") services.emplace(stage, stage == "nli" ? open_nli() : open_chat());
    open_classifier(std::any_of(stages.begin(), stages.end(),
                                [](auto const& stage) { return stage == "embedding" || stage == "head"; }));
    std::vector<std::unique_ptr<Judge>> judges;
    for (auto const& stage : stages)
      if (auto judge = services.contains(stage) ? std::move(services.at(stage)) : open_local(stage))
        judges.push_back(std::move(judge));
    if (judges.empty())
      throw Error(Kind::configuration,
                  fmt::format("cascade_{}: no head was promoted, and there is no other stage", setting_word(m_task)))
          .hint("add embedding, or train a head with 'jvmm train-classifier'");
    return std::make_unique<Cascade>(std::move(m_classifier), std::move(m_embedder), std::move(judges));
  }

 private:
  std::unique_ptr<Judge> open_nli() {
    auto const route = cascade_route(m_context.settings, m_task, "nli");
    auto model = inference::open_zero_shot(route, entailment_parameters(*m_taxonomy),
                                           m_services.route_context(route, m_ask_nobody));
    return judge_by_entailment(m_taxonomy, std::move(model), models_of_route(route));
  }

  std::unique_ptr<Judge> open_chat() {
    auto const route = cascade_route(m_context.settings, m_task, "chat");
    auto prompt = classify::load_prompt(classify::name(m_task),
                                        m_context.settings.text(fmt::format("prompt_{}", setting_word(m_task))));
    auto model = inference::open_chat(route, chat_parameters(*m_taxonomy, prompt),
                                      m_services.route_context(route, m_ask_nobody));
    return judge_by_chat(m_taxonomy, std::move(prompt), std::move(model), models_of_route(route));
  }

  void open_classifier(bool with_vectors) {
    PrototypeVectors prototypes;
    if (with_vectors) {
      m_embedder = m_services.open_caching_embedder(m_ask_nobody);
      prototypes =
          m_ask_nobody ? no_prototype_vectors(*m_taxonomy, *m_embedder) : embed_prototypes(*m_taxonomy, *m_embedder);
    }
    m_classifier = std::make_shared<Classifier>(*m_taxonomy, std::move(prototypes));
  }

  std::unique_ptr<Judge> open_local(std::string_view stage) {
    if (stage == "embedding")
      return judge_by_classifier(m_classifier, m_embedder->info().model, m_embedder->info().fingerprint());
    if (stage == "rules")
      return judge_by_classifier(std::make_shared<Classifier>(*m_taxonomy, PrototypeVectors()), {}, {});
    return open_head();
  }

  /// Null where none was promoted for this taxonomy and model.
  std::unique_ptr<Judge> open_head() {
    auto const fingerprint = classify::head_fingerprint(*m_classifier, m_embedder->info().fingerprint());
    db::ReadTx tx(m_connection);
    auto const stored = store::promoted_classifier(tx, {classify::name(m_task), m_taxonomy->hash, fingerprint});
    if (!stored) return nullptr;
    auto head =
        classify::Head::read(stored->document_json, stored->weights, fmt::format("jvmm.classifier, id {}", stored->id));
    return judge_by_head(m_classifier, std::move(head),
                         fmt::format("{}+head:{}", m_embedder->info().model, stored->hash.substr(0, k_hash_digits)));
  }

  RunContext& m_context;
  Services& m_services;
  db::Connection& m_connection;
  Task m_task;
  bool m_ask_nobody;
  std::shared_ptr<classify::Taxonomy const> m_taxonomy;
  std::unique_ptr<inference::Embedder> m_embedder;
  std::shared_ptr<Classifier const> m_classifier;
};

}  // namespace

std::unique_ptr<Cascade> open_cascade(RunContext& context, Services& services, Task task, db::Connection& connection,
                                      bool ask_nobody) {
  return Opener(context, services, task, connection, ask_nobody).open(cascade_stages(context.settings, task));
}

}  // namespace jvmm::commands
