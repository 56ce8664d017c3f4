#include <limits>

#include "inference/prices.hpp"

namespace jvmm::inference {
namespace {

void add(std::uint64_t& sum, std::uint64_t value) {
  if (__builtin_add_overflow(sum, value, &sum)) sum = std::numeric_limits<std::uint64_t>::max();
}

}  // namespace

std::int64_t micro_usd(PicoUsd cost) {
  constexpr PicoUsd k_pico_in_micro = 1'000'000;
  auto whole = cost / k_pico_in_micro;
  auto rest = cost % k_pico_in_micro;
  if (rest < 0) {
    rest += k_pico_in_micro;
    --whole;
  }
  return whole + (rest >= k_pico_in_micro / 2 ? 1 : 0);
}

Metered& Metered::operator+=(Metered const& other) {
  add(requests, other.requests);
  add(inputs, other.inputs);
  add(input_tokens, other.input_tokens);
  add(output_tokens, other.output_tokens);
  add(compute_microseconds, other.compute_microseconds);
  return *this;
}

}  // namespace jvmm::inference
