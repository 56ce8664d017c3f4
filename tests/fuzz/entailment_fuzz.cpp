#include "inference/dialect/entailment.hpp"

#include "fuzz/fuzz.hpp"

namespace jvmm::fuzz {

int entailment(std::uint8_t const* data, std::size_t size) {
  auto input = split(data, size);
  std::vector<std::string> pairs;
  for (auto const text : input.texts)
    pairs.push_back(inference::join_pair(text, input.body));
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    auto const expected = std::pair(input.texts[i], input.body);
    require(inference::split_pair(pairs[i]) == expected, "pairs split where they were joined");
    input.texts[i] = pairs[i];
  }
  auto const dialect = inference::make_entailment_dialect("org/name");
  require_sound_request(*dialect, pairs[0]);
  std::vector<inference::Entailment> logits;
  read_answers(*dialect, input, [&](std::size_t, std::string const& bytes) {
    logits.push_back(inference::unpack_entailment(bytes));
    require(inference::pack_entailment(logits.back()) == bytes, "packed pairs unpack to the same");
  });
  for (auto const score : zero_shot_scores(logits, input.variant % 2 == 0))
    require(score >= 0 && score <= 1, "scores are within 0..1");
  return 0;
}

}  // namespace jvmm::fuzz
