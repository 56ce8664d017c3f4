#include "support/inference_stub_faults.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <stdexcept>
#include <utility>

namespace jvmm::testing {
namespace {

template <class T>
using Names = std::pair<std::string_view, T>;

constexpr std::array k_damages = std::to_array<Names<Damage>>({
    {"wrong_dims", Damage::wrong_dims},
    {"nan_text", Damage::nan_text},
    {"infinite", Damage::infinite},
    {"null_element", Damage::null_element},
    {"zero_vector", Damage::zero_vector},
    {"tiny_vector", Damage::tiny_vector},
    {"text_element", Damage::text_element},
    {"reordered", Damage::reordered},
    {"missing", Damage::missing},
    {"surplus", Damage::surplus},
    {"repeated_index", Damage::repeated_index},
    {"offsets_beyond", Damage::offsets_beyond},
    {"invalid_utf8", Damage::invalid_utf8},
    {"truncated_json", Damage::truncated_json},
    {"trailing_garbage", Damage::trailing_garbage},
    {"error_in_200", Damage::error_in_200},
    {"html_in_200", Damage::html_in_200},
    {"empty_in_200", Damage::empty_in_200},
    {"null_in_200", Damage::null_in_200},
    {"deep_nesting", Damage::deep_nesting},
    {"wrong_type", Damage::wrong_type},
    {"gzip", Damage::gzip},
    {"gzip_broken", Damage::gzip_broken},
    {"gzip_bomb", Damage::gzip_bomb},
});

constexpr std::array k_wires = std::to_array<Names<Wire>>({
    {"reset_before_reading", Wire::reset_before_reading},
    {"reset_after_reading", Wire::reset_after_reading},
    {"reset_after_headers", Wire::reset_after_headers},
    {"reset_in_body", Wire::reset_in_body},
    {"close_in_body", Wire::close_in_body},
    {"length_too_long", Wire::length_too_long},
    {"length_too_short", Wire::length_too_short},
    {"drip", Wire::drip},
    {"hang", Wire::hang},
    {"hang_in_body", Wire::hang_in_body},
    {"garbage", Wire::garbage},
    {"endless_headers", Wire::endless_headers},
});

constexpr std::array k_forms = std::to_array<Names<ErrorForm>>({
    {"own", ErrorForm::own},
    {"string", ErrorForm::string},
    {"typed", ErrorForm::typed},
    {"array", ErrorForm::array},
    {"object", ErrorForm::object},
    {"flat", ErrorForm::flat},
    {"detail", ErrorForm::detail},
    {"text", ErrorForm::text},
    {"html", ErrorForm::html},
    {"empty", ErrorForm::empty},
    {"truncated", ErrorForm::truncated},
});

constexpr std::array k_hints = std::to_array<Names<RetryHint>>({
    {"none", RetryHint::none},
    {"seconds", RetryHint::seconds},
    {"http_date", RetryHint::http_date},
    {"rate_limit", RetryHint::rate_limit},
    {"rate_limit_unused", RetryHint::rate_limit_unused},
    {"estimated_time", RetryHint::estimated_time},
});

template <class T, std::size_t N>
T const* find(std::array<Names<T>, N> const& names, std::string_view name) {
  for (auto const& [known, value] : names)
    if (known == name) return &value;
  return nullptr;
}

template <class T, std::size_t N>
std::string list(std::array<Names<T>, N> const& names) {
  std::string out;
  for (auto const& [name, value] : names)
    out += (out.empty() ? "" : ", ") + std::string(name);
  return out;
}

template <class T, std::size_t N>
T one_of(std::array<Names<T>, N> const& names, std::string_view key, std::string_view value) {
  if (auto const* const found = find(names, value)) return *found;
  throw std::invalid_argument(fmt::format("{}={}: there are {}", key, value, list(names)));
}

template <class T>
T number(std::string_view key, std::string_view value) {
  T out{};
  auto const [end, error] = std::from_chars(value.data(), value.data() + value.size(), out);
  if (error != std::errc() || end != value.data() + value.size())
    throw std::invalid_argument(fmt::format("{}={}: expected a number", key, value));
  return out;
}

void read_at(FaultRule& rule, std::string_view value) {
  auto const dash = value.find('-');
  rule.from = number<std::uint64_t>("at", value.substr(0, dash));
  if (dash == std::string_view::npos)
    rule.to = rule.from;
  else if (dash + 1 < value.size())
    rule.to = number<std::uint64_t>("at", value.substr(dash + 1));
}

/// False if it is not one of the conditions.
bool read_condition(FaultRule& rule, std::string_view key, std::string_view value) {
  if (key == "at") return read_at(rule, value), true;
  if (key == "every") return rule.every = number<std::uint64_t>(key, value), rule.from = rule.every, true;
  if (key == "path") return rule.path = value, true;
  if (key == "text") return rule.text = value, true;
  if (key == "p") return rule.probability = number<double>(key, value), true;
  if (key == "seed") return rule.seed = number<std::uint64_t>(key, value), true;
  if (key == "times") return rule.times = number<std::uint64_t>(key, value), true;
  return false;
}

void read_part(Fault& fault, std::string_view key, std::string_view value) {
  using std::chrono::milliseconds;
  if (key == "form")
    fault.form = one_of(k_forms, key, value);
  else if (key == "message")
    fault.message = value;
  else if (key == "header")
    fault.headers.emplace_back(value);
  else if (key == "hint")
    fault.hint = one_of(k_hints, key, value);
  else if (key == "wait")
    fault.hint_seconds = number<double>(key, value);
  else if (key == "bytes")
    fault.drip_bytes = fault.bomb_bytes = number<std::size_t>(key, value);
  else if (key == "pause_ms")
    fault.drip_pause = milliseconds(number<std::int64_t>(key, value));
  else if (key == "delay_ms")
    fault.delay = milliseconds(number<std::int64_t>(key, value));
  else
    throw std::invalid_argument(
        fmt::format("'{}': expected form, message, hint, wait, header, bytes, pause_ms, delay_ms, at, every, path, "
                    "text, p, seed or times, each with =VALUE",
                    key));
}

Fault named_fault(std::string_view name) {
  if (auto const* const damage = find(k_damages, name)) return damage_fault(*damage);
  if (auto const* const wire = find(k_wires, name)) return wire_fault(*wire);
  if (name == "slow") return {};
  if (name.size() == 3 && name.find_first_not_of("0123456789") == std::string_view::npos)
    return status_fault(number<int>("status", name));
  throw std::invalid_argument(fmt::format("'{}': expected {}", name, fault_names()));
}

}  // namespace

bool Fault::any() const {
  return status != 0 || damage != Damage::none || wire != Wire::sound || delay.count() != 0;
}

std::string Fault::name() const {
  if (status != 0) return std::to_string(status);
  for (auto const& [known, value] : k_damages)
    if (value == damage) return std::string(known);
  for (auto const& [known, value] : k_wires)
    if (value == wire) return std::string(known);
  return "slow";
}

Fault status_fault(int status, ErrorForm form, std::string message) {
  Fault out;
  out.status = status;
  out.form = form;
  out.message = std::move(message);
  return out;
}

Fault retry_fault(int status, RetryHint hint, double seconds) {
  auto out = status_fault(status);
  out.hint = hint;
  out.hint_seconds = seconds;
  return out;
}

Fault damage_fault(Damage damage) {
  Fault out;
  out.damage = damage;
  return out;
}

Fault wire_fault(Wire wire) {
  Fault out;
  out.wire = wire;
  return out;
}

FaultRule parse_fault_rule(std::string_view line) {
  FaultRule out;
  auto const first = line.substr(0, line.find(','));
  out.fault = named_fault(first);
  for (auto rest = line.substr(first.size()); !rest.empty();) {
    rest.remove_prefix(1);
    auto const part = rest.substr(0, rest.find(','));
    auto const equals = part.find('=');
    auto const key = part.substr(0, equals);
    auto const value = equals == std::string_view::npos ? std::string_view() : part.substr(equals + 1);
    if (!read_condition(out, key, value)) read_part(out.fault, key, value);
    rest.remove_prefix(part.size());
  }
  if (out.every == 0) throw std::invalid_argument("every=0: expected a number from 1");
  return out;
}

std::string fault_names() {
  return fmt::format("a status such as 429, slow, {}, {}", list(k_damages), list(k_wires));
}

}  // namespace jvmm::testing
