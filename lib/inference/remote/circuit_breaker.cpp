#include "inference/remote/circuit_breaker.hpp"

#include <algorithm>

namespace jvmm::inference {
namespace {

using std::chrono::seconds;

constexpr int k_in_a_row = 5;
constexpr std::size_t k_remembered = 20;
constexpr seconds k_first_pause{15}, k_longest_pause{300};

}  // namespace

bool CircuitBreaker::admits(SteadyTime now) {
  if (m_state == State::closed) return true;
  if (m_state == State::open && now >= m_opens_at) m_state = State::half_open;
  if (m_state == State::open || m_probing) return false;
  m_probing = true;
  return true;
}

void CircuitBreaker::on_success() {
  m_in_a_row = 0;
  m_probing = false;
  if (m_state != State::closed) {
    m_state = State::closed;
    m_last.clear();
    m_pause = seconds(0);
  }
  m_last.push_back(true);
  if (m_last.size() > k_remembered) m_last.pop_front();
}

void CircuitBreaker::on_outage(SteadyTime now) {
  bool const was_probe = m_state == State::half_open;
  m_probing = false;
  ++m_in_a_row;
  m_last.push_back(false);
  if (m_last.size() > k_remembered) m_last.pop_front();
  auto const outages = static_cast<std::size_t>(std::count(m_last.begin(), m_last.end(), false));
  bool const too_many = m_last.size() == k_remembered && outages > k_remembered / 2;
  if (was_probe || (m_state == State::closed && (m_in_a_row >= k_in_a_row || too_many))) open(now);
}

void CircuitBreaker::on_neither() {
  m_probing = false;
}

void CircuitBreaker::open(SteadyTime now) {
  m_pause = m_pause.count() == 0 ? k_first_pause : std::min(m_pause * 2, k_longest_pause);
  m_state = State::open;
  m_opens_at = now + m_pause;
}

}  // namespace jvmm::inference
