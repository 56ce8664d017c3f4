#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/stop_token.hpp"
#include "inference/remote/aimd.hpp"
#include "inference/remote/circuit_breaker.hpp"
#include "inference/remote/verdict.hpp"

namespace jvmm::inference {

/// Whether there is somebody else to ask. Who is patient waits for an open breaker's probe, and for as long as the
/// budget for outages allows; who is not, ten seconds at most.
enum class Patience { none, all };

struct GateOptions {
  AimdLimit::Options limit;
  std::chrono::milliseconds outage_budget{120'000};  ///< from the first failure without a success in between
  std::optional<SteadyTime> run_deadline;            ///< ends every wait
};

/// Who may send to one service now: as many at once as it bears, none while it asks for a pause, none but a probe while
/// it is down, none at all once it is stopped. **Threads**: safe.
class Gate {
 public:
  /// `stop` ends every wait.
  Gate(GateOptions options, Clock const& clock, StopToken const& stop);

  /// Waits for a place. **Throws** what the service was stopped with; stopped (a signal, the run's time); unavailable
  /// or rate_limited: the budget for outages is spent, or the breaker is open and there is no patience.
  void enter(Patience patience);

  /// Gives the place back with what came of it.
  void leave_with_success(std::chrono::duration<double> latency);
  void leave_with(Verdict const& verdict);

  /// Waits without holding a place. **Throws** stopped.
  void sleep(std::chrono::milliseconds duration);

  /// For the rest of the run. The first error stays.
  void stop_service(Error error);

  std::size_t limit() const;
  CircuitBreaker::State breaker() const;

 private:
  void check_stopped();
  std::optional<SteadyTime> give_up_at(Patience patience) const;
  Error no_place() const;
  void wait(std::unique_lock<std::mutex>& lock, SteadyTime until);

  GateOptions m_options;
  Clock const& m_clock;
  StopToken const& m_stop;
  mutable std::mutex m_mutex;
  std::condition_variable m_changed;
  AimdLimit m_limit;
  CircuitBreaker m_breaker;
  std::size_t m_inside = 0;
  SteadyTime m_paused_until{};
  std::optional<SteadyTime> m_failing_since;
  std::string m_last_reason;
  Kind m_last_kind = Kind::unavailable;
  std::optional<Error> m_stopped;
};

}  // namespace jvmm::inference
