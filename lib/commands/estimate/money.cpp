#include "commands/estimate/money.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace jvmm::commands {
namespace {

constexpr auto k_most = std::numeric_limits<PicoUsd>::max();
constexpr PicoUsd k_cent = 10'000'000'000;

}  // namespace

PicoUsd plus(PicoUsd a, PicoUsd b) {
  return a > k_most - b ? k_most : a + b;
}

PicoUsd times(PicoUsd price, std::uint64_t count) {
  return inference::Price{.per_request = price}.cost({.requests = count});
}

PicoUsd divided(PicoUsd cost, std::uint64_t parts) {
  auto const whole = static_cast<std::uint64_t>(cost);
  auto const rest = whole % parts;
  return static_cast<PicoUsd>(whole / parts + (rest >= parts - rest ? 1 : 0));
}

PicoUsd percent_of(PicoUsd cost, unsigned percent) {
  return plus(times(cost / 100, percent), (cost % 100 * static_cast<PicoUsd>(percent) + 50) / 100);
}

PicoUsd to_cents(PicoUsd cost) {
  return times(k_cent, static_cast<std::uint64_t>(cost / k_cent + (cost % k_cent >= k_cent / 2 ? 1 : 0)));
}

std::uint64_t ceil_ratio(PicoUsd whole, PicoUsd part) {
  return static_cast<std::uint64_t>(whole / part + (whole % part > 0 ? 1 : 0));
}

double as_usd(PicoUsd cost) {
  return static_cast<double>(cost) / 1e12;
}

std::string dollars(PicoUsd cost) {
  if (cost > 0 && cost < k_cent) return "<$0.01";
  auto const cents = to_cents(cost) / k_cent;
  return fmt::format("${}.{:02}", cents / 100, cents % 100);
}

std::string unit_dollars(PicoUsd cost) {
  if (cost == 0) return "$0";
  auto const usd = as_usd(cost);
  auto const decimals = std::clamp(2 - static_cast<int>(std::floor(std::log10(usd))), 2, 12);
  auto text = fmt::format("${:.{}f}", usd, decimals);
  while (text.ends_with('0') && text.size() - text.find('.') > 3)
    text.pop_back();
  return text;
}

}  // namespace jvmm::commands
