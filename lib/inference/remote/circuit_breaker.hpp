#pragma once

#include <chrono>
#include <deque>

#include "base/clock.hpp"

namespace jvmm::inference {

/// Keeps requests from a service that is down. Opens after five outages in a row, or when more than half of the last
/// twenty were; then, after 15 s doubling to 5 min, lets one request through (half-open), which closes it again or not.
/// Not thread-safe.
class CircuitBreaker {
 public:
  enum class State { closed, open, half_open };

  State state() const { return m_state; }

  /// Whether a request may be sent now. In the half-open state to the first who asks only.
  bool admits(SteadyTime now);

  /// When an open breaker lets its probe through.
  SteadyTime opens_at() const { return m_opens_at; }

  void on_success();
  void on_outage(SteadyTime now);

  /// The probe came to nothing that says anything: the next may probe.
  void on_neither();

 private:
  void open(SteadyTime now);

  State m_state = State::closed;
  int m_in_a_row = 0;
  std::deque<bool> m_last;
  std::chrono::seconds m_pause{0};
  SteadyTime m_opens_at{};
  bool m_probing = false;
};

}  // namespace jvmm::inference
