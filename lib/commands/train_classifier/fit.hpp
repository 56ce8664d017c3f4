#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "classify/head.hpp"
#include "commands/train_classifier/examples.hpp"

namespace jvmm::commands {

/// How a head is fitted to examples.
struct HeadRecipe {
  classify::Taxonomy const* taxonomy = nullptr;
  std::string fingerprint;    ///< of what makes its input
  std::vector<bool> trained;  ///< labels with enough examples
  std::size_t folds = 4;      ///< within which strength and temperature are chosen
  std::uint64_t seed = 1;     ///< of these folds
};

/// Fits a head to some of the examples: first what a point of the zero-shot score is worth, then, beside it, the
/// coefficients, whose strength C is the one with the least loss on folds that are held out, and the temperature from
/// the same folds. The same rows in the same order give the same bytes. docs/algorithms/trained_heads.md has the
/// reasons.
///
/// **Throws** bad_input for fewer than two rows of different texts. **Threads**: safe.
/// **Cost**: (4 folds × 5 strengths + 1) regressions.
classify::Head fit_head(ExampleSet const& set, std::span<std::size_t const> rows, HeadRecipe const& recipe);

}  // namespace jvmm::commands
