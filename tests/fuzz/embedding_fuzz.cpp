#include "inference/dialect/embedding.hpp"

#include "fuzz/fuzz.hpp"

namespace jvmm::fuzz {

int embedding(std::uint8_t const* data, std::size_t size) {
  auto const input = split(data, size);
  inference::EmbeddingParameters parameters;
  parameters.token_vectors = static_cast<inference::TokenVectors>(input.variant % 3);
  parameters.dims = input.variant / 3 % 2 == 0 ? 0 : 3;
  auto const dialect = make_embedding_dialect(inference::ServiceKind::openai, parameters);
  require_sound_request(*dialect, input.body);
  std::size_t dims = parameters.dims;
  read_answers(*dialect, input, [&](std::size_t, std::string const& bytes) {
    auto const vector = inference::unpack_vector(bytes, dims);
    dims = vector.size();
    require(inference::pack_vector(vector) == bytes, "packed vectors unpack to the same");
    double squares = 0;
    for (auto const number : vector)
      squares += double{number} * double{number};
    require(std::abs(std::sqrt(squares) - 1) < 1e-5, "vectors are of length 1");
  });
  return 0;
}

}  // namespace jvmm::fuzz
