#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "scoring/all_pairs/all_pairs.hpp"
#include "scoring/pair_model.hpp"

namespace jvmm::scoring {

/// What a random model has; the rest follows from the seed.
struct Recipe {
  std::size_t profiles = 40;
  std::size_t dims = 16;
  std::uint64_t seed = 1;
  DimensionMean dimension_mean = DimensionMean::geometric;
  PairMean pair_mean = PairMean::harmonic;
  int dimension_decimals = 2;
  std::size_t source_classes = 1;
  bool gate_both = true;
  bool steps = false;   ///< the maps are steps, at cosines that the vectors meet exactly
  bool coarse = false;  ///< few different numbers everywhere, so that scores tie
  double absent = 0.2;  ///< share without vectors, without network, …
  double duplicates = 0.1;
};

PairModel random_model(Recipe const& recipe);

/// The model of these profiles of another one, in this order; some may be there more than once.
PairModel take_profiles(PairModel const& model, std::vector<std::uint32_t> const& indexes);

/// The formulas written at PairModel, one pair at a time, in double.
std::unique_ptr<PairScorer> reference_scorer(PairModel const& model);

bool reference_eligible(PairModel const& model, std::uint32_t a, std::uint32_t b);

/// A score as printed with two decimals.
double printed(double score);

/// What all_pairs should give, by scoring and sorting everything.
std::vector<std::vector<Match>> naive_all_pairs(PairModel const& model, PairScorer const& scorer,
                                                AllPairsOptions const& options);

/// The lists as text, one line per profile with every digit: for comparing whole results.
std::string as_text(std::vector<std::vector<Match>> const& lists);
std::string as_text(AllPairsResult const& result);

}  // namespace jvmm::scoring
