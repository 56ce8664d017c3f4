#include <limits>

#include "inference/prices.hpp"

namespace jvmm::inference {
namespace {

void add(std::uint64_t& sum, std::uint64_t more) {
  auto const room = std::numeric_limits<std::uint64_t>::max() - sum;
  sum += more < room ? more : room;
}

}  // namespace

Metered& Metered::operator+=(Metered const& other) {
  add(requests, other.requests);
  add(inputs, other.inputs);
  add(input_tokens, other.input_tokens);
  add(output_tokens, other.output_tokens);
  add(compute_microseconds, other.compute_microseconds);
  return *this;
}

std::int64_t micro_usd(PicoUsd cost) {
  constexpr PicoUsd k_pico_per_micro = 1'000'000;
  auto whole = cost / k_pico_per_micro;
  auto rest = cost % k_pico_per_micro;
  if (rest < 0) {
    rest += k_pico_per_micro;
    --whole;
  }
  return whole + (rest >= k_pico_per_micro / 2 ? 1 : 0);
}

}  // namespace jvmm::inference
