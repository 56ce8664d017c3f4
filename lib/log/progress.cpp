#include "log/progress.hpp"

#include <unistd.h>

#include <cmath>
#include <utility>

namespace jvmm::log {
namespace {

constexpr std::chrono::seconds k_terminal_interval{1};
constexpr std::chrono::seconds k_log_interval{30};

}  // namespace

std::optional<ProgressMode> parse_progress_mode(std::string_view text) {
  if (text == "auto") return ProgressMode::automatic;
  if (text == "always") return ProgressMode::always;
  if (text == "never") return ProgressMode::never;
  return std::nullopt;
}

std::string short_duration(double seconds) {
  if (!std::isfinite(seconds) || seconds < 0) return "?";
  auto const whole = static_cast<std::uint64_t>(std::llround(seconds));
  if (whole < 60) return fmt::format("{}s", whole);
  if (whole < 3600) return fmt::format("{}m {:02}s", whole / 60, whole % 60);
  return fmt::format("{}h {:02}m", whole / 3600, whole % 3600 / 60);
}

std::string progress_line(std::string_view label, ProgressCounts counts, std::optional<std::uint64_t> total,
                          double elapsed_seconds) {
  double const rate = elapsed_seconds > 0 ? static_cast<double>(counts.done) / elapsed_seconds : 0;
  auto line = fmt::format("{}  {}", label, counts.done);
  if (total && *total > 0) line += fmt::format("/{} {}%", *total, 100 * counts.done / *total);
  line += rate >= 10 ? fmt::format("  {:.0f} rows/s", rate) : fmt::format("  {:.1f} rows/s", rate);
  if (total && *total >= counts.done && rate > 0)
    line += "  eta " + short_duration(static_cast<double>(*total - counts.done) / rate);
  if (counts.failed > 0) line += fmt::format("  failed {}", counts.failed);
  if (counts.retried > 0) line += fmt::format("  retried {}", counts.retried);
  return line;
}

Progress::Progress(Logger& logger, Clock const& clock, ProgressMode mode, std::string label,
                   std::optional<std::uint64_t> total)
    : m_logger(logger),
      m_clock(clock),
      m_on_terminal(logger.format() == Format::text &&
                    (mode == ProgressMode::always || isatty(fileno(logger.stream())) == 1)),
      m_enabled(mode != ProgressMode::never),
      m_label(std::move(label)),
      m_total(total),
      m_start(clock.steady_now()),
      m_next(m_start + (m_on_terminal ? k_terminal_interval : k_log_interval)) {}

Progress::~Progress() {
  if (m_enabled && m_on_terminal) m_logger.clear_status();
}

void Progress::update(ProgressCounts counts) {
  if (!m_enabled) return;
  std::lock_guard const lock(m_mutex);
  auto const now = m_clock.steady_now();
  if (now < m_next) return;
  auto const line = progress_line(m_label, counts, m_total, std::chrono::duration<double>(now - m_start).count());
  if (m_on_terminal) {
    m_logger.status(line);
    m_next = now + k_terminal_interval;
  } else {
    m_logger.info("{}", line);
    m_next = now + k_log_interval;
  }
}

}  // namespace jvmm::log
