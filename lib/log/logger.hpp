#pragma once

#include <fmt/format.h>

#include <cstdio>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/ids.hpp"

namespace jvmm::log {

enum class Level { error, warn, info, debug };
enum class Format { text, json };

std::string_view name(Level level);
std::optional<Level> parse_level(std::string_view text);
std::optional<Format> parse_format(std::string_view text);

/// Writes events to one stream (stderr in the program), a line each: time, level, run id once there is one, message.
/// As text for people, as a JSON object for machines. Thread-safe; a line is never torn.
class Logger {
 public:
  Logger(std::FILE* stream, Level level, Format format, Clock const& clock);

  /// From now on every line carries this run id.
  void set_run(std::optional<RunId> run);
  bool enabled(Level level) const { return level <= m_level; }
  Format format() const { return m_format; }
  std::FILE* stream() const { return m_stream; }

  template <class... T>
  void error(fmt::format_string<T...> format, T&&... values) {
    write(Level::error, format, fmt::make_format_args(values...));
  }
  template <class... T>
  void warn(fmt::format_string<T...> format, T&&... values) {
    write(Level::warn, format, fmt::make_format_args(values...));
  }
  template <class... T>
  void info(fmt::format_string<T...> format, T&&... values) {
    write(Level::info, format, fmt::make_format_args(values...));
  }
  template <class... T>
  void debug(fmt::format_string<T...> format, T&&... values) {
    write(Level::debug, format, fmt::make_format_args(values...));
  }

  /// Draws `line` in place of the last status line of a terminal; the next event or `clear_status` takes it away.
  void status(std::string_view line);
  void clear_status();

 private:
  void write(Level level, fmt::string_view format, fmt::format_args values);
  void erase_status_locked();

  std::FILE* m_stream;
  Level m_level;
  Format m_format;
  Clock const& m_clock;
  std::mutex m_mutex;
  std::optional<RunId> m_run;
  bool m_status_shown = false;
};

}  // namespace jvmm::log
