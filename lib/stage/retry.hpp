#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <random>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/stop_token.hpp"
#include "log/logger.hpp"

namespace jvmm::stage {

/// How long an outage is waited out. Delays double from `first` to `longest`, each shortened by a random part of up to
/// a half, so that many workers do not come back at once.
struct RetryPolicy {
  std::chrono::milliseconds budget{60'000};  ///< from the first failure to giving up
  int attempts = 10;
  std::chrono::milliseconds first{200};
  std::chrono::milliseconds longest{10'000};
};

/// Runs something again while it fails with a retryable kind. Not for commits in doubt: those are no Error.
/// **Threads**: one thread.
class Retrier {
 public:
  Retrier(RetryPolicy policy, Clock const& clock, log::Logger& log, StopToken const& stop);

  /// `operation`, and before each repetition `recover`. What `recover` throws is treated like a failure of the
  /// operation. **Throws** the last error once attempts or time are spent or if it is not retryable; stopped
  /// where a signal asked for it meanwhile.
  template <class F>
  auto operator()(F&& operation, std::function<void()> const& recover) {
    auto const start = m_clock.steady_now();
    for (int attempt = 1;; ++attempt) {
      try {
        if (attempt > 1) recover();
        return operation();
      } catch (Error const& error) {
        if (retryable(error.kind()) && m_stop.reason() == StopReason::signal)
          throw Error(Kind::stopped, error.message()).hint("stopped while waiting; the same command goes on");
        if (!may_retry(error, attempt, start)) throw;
        wait_before(attempt, error);
      }
    }
  }

  std::uint64_t retries() const { return m_retries; }

 private:
  bool may_retry(Error const& error, int attempt, SteadyTime start) const;
  void wait_before(int attempt, Error const& error);

  RetryPolicy m_policy;
  Clock const& m_clock;
  log::Logger& m_log;
  StopToken const& m_stop;
  std::minstd_rand m_random;
  std::uint64_t m_retries = 0;
};

}  // namespace jvmm::stage
