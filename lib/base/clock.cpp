#include "base/clock.hpp"

#include <fmt/chrono.h>

namespace jvmm {
namespace {

class SystemClock final : public Clock {
 public:
  SystemTime now() const override { return std::chrono::system_clock::now(); }
  SteadyTime steady_now() const override { return std::chrono::steady_clock::now(); }
};

}  // namespace

Clock const& system_clock() {
  static SystemClock const clock;
  return clock;
}

std::string iso8601(SystemTime time) {
  auto const seconds = std::chrono::floor<std::chrono::seconds>(time);
  auto const millis = std::chrono::duration_cast<std::chrono::milliseconds>(time - seconds).count();
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03d}+00:00", fmt::gmtime(std::chrono::system_clock::to_time_t(seconds)),
                     millis);
}

}  // namespace jvmm
