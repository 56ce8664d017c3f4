#include "base/error.hpp"

#include <array>
#include <utility>

namespace jvmm {

std::span<Kind const> all_kinds() {
  static constexpr std::array k_kinds{
      Kind::usage,        Kind::bad_input,  Kind::missing_input, Kind::unavailable,   Kind::conflict,
      Kind::internal,     Kind::local_io,   Kind::stopped,       Kind::lease_held,    Kind::rate_limited,
      Kind::budget_spent, Kind::bad_answer, Kind::refused,       Kind::configuration,
  };
  return k_kinds;
}

std::string_view name(Kind kind) {
  switch (kind) {
    case Kind::usage:
      return "usage";
    case Kind::bad_input:
      return "bad_input";
    case Kind::missing_input:
      return "missing_input";
    case Kind::unavailable:
      return "unavailable";
    case Kind::conflict:
      return "conflict";
    case Kind::internal:
      return "internal";
    case Kind::local_io:
      return "local_io";
    case Kind::stopped:
      return "stopped";
    case Kind::lease_held:
      return "lease_held";
    case Kind::rate_limited:
      return "rate_limited";
    case Kind::budget_spent:
      return "budget_spent";
    case Kind::bad_answer:
      return "bad_answer";
    case Kind::refused:
      return "refused";
    case Kind::configuration:
      return "configuration";
  }
  return "unknown";
}

int exit_code(Kind kind) {
  switch (kind) {
    case Kind::usage:
      return 64;
    case Kind::bad_input:
      return 65;
    case Kind::missing_input:
      return 66;
    case Kind::unavailable:
      return 69;
    case Kind::conflict:
      return 69;
    case Kind::internal:
      return 70;
    case Kind::local_io:
      return 74;
    case Kind::stopped:
      return 75;
    case Kind::lease_held:
      return 75;
    case Kind::rate_limited:
      return 75;
    case Kind::budget_spent:
      return 75;
    case Kind::bad_answer:
      return 76;
    case Kind::refused:
      return 77;
    case Kind::configuration:
      return 78;
  }
  return 70;
}

bool retryable(Kind kind) {
  switch (kind) {
    case Kind::unavailable:
    case Kind::conflict:
    case Kind::rate_limited:
      return true;
    case Kind::usage:
    case Kind::bad_input:
    case Kind::missing_input:
    case Kind::internal:
    case Kind::local_io:
    case Kind::stopped:
    case Kind::lease_held:
    case Kind::budget_spent:
    case Kind::bad_answer:
    case Kind::refused:
    case Kind::configuration:
      return false;
  }
  return false;
}

Error::Error(Kind kind, std::string message) : m_kind(kind), m_message(std::move(message)) {
  render();
}

Error& Error::context(std::string what) & {
  m_contexts.push_back(std::move(what));
  render();
  return *this;
}

Error&& Error::context(std::string what) && {
  return std::move(context(std::move(what)));
}

Error& Error::hint(std::string next_step) & {
  m_hint = std::move(next_step);
  render();
  return *this;
}

Error&& Error::hint(std::string next_step) && {
  return std::move(hint(std::move(next_step)));
}

void Error::render() {
  m_what = m_message;
  for (auto const& context : m_contexts)
    m_what += ", " + context;
  if (!m_hint.empty()) m_what += "; " + m_hint;
}

}  // namespace jvmm
