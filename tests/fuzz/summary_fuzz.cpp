#include "inference/dialect/summary.hpp"

#include "fuzz/fuzz.hpp"

namespace jvmm::fuzz {

int summary(std::uint8_t const* data, std::size_t size) {
  auto const input = split(data, size);
  auto const dialect = inference::make_summary_dialect(inference::ServiceKind::toolkit, "org/name", {});
  require_sound_request(*dialect, input.body);
  read_answers(*dialect, input,
               [](std::size_t, std::string const& bytes) { require(!bytes.empty(), "summaries are not empty"); });
  return 0;
}

}  // namespace jvmm::fuzz
