#include "stage/retry.hpp"

#include <algorithm>
#include <thread>

namespace jvmm::stage {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds k_stop_check{50};

}  // namespace

Retrier::Retrier(RetryPolicy policy, Clock const& clock, log::Logger& log, StopToken const& stop)
    : m_policy(policy), m_clock(clock), m_log(log), m_stop(stop), m_random(std::random_device{}()) {}

bool Retrier::may_retry(Error const& error, int attempt, SteadyTime start) const {
  return retryable(error.kind()) && attempt < m_policy.attempts && m_clock.steady_now() - start < m_policy.budget;
}

void Retrier::wait_before(int attempt, Error const& error) {
  ++m_retries;
  auto const doubled = m_policy.first * (1 << std::min(attempt - 1, 16));
  auto const longest = std::min<milliseconds>(doubled, m_policy.longest);
  auto const shortened = std::uniform_int_distribution<std::int64_t>(longest.count() / 2, longest.count())(m_random);
  m_log.warn("{}; trying again in {} ms", error.what(), shortened);
  for (milliseconds left(shortened); left.count() > 0 && m_stop.reason() != StopReason::signal; left -= k_stop_check)
    std::this_thread::sleep_for(std::min(left, k_stop_check));
}

}  // namespace jvmm::stage
