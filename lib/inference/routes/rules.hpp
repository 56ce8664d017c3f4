#pragma once

#include <memory>

#include "inference/ner.hpp"
#include "inference/route.hpp"
#include "inference/summarise.hpp"
#include "inference/zero_shot.hpp"

namespace jvmm::inference {

/// What remains when no model can be asked. Deterministic, in the process, never fails.

/// The share of a label's words that the text has; not multi_label: divided by their sum (all alike if there is none).
std::unique_ptr<TaskBackend<ZeroShotScores>> zero_shot_by_words(ZeroShotParameters parameters);

/// Runs of capitalised words within a sentence, each as MISC with score 0.5.
std::unique_ptr<TaskBackend<Entities>> entities_by_capitals();

/// The first sentences, up to max_tokens by estimate, but at least one (cut between words if it is longer,
/// and within one that is too long by itself).
std::unique_ptr<TaskBackend<SummaryText>> summary_by_first_sentences(SummaryParameters parameters);

}  // namespace jvmm::inference
