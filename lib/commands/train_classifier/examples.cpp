#include "commands/train_classifier/examples.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <map>
#include <span>
#include <unordered_map>

#include "base/error.hpp"
#include "store/classifications.hpp"
#include "text/digest.hpp"

namespace jvmm::commands {
namespace {

using classify::Task;

constexpr std::size_t k_page = 1000, k_most_named = 5;

using VectorOfText = std::unordered_map<std::string, std::vector<float>>;

std::vector<std::string> columns_of(Task task) {
  switch (task) {
    case Task::niche:
      return {"niche", "tags", "what_you_do", "who_you_serve"};
    case Task::offer_types:
      return {"offering"};
    case Task::content_style:
      return {"what_you_do", "bio", "page"};
  }
  return {};
}

store::ClassifySelection selection_of(Task task, std::string const& model) {
  store::ClassifySelection out;
  out.stage = task == Task::niche         ? store::k_classify_niche
              : task == Task::offer_types ? store::k_classify_offers
                                          : store::k_classify_style;
  out.columns = columns_of(task);
  out.scope = store::EmbeddingScope::force;
  out.model = model;
  if (task == Task::niche) out.vectors = {"what_you_do", "who_you_serve"};
  return out;
}

Subject subject_of(classify::LabelledProfile const& labelled, store::ClassifyCandidate& row) {
  Subject out{&labelled,
              {row.niche, row.tags, row.what_you_do, row.who_you_serve, row.offering, row.signature_programs, row.bio,
               row.page_text},
              {}};
  if (row.vector_what_you_do) out.stored.emplace_back(EmbeddingField::what_you_do, std::move(*row.vector_what_you_do));
  if (row.vector_who_you_serve)
    out.stored.emplace_back(EmbeddingField::who_you_serve, std::move(*row.vector_who_you_serve));
  return out;
}

std::map<ProfileId, store::ClassifyCandidate> read_rows(db::ReadTx& tx, Task task, std::string const& model,
                                                        std::vector<ProfileId> const& ids) {
  auto const selection = selection_of(task, model);
  std::map<ProfileId, store::ClassifyCandidate> out;
  for (std::size_t begin = 0; begin < ids.size(); begin += k_page) {
    auto const page = std::span(ids).subspan(begin, std::min(k_page, ids.size() - begin));
    store::IdRange range{begin == 0 ? ProfileId() : ids[begin - 1], page.back(), page};
    for (bool cut = true; cut;) {
      auto found = store::find_classify_candidates(tx, selection, range, nullptr);
      cut = found.cut;
      for (auto& row : found.rows) {
        range.after = row.profile;
        out.emplace(row.profile, std::move(row));
      }
    }
  }
  return out;
}

Error not_there(std::string const& file, std::vector<classify::LabelledProfile const*> const& missing) {
  std::string named;
  for (std::size_t i = 0; i < std::min(missing.size(), k_most_named); ++i)
    named += fmt::format("{}{} (line {})", i ? ", " : "", missing[i]->id.text(), missing[i]->line);
  if (missing.size() > k_most_named) named += fmt::format(" and {} more", missing.size() - k_most_named);
  return Error(Kind::bad_input, fmt::format("{}: there is no profile {}, and the file has no texts of it", file, named))
      .hint("name ids of this database's profiles, or put their texts into the file");
}

/// The stored vector that serves for a text, if there is one of this width.
std::vector<float> const* stored_vector(Subject const& subject, classify::Wanted const& wanted, std::size_t dims) {
  if (!wanted.stored) return nullptr;
  for (auto const& [field, vector] : subject.stored)
    if (field == *wanted.stored && vector.size() == dims) return &vector;
  return nullptr;
}

std::vector<std::size_t> indexes(classify::Taxonomy const& taxonomy, std::vector<std::string> const& labels) {
  std::vector<std::size_t> out;
  for (auto const& label : labels)
    if (auto const index = classify::find_label(taxonomy, label);
        index && std::find(out.begin(), out.end(), *index) == out.end())
      out.push_back(*index);
  return out;
}

VectorOfText embed(inference::Embedder& embedder, std::vector<std::string> const& texts) {
  std::vector<std::string_view> const views(texts.begin(), texts.end());
  VectorOfText out;
  if (views.empty()) return out;
  auto results = embedder.embed(views);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    auto& result = results[i];
    if (result)
      out.emplace(texts[i], std::move(result->vector));
    else if (result.error().kind() != Kind::bad_input && result.error().kind() != Kind::bad_answer)
      throw result.error();  // nobody could be asked: a head trained on a part would be another one
    else
      out.emplace(texts[i], std::vector<float>());
  }
  embedder.release(views);
  return out;
}

void add_number(text::Hasher& hasher, std::uint64_t number) {
  hasher.add({reinterpret_cast<char const*>(&number), sizeof number});
}

std::string data_hash(std::vector<Example> const& examples) {
  text::Hasher hasher(text::Digest::sha256);
  for (auto const& one : examples) {
    hasher.add(one.id.text());
    for (auto const* labels : {&one.truth, &one.ignored}) {
      add_number(hasher, labels->size());
      for (auto const label : *labels)
        add_number(hasher, label);
    }
    hasher.add({reinterpret_cast<char const*>(one.x.data()), one.x.size() * sizeof(float)});
    for (double const score : one.zero_shot.scores)
      add_number(hasher, std::bit_cast<std::uint64_t>(score));
  }
  return std::move(hasher).hex();
}

}  // namespace

