#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "checks/finding.hpp"

namespace jvmm::checks {

/// Whether a value only says that there is none: blank, punctuation, or a word such as "n/a" and "tbd", in any case.
bool is_placeholder(std::string_view value);

/// What every column of text is checked for, with the cleaned value as the proposal where it differs. Codes:
/// blank, placeholder (warnings; proposal: nothing), html (warning), controls (warning), mojibake (warning, no
/// proposal), encoding, invisible, composed, blanks, look_alikes (notes), very_long, all_caps (notes, no proposal).
/// Absent, empty: nothing found. **Cost** linear. **Threads** safe.
ColumnCheck check_text(std::optional<std::string_view> value);

/// Points above which a value is called very long.
inline constexpr std::size_t k_very_long = 10'000;

/// The part of check_text that addresses need too: placeholders, HTML, characters. `cleaned` becomes what is left, and
/// is empty where nothing is.
void clean(std::string_view value, ColumnCheck& check, std::string& cleaned);

}  // namespace jvmm::checks
