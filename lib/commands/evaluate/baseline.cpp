#include "commands/evaluate/baseline.hpp"

#include <algorithm>

#include "classify/keyword_category.hpp"

namespace jvmm::commands {
namespace {

std::optional<std::string> text_of(classify::LabelledProfile const& profile, std::string_view column) {
  auto const* const value = profile.profile.find(column);
  auto const* const text = value ? value->get_if<std::string>() : nullptr;
  return text ? std::optional(*text) : std::nullopt;
}

/// The category, as export-sample wrote it, or of the niche.
std::optional<std::string> category_of(classify::LabelledProfile const& profile, Answers const& answers) {
  if (auto const written = text_of(profile, "keyword_category")) return written;
  if (auto const niche = text_of(profile, "niche")) return std::string(classify::keyword_category(*niche));
  auto const stored = answers.niches.find(profile.id);
  if (stored == answers.niches.end()) return std::nullopt;
  return std::string(classify::keyword_category(stored->second));
}

bool comparable(classify::LabelNames const& names) {
  auto const& keys = names.keys();
  return std::any_of(keys.begin(), keys.end(), [](auto const& key) { return classify::is_meant_by_category(key); });
}

/// What the rule said, in labels: the right one if the category could mean it, else the category itself.
classify::EvaluationCase judged(classify::LabelledProfile const& profile, std::string const& category) {
  classify::EvaluationCase out{profile.truth, {}, {}, {}};
  if (profile.secondary) out.also.push_back(*profile.secondary);
  auto const meant = classify::labels_of_category(category);
  if (meant.empty()) return out;
  auto said = "category " + category;
  for (auto const& right : {out.also, out.truth})
    for (auto const& label : right)
      if (std::find(meant.begin(), meant.end(), label) != meant.end()) said = label;
  out.predicted.push_back({said, std::nullopt});
  return out;
}

}  // namespace

std::optional<classify::Evaluation> keyword_baseline(EvaluateOptions const& options, classify::LabelFile const& labels,
                                                     Answers const& answers, classify::LabelNames const& names,
                                                     classify::EvaluationOptions const& measure) {
  if (options.task != classify::Task::niche || !comparable(names)) return std::nullopt;
  bool known = false;
  std::vector<classify::EvaluationCase> cases;
  for (auto const& profile : labels.profiles) {
    if (!answers.profiles.contains(profile.id)) continue;
    auto const category = category_of(profile, answers);
    known = known || category;
    cases.push_back(judged(profile, category.value_or(std::string(classify::k_unknown_category))));
  }
  return known ? std::optional(classify::evaluate(cases, measure)) : std::nullopt;
}

}  // namespace jvmm::commands
