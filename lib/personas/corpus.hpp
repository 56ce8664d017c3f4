#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "personas/clean_row.hpp"
#include "personas/model.hpp"

namespace jvmm::personas {

/// The phrases that a row names, as indices into the list of phrases.
struct RowPhrases {
  std::vector<std::uint32_t> heads;  ///< in order; the audience named first is the primary one
  std::vector<std::uint32_t> types;  ///< by audience_type
  std::vector<std::uint32_t> hits;   ///< known phrases in other fields; sorted, distinct

  bool empty() const { return heads.empty() && types.empty() && hits.empty(); }
};

/// Rows and the phrases they name.
struct Corpus {
  std::vector<Phrase> phrases;       ///< by text; nodes are not set
  std::vector<std::string> generic;  ///< values of audience_type that were left out, beyond the known ones
  std::vector<RowPhrases> rows;
};

/// A phrase where its conjunctions are parted: only if each part stands `alone`; the fewest parts win; else whole.
std::vector<std::string_view> parted(std::string_view phrase, std::function<bool(std::string_view)> const& alone);

/// What rows name. **Cost** linear in the texts.
Corpus gather(std::span<CleanRow const* const> rows, Parameters const& parameters);

/// The distinct phrases of `phrases` that stand in each of the texts, whole words, the longest where they overlap.
/// A phrase counts if `rows` of it reaches lexicon_count and it has 5 characters; the most frequent 20,000 of them.
std::vector<std::vector<std::uint32_t>> find_phrases(std::span<Phrase const> phrases,
                                                     std::span<std::string const* const> texts,
                                                     Parameters const& parameters);

}  // namespace jvmm::personas
