#include "base/clock.hpp"

#include <fmt/chrono.h>

#include <algorithm>
#include <charconv>

namespace jvmm {
namespace {

class SystemClock final : public Clock {
 public:
  SystemTime now() const override { return std::chrono::system_clock::now(); }
  SteadyTime steady_now() const override { return std::chrono::steady_clock::now(); }
};

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::chrono::sys_days k_earliest = std::chrono::year(1800) / 1 / 1;
constexpr std::chrono::sys_days k_latest = std::chrono::year(2200) / 1 / 1;

/// What has not been read yet, from the front; every step is absent where the text goes on otherwise.
struct Remaining {
  std::string_view text;

  bool take(std::string_view any_of) {
    if (text.empty() || any_of.find(text.front()) == std::string_view::npos) return false;
    text.remove_prefix(1);
    return true;
  }

  std::optional<int> number(std::size_t digits, int most) {
    if (digits == 0 || text.size() < digits || text.front() == '-') return std::nullopt;
    int value = 0;
    auto const* const last = text.data() + digits;
    auto const [end, error] = std::from_chars(text.data(), last, value);
    if (error != std::errc() || end != last || value > most) return std::nullopt;
    text.remove_prefix(digits);
    return value;
  }
};

std::optional<std::chrono::sys_days> take_date(Remaining& rest) {
  auto const year = rest.number(4, 9999);
  if (!year || !rest.take("-")) return std::nullopt;
  auto const month = rest.number(2, 12);
  if (!month || !rest.take("-")) return std::nullopt;
  auto const day = rest.number(2, 31);
  if (!day) return std::nullopt;
  std::chrono::year_month_day const date(std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day)));
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date);
}

std::optional<std::chrono::nanoseconds> take_fraction(Remaining& rest) {
  if (!rest.take(".")) return std::chrono::nanoseconds(0);
  auto const digits = std::min(rest.text.find_first_not_of("0123456789"), rest.text.size());
  if (digits > 9) return std::nullopt;
  auto const value = rest.number(digits, 999'999'999);
  if (!value) return std::nullopt;
  std::int64_t nanoseconds = *value;
  for (auto i = digits; i < 9; ++i)
    nanoseconds *= 10;
  return std::chrono::nanoseconds(nanoseconds);
}

std::optional<std::chrono::nanoseconds> take_time_of_day(Remaining& rest) {
  auto const hour = rest.number(2, 23);
  if (!hour || !rest.take(":")) return std::nullopt;
  auto const minute = rest.number(2, 59);
  if (!minute || !rest.take(":")) return std::nullopt;
  auto const second = rest.number(2, 60);
  auto const fraction = take_fraction(rest);
  if (!second || !fraction) return std::nullopt;
  return hours(*hour) + minutes(*minute) + seconds(*second) + *fraction;
}

std::optional<minutes> take_offset(Remaining& rest) {
  if (rest.take("Z")) return minutes(0);
  bool const west = !rest.text.empty() && rest.text.front() == '-';
  if (!rest.take("+-")) return std::nullopt;
  auto const hour = rest.number(2, 23);
  if (!hour) return std::nullopt;
  minutes offset = hours(*hour);
  if (!rest.text.empty()) {
    rest.take(":");
    auto const minute = rest.number(2, 59);
    if (!minute) return std::nullopt;
    offset += minutes(*minute);
  }
  return west ? -offset : offset;
}

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

std::optional<SystemTime> parse_iso8601(std::string_view text) {
  Remaining rest{text};
  auto const date = take_date(rest);
  if (!date || !rest.take("T ")) return std::nullopt;
  auto const time = take_time_of_day(rest);
  if (!time) return std::nullopt;
  auto const offset = take_offset(rest);
  if (!offset || !rest.text.empty()) return std::nullopt;
  if (*date < k_earliest) return k_earliest;
  if (*date >= k_latest) return k_latest;
  return *date + *time - *offset;
}

}  // namespace jvmm
