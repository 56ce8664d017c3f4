#pragma once

#include <string>
#include <vector>

#include "credentials/credential.hpp"
#include "inference/summarise.hpp"

namespace jvmm::commands {

/// Texts of more code points than this are long.
inline constexpr std::size_t k_long_text = 1'500;

/// Per source its long texts in short, for a person to read: "bio: …". Empty where none is long. Nothing is ever taken
/// from a summary. What cannot be summarised says why.
std::vector<std::string> summaries_of(std::vector<credentials::Source> const& sources, inference::Summarizer& model);

}  // namespace jvmm::commands
