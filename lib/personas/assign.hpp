#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "personas/audience.hpp"
#include "personas/model.hpp"

namespace jvmm::personas {

struct AssignInput {
  std::span<AudienceText const> rows;
  RowVectors audience;    ///< as FitInput's
  RowVectors activity;    ///< as FitInput's
  std::string embedding;  ///< must be the model's
  EmbedPhrases embed;
};

struct Assigned {
  std::vector<Assignment> rows;                                              ///< of the input, in order
  std::size_t with_text = 0, by_phrases = 0, by_vector = 0, unassigned = 0;  ///< unassigned: of the rows with a text
  std::size_t phrases = 0;                                                   ///< named by these rows, each once a row
  double familiar = 0;   ///< share of these that a node of the model is alike to, to compare with Model::familiar
  bool drifted = false;  ///< 30 rows or more, and fewer familiar phrases or more unassigned than at the fit, by .1
  std::string remark;    ///< what has drifted, as a sentence; else empty
};

/// Gives rows that the model has not seen the personas it knows: each phrase votes through the 5 nodes most like it
/// (cosine^8, normalised, times the best cosine, halved with each further phrase); without a phrase audience_type and
/// the known phrases in other fields vote; without any the nearest centroid, if the row is within its reach. Else
/// unassigned. Each row's result depends on that row alone, up to the last bits of `embed`.
///
/// **Throws** bad_input: vectors of another embedding model or width, numbers that are not finite; what `embed` throws.
/// **Cost**: linear in the texts, distinct phrases × nodes × dims.
Assigned assign(Model const& model, AssignInput const& input);

}  // namespace jvmm::personas
