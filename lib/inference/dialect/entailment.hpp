#pragma once

#include <map>
#include <utility>

#include "inference/dialect/dialect.hpp"
#include "inference/zero_shot.hpp"

namespace jvmm::inference {

/// Logits of one pair of text and hypothesis. "not_entailment" of a model with two classes counts as contradiction.
struct Entailment {
  double entailment = 0, contradiction = 0;
};

/// A pair as one item: the text's length in bytes, ':', text, hypothesis.
std::string join_pair(std::string_view text, std::string_view hypothesis);
std::pair<std::string_view, std::string_view> split_pair(std::string_view item);

/// TEI's /predict with raw scores. Classes are told by name.
std::unique_ptr<Dialect> make_entailment_dialect(std::string model);

/// **Throws** configuration where the classes of a model (TEI's id2label) are not those of entailment: none that begins
/// with "entail", LABEL_0, or tags such as B-PER.
void require_entailment_classes(std::vector<std::string> const& classes);

std::string pack_entailment(Entailment entailment);
Entailment unpack_entailment(std::string_view bytes);

/// Label scores from the pairs of one text, as transformers' pipeline computes them: multi_label (or one label)
/// e^entailment / (e^entailment + e^contradiction) each, else softmax of the entailment logits.
std::vector<double> zero_shot_scores(std::span<Entailment const> pairs, bool multi_label);

}  // namespace jvmm::inference
