#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "personas/corpus.hpp"
#include "personas/fit.hpp"
#include "personas/phrase_nodes.hpp"
#include "personas/phrase_vectors.hpp"

namespace jvmm::personas {

/// The rows of a fit in the order of their ids, so that nothing depends on how they came.
struct Table {
  std::vector<std::string> ids;
  std::vector<std::size_t> given;  ///< where each stood
  std::vector<CleanRow> rows;
  std::vector<float> audience, activity;  ///< rows × dims, unit or zero; may be empty
  std::size_t dims = 0;                   ///< 0 where the rows have no vectors
};

/// **Throws** bad_input: an id that is empty or there twice, vectors that do not fit.
Table make_table(FitInput const& input);

/// Some rows of a table, the phrases they name, and the nodes of these.
struct Sample {
  std::vector<std::size_t> rows;  ///< of the table, rising
  Corpus corpus;
  std::vector<float> phrase_vectors;  ///< phrases × dims
  Nodes nodes;
  std::vector<RowNodes> named;  ///< per row of the sample
};

Sample make_sample(Table const& table, std::vector<std::size_t> rows, PhraseVectors& vectors,
                   Parameters const& parameters);

/// A row's field vector: unit mean of the unit mean of its heads and, weighted, of its activity, or of its audience
/// vector where no row has one of activity. Zero where it has neither. Rows of the sample × dims.
std::vector<float> field_vectors(Table const& table, Sample const& sample, std::size_t dims,
                                 Parameters const& parameters);

}  // namespace jvmm::personas
