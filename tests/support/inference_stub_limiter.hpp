#pragma once

#include <algorithm>
#include <chrono>
#include <optional>

#include "support/inference_stub.hpp"

namespace jvmm::testing::stub {

/// So many requests a second. One thread.
class Limiter {
 public:
  explicit Limiter(StubRateLimit const& limit)
      : m_limit(limit), m_burst(limit.burst > 0 ? limit.burst : std::max(1.0, limit.per_second)), m_tokens(m_burst) {}

  /// Counts a request; if it is one too many, the seconds until one is welcome.
  std::optional<double> refuse(std::chrono::steady_clock::time_point now) {
    if (m_limit.per_second <= 0) return std::nullopt;
    return m_limit.mode == StubRateLimit::Mode::token_bucket ? refuse_by_bucket(now) : refuse_by_window(now);
  }

 private:
  using Seconds = std::chrono::duration<double>;

  std::optional<double> refuse_by_bucket(std::chrono::steady_clock::time_point now) {
    m_tokens = std::min(m_burst, m_tokens + Seconds(now - m_since).count() * m_limit.per_second);
    m_since = now;
    if (m_tokens < 1) return (1 - m_tokens) / m_limit.per_second;
    m_tokens -= 1;
    return std::nullopt;
  }

  std::optional<double> refuse_by_window(std::chrono::steady_clock::time_point now) {
    if (now - m_since >= std::chrono::seconds(1)) m_since = now, m_tokens = m_limit.per_second;
    if (m_tokens < 1) return 1 - Seconds(now - m_since).count();
    m_tokens -= 1;
    return std::nullopt;
  }

  StubRateLimit m_limit;
  double m_burst, m_tokens;
  std::chrono::steady_clock::time_point m_since{};
};

}  // namespace jvmm::testing::stub
