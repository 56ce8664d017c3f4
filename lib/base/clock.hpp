#pragma once

#include <chrono>
#include <string>

namespace jvmm {

using SystemTime = std::chrono::system_clock::time_point;
using SteadyTime = std::chrono::steady_clock::time_point;

/// The time, as far as behaviour depends on it. Tests bring their own. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual SystemTime now() const = 0;
  virtual SteadyTime steady_now() const = 0;
};

/// The machine's clock.
Clock const& system_clock();

/// UTC with offset and milliseconds, "2026-11-01T00:00:00.000+00:00".
std::string iso8601(SystemTime time);

}  // namespace jvmm
