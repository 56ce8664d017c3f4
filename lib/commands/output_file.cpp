#include "commands/output_file.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "base/error.hpp"

namespace jvmm::commands {

namespace fs = std::filesystem;

OutputFile::OutputFile(fs::path const& path) : m_path(path) {
  std::error_code ignored;
  if (auto const target = fs::canonical(path, ignored); !ignored) m_path = target;  // a link stays one
  bool const direct = fs::exists(m_path, ignored) && !fs::is_regular_file(m_path, ignored);
  if (!direct) m_temporary = fmt::format("{}.{}.part", m_path.string(), getpid());
  m_file = std::fopen((direct ? m_path : m_temporary).c_str(), "wb");
  if (!m_file) fail();
}

OutputFile::~OutputFile() {
  if (m_file) std::fclose(m_file);
  std::error_code ignored;
  if (!m_temporary.empty()) fs::remove(m_temporary, ignored);
}

void OutputFile::write(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), m_file) != text.size()) fail();
}

void OutputFile::finish() {
  bool const written = std::fflush(m_file) == 0 && (m_temporary.empty() || fsync(fileno(m_file)) == 0);
  if (!written) fail();
  if (std::fclose(std::exchange(m_file, nullptr)) != 0) fail();
  if (m_temporary.empty()) return;
  std::error_code failed;
  fs::rename(m_temporary, m_path, failed);
  if (failed) throw Error(Kind::local_io, fmt::format("{}: {}", m_path.string(), failed.message()));
  m_temporary.clear();
}

void OutputFile::fail() const {
  throw Error(Kind::local_io, fmt::format("{}: cannot be written: {}", m_path.string(), std::strerror(errno)));
}

}  // namespace jvmm::commands
