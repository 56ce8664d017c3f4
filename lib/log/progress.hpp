#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "log/logger.hpp"

namespace jvmm::log {

/// When progress is shown: automatically (a status line on a terminal, a log line every 30 s elsewhere), always (as on
/// a terminal), or never.
enum class ProgressMode { automatic, always, never };

std::optional<ProgressMode> parse_progress_mode(std::string_view text);

struct ProgressCounts {
  std::uint64_t done = 0;
  std::uint64_t failed = 0;
  std::uint64_t retried = 0;
};

/// "embed  1200/3143 38%  41 rows/s  eta 47s  failed 2  retried 5". Without a total the share and the ETA are left out.
std::string progress_line(std::string_view label, ProgressCounts counts, std::optional<std::uint64_t> total,
                          double elapsed_seconds);

/// "47s", "3m 05s", "2h 10m". Negative or not finite: "?".
std::string short_duration(double seconds);

/// Shows how far a batch job has come, at most once a second on a terminal. Thread-safe.
class Progress {
 public:
  Progress(Logger& logger, Clock const& clock, ProgressMode mode, std::string label,
           std::optional<std::uint64_t> total);
  ~Progress();
  Progress(Progress const&) = delete;
  Progress& operator=(Progress const&) = delete;

  void update(ProgressCounts counts);

 private:
  Logger& m_logger;
  Clock const& m_clock;
  bool m_on_terminal;
  bool m_enabled;
  std::string m_label;
  std::optional<std::uint64_t> m_total;
  std::mutex m_mutex;
  SteadyTime m_start;
  SteadyTime m_next;
};

}  // namespace jvmm::log
