#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "json/writer.hpp"

namespace jvmm::commands {

/// Spearman's rank correlation, -1..1, ties by mean ranks. Absent where one side is constant or there are fewer than
/// two pairs. REQUIRES: of one length. **Cost** linear.
std::optional<double> spearman(std::span<std::uint16_t const> x, std::span<std::uint16_t const> y);

/// Scores from which a pair is in a tier, 0..100.
struct TierBounds {
  double strong = 55, premier = 64;

  std::size_t tier(double score) const { return score >= premier ? 2 : score >= strong ? 1 : 0; }
};

enum class Verdict { pass, warn, fail };
std::string_view name(Verdict verdict);

/// How far one scoring is from another, and whether it may replace it.
struct ScoreGates {
  std::uint64_t pairs = 0;
  std::optional<double> rho;  ///< Spearman: passes from 0.85, fails below 0.70, warns where there is none
  double tier_changes = 0;    ///< share: passes below 0.15, fails above 0.25
  double mean_shift = 0;      ///< points: passes within 3, fails beyond 5
  double mean_before = 0, mean_after = 0;
  std::array<std::uint64_t, 4> divergence{};                 ///< pairs by difference: < 1, < 3, < 5, >= 5 points
  std::array<std::array<std::uint64_t, 3>, 3> tier_moves{};  ///< [before][after]: aligned, strong, premier

  Verdict rho_verdict() const, tier_verdict() const, shift_verdict() const;
  Verdict verdict() const;  ///< the worst of them
};

/// Scores of the same pairs before and after, 0..100, taken to two decimals. **Memory** 4 bytes a pair.
class ScoreComparison {
 public:
  ScoreComparison(TierBounds before, TierBounds after) : m_before_bounds(before), m_after_bounds(after) {}

  void add(double before, double after);
  ScoreGates gates() const;

 private:
  TierBounds m_before_bounds, m_after_bounds;
  std::vector<std::uint16_t> m_before, m_after;  ///< hundredths
};

void write_json(json::Writer& out, ScoreGates const& gates);
std::string gates_text(ScoreGates const& gates);

}  // namespace jvmm::commands
