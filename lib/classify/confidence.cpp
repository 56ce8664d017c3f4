#include "classify/confidence.hpp"

#include <algorithm>
#include <cmath>

namespace jvmm::classify {
namespace {

constexpr std::string_view k_rules = "rules";

// For taxonomies that say nothing. A lexicon point is worth much more than a cosine, so the words have a map of their
// own.
ConfidenceMap const k_plain{"", {-2, 20, 4}, {-2, 20, 4}, {}, 0, 0};
ConfidenceMap const k_plain_rules{"rules", {-1, 1, 1}, {-1, 1, 1}, {}, 0, 0};

}  // namespace

ConfidenceMap const& confidence_map(Taxonomy const& taxonomy, std::string_view model) {
  for (auto const& map : taxonomy.confidence)
    if (map.model == model) return map;
  if (model == k_rules) return k_plain_rules;
  for (auto const& map : taxonomy.confidence)
    if (map.model != k_rules) return map;
  return k_plain;
}

bool is_calibrated(Taxonomy const& taxonomy, std::string_view model) {
  return std::ranges::any_of(taxonomy.confidence, [&](ConfidenceMap const& map) { return map.model == model; });
}

double confidence(LogisticMap const& map, double margin, double score, double offset) {
  return 1 / (1 + std::exp(-(map.intercept + map.margin * margin + map.score * score + offset)));
}

double offset(ConfidenceMap const& map, std::string_view key) {
  auto const found = map.offsets.find(std::string(key));
  return found == map.offsets.end() ? 0 : found->second;
}

}  // namespace jvmm::classify
