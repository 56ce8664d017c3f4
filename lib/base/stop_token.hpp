#pragma once

#include <atomic>
#include <string_view>

namespace jvmm {

enum class StopReason : int {
  none,
  signal,
  row_limit,
  failure_limit,
  time_limit,
  request_budget,  ///< --max-requests
  cost_budget,     ///< --max-cost, or a service's credit is used up
  rate_limited,    ///< a service asked for a longer pause than there is time for
  unavailable,     ///< no service could be reached
};

/// The reason's name as it appears in summaries and JSON, such as "row_limit".
std::string_view name(StopReason reason);

/// Asks a run to stop at its next batch boundary. The first reason given stays. Thread-safe and async-signal-safe.
class StopToken {
 public:
  StopToken() = default;

  /// Stops with `whole`, of which it is a part and which must outlive it; not the other way round.
  explicit StopToken(StopToken const* whole) : m_whole(whole) {}

  void request(StopReason reason) noexcept {
    auto expected = StopReason::none;
    m_reason.compare_exchange_strong(expected, reason);
  }

  bool requested() const noexcept { return reason() != StopReason::none; }
  StopReason reason() const noexcept {
    auto const own = m_reason.load();
    return own == StopReason::none && m_whole ? m_whole->reason() : own;
  }

 private:
  std::atomic<StopReason> m_reason{StopReason::none};
  StopToken const* m_whole = nullptr;
  static_assert(std::atomic<StopReason>::is_always_lock_free, "a signal handler calls request()");
};

}  // namespace jvmm
