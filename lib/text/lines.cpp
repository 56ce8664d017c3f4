#include "text/lines.hpp"

#include <fmt/format.h>
#include <unistd.h>
#include <zlib.h>

#include <array>
#include <cstring>
#include <string_view>
#include <system_error>

#include "base/error.hpp"

namespace jvmm::text {
namespace {

constexpr std::size_t k_max_line_bytes = std::size_t{64} << 20;

}  // namespace

struct LineReader::State {
  std::string path;
  std::string name;  ///< for messages
  gzFile file = nullptr;
  std::array<char, std::size_t{1} << 16> buffer{};
  std::string_view unread;
  std::size_t line_number = 0;

  State() = default;
  State(State const&) = delete;
  State& operator=(State const&) = delete;
  ~State() {
    if (file) gzclose_r(file);
  }

  [[noreturn]] void fail() const {
    int code = Z_OK;
    std::string reason = gzerror(file, &code);
    if (code == Z_ERRNO)
      throw Error(Kind::local_io, fmt::format("{}: cannot be read: {}", name, std::generic_category().message(errno)));
    if (auto const prefix = path + ": "; reason.starts_with(prefix)) reason.erase(0, prefix.size());
    throw Error(Kind::bad_input, fmt::format("{}: the gzip data after line {} are damaged or cut ({})", name,
                                             line_number, code == Z_BUF_ERROR ? "unexpected end" : reason))
        .hint("fetch or compress the file again");
  }

  /// False at the end of the file.
  bool fill() {
    auto const count = gzread(file, buffer.data(), static_cast<unsigned>(buffer.size()));
    if (count < 0) fail();
    if (count == 0) {
      int code = Z_OK;
      gzerror(file, &code);
      if (code != Z_OK) fail();
      return false;
    }
    unread = {buffer.data(), static_cast<std::size_t>(count)};
    return true;
  }
};

LineReader::LineReader(std::filesystem::path const& path) : m_state(std::make_unique<State>()) {
  bool const standard_input = path == "-";
  m_state->path = path.string();
  m_state->name = standard_input ? "standard input" : path.string();
  std::error_code gone;
  if (!standard_input && !std::filesystem::exists(path, gone))
    throw Error(Kind::missing_input, m_state->name + ": no such file");
  if (!standard_input && std::filesystem::is_directory(path, gone))
    throw Error(Kind::local_io, m_state->name + ": is a folder, expected a file");
  m_state->file = standard_input ? gzdopen(::dup(STDIN_FILENO), "rb") : gzopen(path.c_str(), "rb");
  if (!m_state->file)
    throw Error(Kind::local_io,
                fmt::format("{}: cannot be opened: {}", m_state->name, std::generic_category().message(errno)));
}

LineReader::~LineReader() = default;
LineReader::LineReader(LineReader&&) noexcept = default;
LineReader& LineReader::operator=(LineReader&&) noexcept = default;

bool LineReader::next(std::string& line) {
  line.clear();
  auto& state = *m_state;
  if (state.unread.empty() && !state.fill()) return false;
  ++state.line_number;
  for (;;) {
    auto const end = state.unread.find('\n');
    auto const part = state.unread.substr(0, end);
    if (line.size() + part.size() > k_max_line_bytes)
      throw Error(Kind::bad_input, fmt::format("{}: line {} is longer than {} MiB", state.name, state.line_number,
                                               k_max_line_bytes >> 20));
    line += part;
    bool const ended = end != std::string_view::npos;
    state.unread.remove_prefix(ended ? end + 1 : part.size());
    if (ended || !state.fill()) break;
  }
  if (line.ends_with('\r')) line.pop_back();
  return true;
}

std::size_t LineReader::line_number() const {
  return m_state->line_number;
}

}  // namespace jvmm::text
