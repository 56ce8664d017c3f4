#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "commands/movers.hpp"
#include "commands/score_comparison.hpp"
#include "json/writer.hpp"
#include "scoring/prepared.hpp"
#include "scoring/scoring_profile.hpp"

namespace jvmm::commands {

/// A distribution of numbers with two decimals between -100 and 100, in constant memory.
class Distribution {
 public:
  Distribution() : m_counts(20'001) {}

  void add(double x);
  std::uint64_t count() const { return m_count; }
  double mean() const;
  double stdev() const;  ///< of the sample; 0 for fewer than two
  double min() const { return m_count ? m_min : 0; }
  double max() const { return m_count ? m_max : 0; }
  /// The value below which this share (0..1) lies; the mean of the two middle ones for an even number and 0.5.
  double quantile(double share) const;
  double median() const { return quantile(0.5); }
  /// Counts by ten points, from 0..10 to 90..100.
  std::array<std::uint64_t, 10> tens() const;

 private:
  double at(std::uint64_t rank) const;

  std::vector<std::uint64_t> m_counts;  ///< by hundredths, from -100.00
  std::uint64_t m_count = 0;
  double m_mean = 0, m_squares = 0, m_min = 0, m_max = 0;
};

/// A pair that was scored.
struct ScoredPair {
  std::string a, b;              ///< names, for the lists of movers
  std::optional<double> before;  ///< the score that was stored, 0..100
  double after = 0;
  bool retired = false;
  std::uint64_t semantic = 0, word_overlap = 0;  ///< similarities of a → b, by how they were found

  /// Counts them for a pair without a breakdown.
  void count_methods(scoring::Prepared const& source, scoring::Prepared const& target);
};

/// A pair of profiles that look like one person (scoring/duplicates.hpp).
struct DuplicateMatch {
  ProfileId match, a, b;
  std::string_view evidence;
};

/// What rescoring changed: distributions, tiers, movers, methods. **Memory** constant, unless compared. Not shared
/// between threads.
class Impact {
 public:
  /// `strong` and `premier`: the scores from which a pair is in that tier.
  Impact(double strong, double premier) : m_strong(strong), m_premier(premier) {}

  void add(ScoredPair const& pair);
  void add(DuplicateMatch const& match);

  std::uint64_t pairs() const { return m_after.count(); }
  Distribution const& before() const { return m_before; }
  Distribution const& after() const { return m_after; }
  Distribution const& delta() const { return m_delta; }
  Distribution const& semantic_only() const { return m_semantic; }
  Distribution const& with_words() const { return m_words; }

  /// [from][to]: 0 unscored, 1 aligned, 2 strong, 3 premier.
  using TierMoves = std::array<std::array<std::uint64_t, 4>, 4>;
  TierMoves const& tier_moves() const { return m_tiers; }
  std::uint64_t tier_up() const, tier_down() const;
  std::uint64_t rescued() const { return m_rescued; }  ///< below strong before, strong or better now
  std::uint64_t retired() const { return m_retired; }
  std::uint64_t semantic_factors() const { return m_semantic_factors; }
  std::uint64_t word_factors() const { return m_word_factors; }
  std::uint64_t duplicates() const { return m_duplicates; }
  std::vector<DuplicateMatch> const& duplicate_examples() const { return m_duplicate_examples; }  ///< the first 10
  std::vector<Mover> const& gains() const { return m_movers.gains(); }
  std::vector<Mover> const& losses() const { return m_movers.losses(); }

  /// From now on judges whether "after" may replace "before", whose tiers are these. **Memory** 4 bytes a pair.
  void compare_with(TierBounds before) { m_comparison.emplace(before, TierBounds{m_strong, m_premier}); }
  std::optional<ScoreGates> gates() const { return m_comparison ? std::optional(m_comparison->gates()) : std::nullopt; }

 private:
  std::size_t tier_of(std::optional<double> score) const;

  double m_strong, m_premier;
  Distribution m_before, m_after, m_delta, m_semantic, m_words;
  TierMoves m_tiers{};
  std::uint64_t m_duplicates = 0;
  std::vector<DuplicateMatch> m_duplicate_examples;
  std::uint64_t m_rescued = 0, m_retired = 0, m_semantic_factors = 0, m_word_factors = 0;
  TopMovers m_movers;
  std::optional<ScoreComparison> m_comparison;
};

void write_json(json::Writer& out, Impact const& impact);
std::string impact_text(Impact const& impact);

}  // namespace jvmm::commands
