#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "personas/audience.hpp"

namespace jvmm::personas {

/// Bounds that make hostile texts cost no more than long ones. Beyond them a text is cut.
inline constexpr std::size_t k_most_field_bytes = 32768;
inline constexpr std::size_t k_most_phrase_code_points = 160;
inline constexpr std::size_t k_most_heads = 40;  ///< of one row

/// The texts of a row, cleaned.
struct CleanRow {
  std::vector<std::string> heads;  ///< audiences as who_you_serve, then ideal_customer names them: in order, distinct
  std::vector<std::string> types;  ///< the same of audience_type
  std::string type_value;          ///< audience_type as a whole
  std::string other;               ///< what_you_do, seeking and offering, a line each
  bool has_text = false;           ///< any of the seven has something to read
};

/// The text without markup, compatible forms made one (NFKC), without invisible characters, quotes straight, blanks
/// collapsed, in lower case; lines stay. Ill-formed UTF-8 becomes U+FFFD. At most k_most_field_bytes are read.
/// Thread-safe.
/// **Cost** linear.
std::string clean_text(std::string_view text);

/// The audiences that a cleaned text names: its clauses without lead-ins ("we work with", "mostly") and without what
/// follows the audience ("who want to …"); the lists are English, and a clause of another language stays whole.
/// Distinct, in order, at most k_most_heads. **Cost** linear.
std::vector<std::string> heads_of(std::string_view cleaned);

CleanRow clean_row(AudienceText const& row);

/// Whether a value of audience_type says too little to tell audiences apart: "women", "b2b", "everyone".
bool is_generic(std::string_view cleaned);

}  // namespace jvmm::personas
