#pragma once

#include "scoring/scorer.hpp"
#include "scoring/synergy_tables.hpp"
#include "scoring/word_overlap.hpp"

namespace jvmm::scoring {

/// A similarity as a factor: by cosine, or by word overlap where `cosine` is absent.
struct Similarity {
  double score = 0;              ///< 0..10
  std::optional<double> cosine;  ///< clamped to 0..1
};

/// Clamped to 0..1; 0 for a zero vector or unequal widths.
double cosine(Direction const& a, Direction const& b);

/// Of max(score, epsilon); 0 where there is no score.
double log_of(std::optional<double> score, double epsilon);

/// What a Scorer computes with.
struct Scorer::Tables {
  Tables(ScoringProfile p, ScoringContext c) : profile(std::move(p)), context(std::move(c)), synergy(profile) {}

  ScoringProfile profile;
  ScoringContext context;
  SimilarityMap offering_map, audience_map;
  SynergyTables synergy;
  TokenIds tokens;

  Similarity offering(Prepared const& source, Prepared const& target) const;
  Similarity audience(Prepared const& a, Prepared const& b) const;
  std::optional<double> rounded_mean(WeightedSum const& sum) const;
  std::optional<double> context_of(Prepared const& source, Prepared const& target) const;
  bool eligible(Prepared const& a, Prepared const& b) const;
  DirectedScore combine(Prepared const& source, Prepared const& target, WeightedSum const& sum) const;

 private:
  Similarity similarity(Direction const& a, Direction const& b, std::vector<std::uint32_t> const& words_a,
                        std::vector<std::uint32_t> const& words_b, SimilarityMap const& map) const;
};

}  // namespace jvmm::scoring
