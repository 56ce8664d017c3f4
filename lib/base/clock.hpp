#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

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

/// Reads date, time and offset: "2026-11-01T08:30:00.25+02:00". T may be a blank, the offset "Z", "+02" or "+0200", the
/// fraction has 1 to 9 digits. Anything else, and a day that does not exist, is absent. What lies before 1800 or after
/// 2200 is taken as that end, so that differences fit SystemTime's nanoseconds.
std::optional<SystemTime> parse_iso8601(std::string_view text);

}  // namespace jvmm
