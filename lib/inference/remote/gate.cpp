#include "inference/remote/gate.hpp"

#include <algorithm>

namespace jvmm::inference {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds k_stop_check{50};
constexpr milliseconds k_impatient{10'000};
constexpr milliseconds k_margin{5};  ///< clocks differ; a request that comes too early costs another pause

}  // namespace

Gate::Gate(GateOptions options, Clock const& clock, StopToken const& stop)
    : m_options(options), m_clock(clock), m_stop(stop), m_limit(options.limit) {}

void Gate::enter(Patience patience) {
  std::unique_lock lock(m_mutex);
  for (;;) {
    check_stopped();
    auto const now = m_clock.steady_now();
    auto until = m_paused_until;
    if (now >= m_paused_until) {
      if (m_inside < m_limit.limit() && m_breaker.admits(now)) break;
      bool const down = m_breaker.state() != CircuitBreaker::State::closed;
      if (down && patience == Patience::none) throw no_place();
      until = m_breaker.state() == CircuitBreaker::State::open ? m_breaker.opens_at() : now;
    }
    auto const give_up = give_up_at(patience);
    if (give_up && (now >= *give_up || until > *give_up)) throw no_place();
    wait(lock, until > now ? until : now + k_stop_check);
  }
  ++m_inside;
}

void Gate::leave_with_success(std::chrono::duration<double> latency) {
  std::lock_guard const lock(m_mutex);
  --m_inside;
  m_limit.on_success(latency);
  m_breaker.on_success();
  m_failing_since.reset();
  m_changed.notify_all();
}

void Gate::leave_with(Verdict const& verdict) {
  std::lock_guard const lock(m_mutex);
  --m_inside;
  auto const now = m_clock.steady_now();
  if (verdict.congested) m_limit.on_congestion();
  verdict.outage ? m_breaker.on_outage(now) : m_breaker.on_neither();
  if ((verdict.outage || verdict.congested || verdict.wait) && !m_failing_since) m_failing_since = now;
  if (verdict.wait) m_paused_until = std::max(m_paused_until, now + *verdict.wait + k_margin);
  m_last_reason = verdict.reason;
  m_last_kind = verdict.kind;
  m_changed.notify_all();
}

void Gate::sleep(milliseconds duration) {
  std::unique_lock lock(m_mutex);
  auto const until = m_clock.steady_now() + duration;
  while (m_clock.steady_now() < until) {
    check_stopped();
    wait(lock, until);
  }
}

void Gate::stop_service(Error error) {
  std::lock_guard const lock(m_mutex);
  if (!m_stopped) m_stopped = std::move(error);
  m_changed.notify_all();
}

std::size_t Gate::limit() const {
  std::lock_guard const lock(m_mutex);
  return m_limit.limit();
}

CircuitBreaker::State Gate::breaker() const {
  std::lock_guard const lock(m_mutex);
  return m_breaker.state();
}

void Gate::check_stopped() {
  if (m_stopped) throw *m_stopped;
  auto const reason = m_stop.reason();
  bool const over = m_options.run_deadline && m_clock.steady_now() >= *m_options.run_deadline;
  if (over || (reason != StopReason::none && reason != StopReason::row_limit))
    throw Error(Kind::stopped, over ? "the run's time is over" : "the run is being stopped");
}

std::optional<SteadyTime> Gate::give_up_at(Patience patience) const {
  if (!m_failing_since) return std::nullopt;
  auto const budget =
      patience == Patience::all ? m_options.outage_budget : std::min(m_options.outage_budget, k_impatient);
  return *m_failing_since + budget;
}

Error Gate::no_place() const {
  return Error(m_last_kind == Kind::rate_limited ? Kind::rate_limited : Kind::unavailable,
               m_last_reason.empty() ? "no place among the requests under way" : m_last_reason);
}

/// A signal cannot notify, so it is looked for.
void Gate::wait(std::unique_lock<std::mutex>& lock, SteadyTime until) {
  m_changed.wait_until(lock, std::min(until, m_clock.steady_now() + k_stop_check));
}

}  // namespace jvmm::inference
