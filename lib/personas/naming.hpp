#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "personas/model.hpp"

namespace jvmm::personas {

/// A phrase that rows of one persona name first.
struct NamePhrase {
  std::string text;
  std::size_t rows = 0;  ///< of the persona
  std::size_t rows_elsewhere = 0;
  double similarity = 0;  ///< cosine to the persona's count-weighted centroid of phrases
};

/// The phrases that tell a persona best, and differ: by weight (see docs/algorithms/personas.md), without those of
/// whose content words at least half are in one already taken. Up to `count`; fewer where there are fewer.
std::vector<Term> name_terms(std::span<NamePhrase const> phrases, std::size_t count);

/// The first three of them, " / " between.
std::string name_of(std::span<Term const> terms);

/// A key made of a phrase: lower-case ASCII letters, digits and hyphens, at most 48, that is none of `taken`
/// ("women-over-45", "women-over-45-2"). A phrase without such letters gives "persona".
std::string make_key(std::string_view phrase, std::span<std::string const> taken);

}  // namespace jvmm::personas
