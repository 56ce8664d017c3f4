#include "inference/remote/aimd.hpp"

#include <algorithm>
#include <vector>

namespace jvmm::inference {
namespace {

constexpr double k_decrease = 0.7;
constexpr double k_slow_factor = 2;
constexpr double k_slow_seconds = 0.2;  ///< below this it is noise of a busy machine
constexpr std::size_t k_latencies = 9;

}  // namespace

AimdLimit::AimdLimit(Options options)
    : m_limit(
          static_cast<double>(std::clamp<std::size_t>(options.start, 1, std::max<std::size_t>(options.ceiling, 1)))),
      m_ceiling(static_cast<double>(std::max<std::size_t>(options.ceiling, 1))) {}

std::size_t AimdLimit::limit() const {
  return static_cast<std::size_t>(m_limit);
}

void AimdLimit::on_success(std::chrono::duration<double> latency) {
  ++m_since_cut;
  m_lowest = std::min(m_lowest, latency.count());
  m_latencies.push_back(latency.count());
  if (m_latencies.size() > k_latencies) m_latencies.pop_front();
  if (is_slow()) return on_congestion();
  m_limit = std::min(m_ceiling, m_limit + (m_was_cut ? 1 / m_limit : 1));
}

void AimdLimit::on_congestion() {
  // What was under way when the limit was cut says nothing about the new limit.
  if (m_was_cut && m_since_cut < limit()) {
    ++m_since_cut;
    return;
  }
  cut();
}

void AimdLimit::cut() {
  m_limit = std::max(1.0, m_limit * k_decrease);
  m_was_cut = true;
  m_since_cut = 0;
  m_latencies.clear();
}

bool AimdLimit::is_slow() const {
  if (m_latencies.size() < k_latencies) return false;
  std::vector<double> sorted(m_latencies.begin(), m_latencies.end());
  std::nth_element(sorted.begin(), sorted.begin() + k_latencies / 2, sorted.end());
  auto const median = sorted[k_latencies / 2];
  return median > k_slow_factor * m_lowest && median > m_lowest + k_slow_seconds;
}

}  // namespace jvmm::inference
