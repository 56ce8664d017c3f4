#pragma once

#include <string>

#include "credentials/lexicon.hpp"
#include "credentials/spans.hpp"

namespace jvmm::credentials {

/// True if the stretch is written in capitals throughout and has a word of ordinary prose ("IN", "AUTHOR"), so that its
/// capitals do not tell names.
bool shouts(std::string const& shape, Range range, Lexicon const& lexicon);

/// Puts such a stretch into ordinary case: words of prose small, others capitalised.
void calm_down(std::string& shape, Range range, Lexicon const& lexicon);

}  // namespace jvmm::credentials
