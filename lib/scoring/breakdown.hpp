#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "json/writer.hpp"
#include "scoring/factor.hpp"

namespace jvmm::scoring {

/// One factor that fired.
struct FactorLine {
  FactorId id{};
  double score = 0;  ///< 0..10, as computed
  double weight = 0;
  std::string detail;
  std::string_view method;
  std::optional<double> cosine;  ///< of a semantic one, as clamped to 0..1

  /// As a breakdown shows it: some factors with one decimal.
  double shown() const;
};

struct DimensionLine {
  std::optional<double> score;  ///< 0..10, rounded
  std::vector<FactorLine> factors;
  double fired_weight = 0, possible_weight = 0;  ///< their quotient says how much evidence there was
};

struct DirectionBreakdown {
  std::array<DimensionLine, k_dimensions> dimensions;
  double mean = 0;   ///< of the dimensions, 0..10, not rounded
  double score = 0;  ///< ten times that

  DimensionLine const& operator[](Dimension dimension) const { return dimensions[index(dimension)]; }
};

/// A pair, explained. Of an ineligible pair the scores are 0 and there are no factors.
struct PairBreakdown {
  bool eligible = true;
  std::string ineligible_reason;
  DirectionBreakdown ab, ba;
  double harmonic_mean = 0;  ///< 0..100, not rounded
};

/// The object `{intent, synergy, momentum, context, final_0_10}` of match_suggestions.match_context.
void write_breakdown(json::Writer& out, DirectionBreakdown const& direction);

}  // namespace jvmm::scoring