std::vector<Subject> read_subjects(db::ReadTx& tx, Task task, std::string const& model,
                                   classify::LabelFile const& labels, std::string const& file) {
  std::vector<classify::LabelledProfile const*> used, missing;
  for (auto const& one : labels.profiles)
    if (task == Task::offer_types || !one.truth.empty()) used.push_back(&one);
  std::sort(used.begin(), used.end(), [](auto const* a, auto const* b) { return a->id < b->id; });
  std::vector<ProfileId> ids;
  for (auto const* one : used)
    ids.push_back(one->id);
  auto rows = read_rows(tx, task, model, ids);
  std::vector<Subject> out;
  for (auto const* one : used) {
    if (auto const row = rows.find(one->id); row != rows.end())
      out.push_back(subject_of(*one, row->second));
    else if (one->has_texts())
      out.push_back({one, classify::read_input(json::Ref(one->profile, file)), {}});
    else
      missing.push_back(one);
  }
  if (!missing.empty()) throw not_there(file, missing);
  return out;
}

std::vector<std::size_t> count_labels(classify::Taxonomy const& taxonomy, std::vector<Subject> const& subjects) {
  std::vector<std::size_t> out(taxonomy.labels.size());
  for (auto const& subject : subjects)
    for (auto const label : indexes(taxonomy, subject.labelled->truth))
      ++out[label];
  return out;
}

std::vector<std::string> missing_texts(classify::Classifier const& classifier, std::vector<Subject> const& subjects,
                                       std::size_t dims) {
  std::vector<std::string> out;
  std::unordered_map<std::string, bool> seen;
  for (auto const& subject : subjects)
    for (auto& wanted : classifier.wanted(subject.input))
      if (!stored_vector(subject, wanted, dims) && seen.emplace(wanted.text, true).second)
        out.push_back(std::move(wanted.text));
  return out;
}

ExampleSet make_examples(classify::Classifier const& classifier, inference::Embedder& embedder,
                         std::vector<Subject> const& subjects) {
  auto const& taxonomy = classifier.taxonomy();
  ExampleSet out;
  out.dims = embedder.info().dims;
  out.counts.resize(taxonomy.labels.size());
  auto const texts = missing_texts(classifier, subjects, out.dims);
  out.embedded_texts = texts.size();
  auto const embedded = embed(embedder, texts);
  std::map<std::string, std::size_t> groups;
  for (auto const& subject : subjects) {
    std::vector<std::span<float const>> vectors;
    std::string key;
    for (auto const& wanted : classifier.wanted(subject.input)) {
      auto const* stored = stored_vector(subject, wanted, out.dims);
      if (stored) ++out.stored_vectors;
      vectors.emplace_back(stored ? *stored : embedded.at(wanted.text));
      key += fmt::format("{}:{};", wanted.text.size(), wanted.text);
    }
    Example one{subject.labelled->id,
                classify::profile_vector(classifier, subject.input, vectors),
                classifier.classify(subject.input, vectors),
                indexes(taxonomy, subject.labelled->truth),
                indexes(taxonomy, subject.labelled->ignored),
                0};
    if (one.x.empty() || one.zero_shot.empty) {
      ++out.without_text;
      continue;
    }
    one.group = groups.emplace(key, groups.size()).first->second;
    for (auto const label : one.truth)
      ++out.counts[label];
    out.examples.push_back(std::move(one));
  }
  out.data_hash = data_hash(out.examples);
  return out;
}

}  // namespace jvmm::commands
