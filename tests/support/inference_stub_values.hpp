#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// What the inference stub answers, as functions of model and text: the same in every process, on every machine.
namespace jvmm::testing {

/// A text picks one of this many vectors, so that they can be rendered in advance.
inline constexpr std::size_t k_stub_vectors = 1024;

/// Which vector the text has under this model.
std::size_t stub_vector_index(std::string_view model, std::string_view text);

/// The vector of that number, of length 1. The first d numbers of a longer one, brought to length 1, are the vector of
/// d dimensions, as of a Matryoshka model.
std::vector<float> stub_pool_vector(std::size_t index, std::size_t dims);

/// What is answered for a text: stub_pool_vector(stub_vector_index(model, text), dims).
std::vector<float> stub_vector(std::string_view model, std::string_view text, std::size_t dims);

/// A vector per token, 3 to 6 of them: the first is stub_vector, the following are those of the next numbers.
std::vector<std::vector<float>> stub_token_vectors(std::string_view model, std::string_view text, std::size_t dims);

/// (bytes + 3) / 4 + 2.
std::uint64_t stub_tokens(std::string_view text);

/// Logits of a pair; multiples of 1/64 within -4..4, so that they are exact in any form.
struct StubLogits {
  double contradiction = 0, neutral = 0, entailment = 0;
};
StubLogits stub_logits(std::string_view model, std::string_view premise, std::string_view hypothesis);

/// The logit of a class by its name: "entail…", "contradiction" and "not_entailment", "neutral", else one of its own.
double stub_class_logit(std::string_view model, std::string_view premise, std::string_view hypothesis,
                        std::string_view class_name);

/// The scores of the labels, in their order, as transformers' pipeline computes them from the logits.
std::vector<double> stub_zero_shot(std::string_view model, std::string_view text,
                                   std::vector<std::string> const& labels,
                                   std::string_view hypothesis_template = "This example is {}.",
                                   bool multi_label = false);

/// A run of capitalised words, one blank apart.
struct StubEntity {
  std::string type;                            ///< by the name: "PER", "ORG", "LOC" or "MISC"
  std::string word;                            ///< the text between the offsets
  std::size_t begin = 0, end = 0;              ///< bytes, end excluded
  std::size_t begin_point = 0, end_point = 0;  ///< code points, end excluded
  double score = 0;
  std::vector<StubEntity> words = {};  ///< the single words of the run
};

/// The entities of a text, by place. A word is letters and digits, and is capitalised if it begins with a capital of
/// the Latin, Greek or Cyrillic alphabet.
std::vector<StubEntity> stub_entities(std::string_view text);

/// The first words of the text, one blank apart.
std::string stub_summary(std::string_view text, std::size_t max_words = 12);

/// FNV-1a with a final mix; `seed` makes it another function.
std::uint64_t stub_hash(std::string_view bytes, std::uint64_t seed = 0);

}  // namespace jvmm::testing
