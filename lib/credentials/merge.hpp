#pragma once

#include <vector>

#include "credentials/credential.hpp"

namespace jvmm::credentials {

/// One list of several extractors' values: what names the same (without regard to case, accents, entities, punctuation,
/// a leading article), within a kind, is kept once, and so are spans of one field that overlap, whatever their kinds.
/// Kept is the better evidence: the higher confidence, then rules before NER before chat, the longer span, the field
/// social_proof, the earlier start. A book without a year takes it from its double. Values whose place is not within
/// the source, or whose name is not what stands there, are dropped and not counted here.
///
/// The result is ordered by kind, field, start, and does not depend on the order of the input.
/// **Cost**: n log n in the values and linear in the source.
std::vector<Value> merge(std::vector<Value> values, Source const& source);

/// The same for values that were cut from their source, which is then not read again.
std::vector<Value> merge_cut(std::vector<Value> values);

}  // namespace jvmm::credentials
