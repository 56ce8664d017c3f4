#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "credentials/credential.hpp"
#include "credentials/normalised_text.hpp"

namespace jvmm::credentials {

/// Finds a proposed name in a text: both normalised, without regard to case, quotes around it, or a stop at its end; at
/// whole words only. Of several occurrences the one closest to `near` (code points), else the first.
/// None if it is not there, has no letter or digit, or has more than 300 characters.
/// **Cost**: linear in the text.
std::optional<Place> ground(std::string_view proposed, NormalisedText const& text,
                            std::optional<std::size_t> near = std::nullopt);

}  // namespace jvmm::credentials
