#include "log/logger.hpp"

#include <iterator>

namespace jvmm::log {
namespace {

/// Escapes for a JSON string; control characters become \u00XX, bytes of UTF-8 stay.
std::string json_string(std::string_view text) {
  std::string out = "\"";
  for (char const c : text) {
    auto const byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20) {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", byte);
    } else {
      out += c;
    }
  }
  return out + '"';
}

/// A message is one line: control characters from data must not forge a second event or drive the terminal.
std::string single_line(std::string_view text) {
  std::string out;
  for (char const c : text) {
    auto const byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f)
      fmt::format_to(std::back_inserter(out), "\\x{:02x}", byte);
    else
      out += c;
  }
  return out;
}

}  // namespace

std::string_view name(Level level) {
  switch (level) {
    case Level::error:
      return "error";
    case Level::warn:
      return "warn";
    case Level::info:
      return "info";
    case Level::debug:
      return "debug";
  }
  return "unknown";
}

std::optional<Level> parse_level(std::string_view text) {
  for (Level level : {Level::error, Level::warn, Level::info, Level::debug})
    if (text == name(level)) return level;
  return std::nullopt;
}

std::optional<Format> parse_format(std::string_view text) {
  if (text == "text") return Format::text;
  if (text == "json") return Format::json;
  return std::nullopt;
}

Logger::Logger(std::FILE* stream, Level level, Format format, Clock const& clock)
    : m_stream(stream), m_level(level), m_format(format), m_clock(clock) {}

void Logger::set_run(std::optional<RunId> run) {
  std::lock_guard const lock(m_mutex);
  m_run = run;
}

void Logger::write(Level level, fmt::string_view format, fmt::format_args values) {
  if (!enabled(level)) return;
  auto const message = fmt::vformat(format, values);
  auto const time = iso8601(m_clock.now());
  std::lock_guard const lock(m_mutex);
  erase_status_locked();
  if (m_format == Format::json) {
    auto const run = m_run ? fmt::format("\"run\":{},", m_run->value) : "";
    fmt::print(m_stream, "{{\"time\":\"{}\",\"level\":\"{}\",{}\"message\":{}}}\n", time, name(level), run,
               json_string(message));
  } else {
    auto const run = m_run ? fmt::format(" run {}", m_run->value) : "";
    fmt::print(m_stream, "{} {:<5}{} {}\n", time, name(level), run, single_line(message));
  }
  std::fflush(m_stream);
}

void Logger::status(std::string_view line) {
  std::lock_guard const lock(m_mutex);
  fmt::print(m_stream, "\r\x1b[K{}", line);
  std::fflush(m_stream);
  m_status_shown = true;
}

void Logger::clear_status() {
  std::lock_guard const lock(m_mutex);
  erase_status_locked();
  std::fflush(m_stream);
}

void Logger::erase_status_locked() {
  if (!m_status_shown) return;
  fmt::print(m_stream, "\r\x1b[K");
  m_status_shown = false;
}

}  // namespace jvmm::log
