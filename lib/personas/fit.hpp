#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "personas/audience.hpp"
#include "personas/model.hpp"

namespace jvmm::personas {

/// Below this plateau score personas are tentative.
inline constexpr double k_firm_plateau = 0.93;

struct FitInput {
  std::span<AudienceText const> rows;
  RowVectors audience;    ///< the rows' audience embeddings: centroids, medoids, rows without phrases
  RowVectors activity;    ///< the rows' vectors of what_you_do, for field vectors; may be empty
  std::string embedding;  ///< fingerprint of the model that all vectors are of
  EmbedPhrases embed;
};

/// A method's resolution that is not to be sought again.
struct Held {
  Method method = Method::phrase_graph;
  double resolution = 0;  ///< above 0; see Cutter (personas/cutters.hpp)
};

struct FitOptions {
  Method method = Method::automatic;
  std::optional<std::size_t> target_k;    ///< so many personas, 2 or more; absent: the plateau decides
  std::size_t least_k = 20, most_k = 32;  ///< between which the plateau is sought
  std::optional<double> max_outliers;     ///< 0..1: share of rows with an audience text that may stay unassigned
  std::optional<Held> held;               ///< as in a refit of a model; absent: scanned
  std::size_t draws = 5;                  ///< of 80 % of the rows, by which stability is measured; 0: not measured
  std::size_t threads = 1;                ///< results do not depend on it
  Parameters parameters;

  std::optional<double> held_by(Method other) const {
    return held && held->method == other ? std::optional(held->resolution) : std::nullopt;
  }
};

/// How stable a method was: mean adjusted Rand index of the labels of a fit on 80 % of the rows with those of the fit
/// on all of them, over the rows of the draw.
struct Stability {
  Method method = Method::phrase_graph;
  std::size_t personas = 0;
  double mean = 0, least = 0;
  std::size_t draws = 0;
  bool chosen = false;
  std::string refused;  ///< why this method gave nothing; empty where it did
};

struct ScanPoint {
  double resolution = 0;
  std::size_t personas = 0;
  double plateau = 0;  ///< mean adjusted Rand index of the row labels with those of up to two neighbours on either side
};

struct Report {
  std::size_t rows = 0, with_text = 0, with_phrases = 0;
  std::size_t by_phrases = 0, by_vector = 0, unassigned = 0;  ///< unassigned: of the rows with a text
  std::size_t phrases = 0, nodes = 0, edges = 0;
  std::vector<Stability> methods;    ///< of those that were tried
  std::vector<ScanPoint> scan;       ///< of the method that was taken
  bool tentative = false;            ///< the plateau score is below k_firm_plateau, or most rows are unassigned
  double largest_share = 0;          ///< of the assigned rows, in the largest persona
  std::vector<std::string> remarks;  ///< sentences for the reader: what was chosen and why, what is doubtful
};

struct Fit {
  Model model;
  std::vector<Assignment> rows;  ///< of FitInput::rows, in their order
  Report report;
};

/// Finds the audiences of the rows (docs/algorithms/personas.md). Keys and names are fresh: `match_identities` gives
/// back those of an earlier model.
///
/// Same rows, in whatever order, with the same embedding, parameters and options give the same model, byte for byte, on
/// any number of threads.
///
/// Rows without any text get no persona. A goal that cannot be met is refused, with what can be had.
///
/// **Throws** usage (options out of range); bad_input: no row with an audience text; ids that are empty or twice;
/// numbers that are not finite, sizes that do not fit; a goal (target_k, max_outliers) that these rows cannot meet;
/// `internal` if igraph fails; what `embed` throws.
/// **Cost**: linear in the texts; nodes² × dims for the phrase graph, rows² × dims for methods on row vectors, for each
/// draw again; memory linear in rows and in nodes.
Fit fit(FitInput const& input, FitOptions const& options);

}  // namespace jvmm::personas
