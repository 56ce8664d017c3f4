#pragma once

#include "base/clock.hpp"

namespace jvmm::test {

/// A clock that stands still until a test moves it. Starts at 2026-11-01T00:00:00Z.
class FakeClock final : public Clock {
 public:
  SystemTime now() const override { return m_now; }
  SteadyTime steady_now() const override { return m_steady; }

  void advance(std::chrono::milliseconds by) {
    m_now += by;
    m_steady += by;
  }

 private:
  SystemTime m_now{std::chrono::seconds(1793491200)};
  SteadyTime m_steady{};
};

}  // namespace jvmm::test
