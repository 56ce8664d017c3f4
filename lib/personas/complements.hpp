#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "personas/audience.hpp"
#include "personas/model.hpp"

namespace jvmm::personas {

/// The complement of two audiences of which nothing is known, 0..10.
inline constexpr double k_ordinary_complement = 5;

/// A pair of profiles of which something is known.
struct KnownPair {
  std::size_t a = 0, b = 0;  ///< rows
  double value = 0;          ///< 0..1: how good the match is: a score as share of its range, an outcome as 0 or 1
  bool outcome = false;      ///< what came of it, not what was computed
};

struct ComplementInput {
  std::span<AudienceText const> rows;
  std::span<Assignment const> personas;  ///< of the rows, in order
  RowVectors seeking, offering;          ///< the rows' vectors of these fields; may be empty
  std::vector<KnownPair> pairs;          ///< may be empty
};

/// What speaks for one audience completing another.
struct ComplementEvidence {
  std::size_t mentions = 0;           ///< rows of the one whose seeking or offering names the other's audience
  std::vector<std::string> examples;  ///< ids of up to 3 such rows
  std::vector<std::string> phrases;   ///< up to 3 of the other's phrases that they name, most named first
  double lift = 0;                    ///< mentions over what chance would give; 0 without
  std::optional<double> fit;  ///< how well what one seeks is what the other offers, standardised (standard deviations)
  std::size_t pairs = 0, outcomes = 0;  ///< known pairs, and those of them that are outcomes
  std::optional<double> pair_value;     ///< their mean over the mean of all known pairs, shrunk; 1 is ordinary
};

/// How well persona b completes persona a, symmetric. The same persona is not in it: that is the scoring profile's.
struct Complement {
  std::size_t a = 0, b = 0;     ///< indices in Model::personas, a < b
  std::optional<double> score;  ///< 0..10, 5 is ordinary; absent where nothing is known
  ComplementEvidence evidence;
};

/// Every pair of personas, by a, then b. The formula is in docs/algorithms/personas.md.
///
/// **Throws** bad_input: sizes that do not fit, numbers that are not finite, pairs outside the rows.
/// **Cost**: linear in the texts and pairs, personas² × dims.
std::vector<Complement> complements(Model const& model, ComplementInput const& input);

}  // namespace jvmm::personas
