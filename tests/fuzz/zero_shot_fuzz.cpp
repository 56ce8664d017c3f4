#include "inference/dialect/zero_shot.hpp"

#include "fuzz/fuzz.hpp"

namespace jvmm::fuzz {

int zero_shot(std::uint8_t const* data, std::size_t size) {
  auto const input = split(data, size);
  inference::ZeroShotParameters const parameters{
      {"coaching", "software", "book"}, "This text is about {}.", input.variant % 2 == 0};
  auto const dialect = make_zero_shot_dialect(inference::ServiceKind::hf, "org/name", parameters);
  require_sound_request(*dialect, input.body);
  read_answers(*dialect, input, [&](std::size_t, std::string const& bytes) {
    auto const scores = inference::unpack_scores(bytes, 3);
    require(inference::pack_scores(scores) == bytes, "packed scores unpack to the same");
    double sum = 0;
    for (auto const score : scores) {
      require(score >= 0 && score <= 1, "scores are within 0..1");
      sum += score;
    }
    require(parameters.multi_label || std::abs(sum - 1) < 1e-3, "scores of labels that exclude each other sum to 1");
  });
  return 0;
}

}  // namespace jvmm::fuzz
