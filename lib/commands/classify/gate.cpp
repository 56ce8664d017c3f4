#include "commands/classify/gate.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"
#include "json/parse.hpp"
#include "text/canonical.hpp"

namespace jvmm::commands {
namespace {

constexpr std::size_t k_uniform_labels = 3;
constexpr std::size_t k_shown = 80;  // code points

/// The labels in a stored value of any of the three tasks; of any other value: none.
std::vector<std::string> labels_in(json::Value const& value) {
  std::vector<std::string> out;
  auto const add = [&](json::Value const* text) {
    if (auto const* label = text ? text->get_if<std::string>() : nullptr) out.push_back(*label);
  };
  if (auto const* list = value.get_if<json::Array>())
    for (auto const& item : *list) {
      add(&item);
      add(item.find("category"));
      add(item.find("type"));
    }
  add(value.find("primary"));
  add(value.find("secondary"));
  return out;
}

bool gives(classify::Verdict const& verdict, std::size_t label) {
  return std::any_of(verdict.labels.begin(), verdict.labels.end(), [&](auto const& one) { return one.label == label; });
}

}  // namespace

std::optional<Doubt> doubt(classify::Taxonomy const& taxonomy, Ruling const& ruling) {
  if (!ruling.foreign.empty())
    return Doubt{
        "out_of_taxonomy",
        fmt::format("'{}' is no label of {}", text::first_code_points(ruling.foreign.front(), k_shown), taxonomy.name)};
  auto const& labels = ruling.verdict.labels;
  if (labels.empty()) return std::nullopt;
  auto const best = labels.front().confidence, worst = labels.back().confidence;
  if (best < k_least_confidence)
    return Doubt{"low_confidence", fmt::format("{} at {:.2f}, expected {} at least",
                                               taxonomy.labels[labels.front().label].key, best, k_least_confidence)};
  if (labels.size() >= k_uniform_labels && best < k_uniform_below && best - worst < k_uniform_spread)
    return Doubt{"uniform", fmt::format("{} labels from {:.2f} to {:.2f}", labels.size(), worst, best)};
  return std::nullopt;
}

std::optional<Doubt> conflict_with_niche(classify::Classifier const& classifier, Question const& question,
                                         Ruling const& ruling) {
  classify::Input const alone{.niche = question.input.niche,
                              .tags = {},
                              .what_you_do = {},
                              .who_you_serve = {},
                              .offering = {},
                              .signature_programs = {},
                              .bio = {},
                              .page_text = {}};
  std::vector<std::span<float const>> vectors;
  for (auto const& wanted : classifier.wanted(alone)) {
    vectors.emplace_back();
    for (std::size_t i = 0; i < question.wanted.size(); ++i)
      if (question.wanted[i].text == wanted.text) vectors.back() = question.vectors[i];
  }
  auto const said = classifier.classify(alone, vectors);
  if (said.empty || !said.sure || said.labels.empty() || ruling.verdict.labels.empty()) return std::nullopt;
  if (gives(ruling.verdict, said.labels.front().label)) return std::nullopt;
  auto const& labels = classifier.taxonomy().labels;
  return Doubt{"conflict",
               fmt::format("the client's niche is {}, the texts together say {}", labels[said.labels.front().label].key,
                           labels[ruling.verdict.labels.front().label].key)};
}

std::optional<Doubt> conflict_with_value(classify::Taxonomy const& taxonomy, std::string_view confirmed_json,
                                         classify::Verdict const& verdict) {
  if (verdict.labels.empty()) return std::nullopt;
  std::vector<std::string> confirmed;
  try {
    confirmed = labels_in(json::parse(confirmed_json, "the stored value"));
  } catch (Error const&) {
    return std::nullopt;
  }
  if (confirmed.empty()) return std::nullopt;
  for (auto const& text : confirmed)
    if (classify::find_label(taxonomy, text) == verdict.labels.front().label) return std::nullopt;
  return Doubt{"conflict", fmt::format("the client confirmed {}, the texts say {}",
                                       text::first_code_points(confirmed.front(), k_shown),
                                       taxonomy.labels[verdict.labels.front().label].key)};
}

}  // namespace jvmm::commands
