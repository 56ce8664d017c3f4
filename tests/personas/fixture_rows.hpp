#pragma once

#include <optional>
#include <string>
#include <vector>

#include "personas/audience.hpp"

namespace jvmm::personas {

/// The fixture's 3,143 rows.
std::vector<AudienceText> fixture_rows();

struct LabelledRow {
  AudienceText text;
  std::optional<std::string> persona;  ///< the primary one, where the text tells it
};

/// labelled-200.
std::vector<LabelledRow> labelled_rows();

/// Drops (.7 of the damaged ones) or replaces by a word of the fixture a share of the words of all fields. The same for
/// the same seed.
AudienceText damaged(AudienceText row, double share, unsigned seed);

}  // namespace jvmm::personas
