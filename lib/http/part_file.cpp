#include "http/part_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <utility>

namespace jvmm::http {
namespace {

std::string suffix(bool resumable) {
  return resumable ? ".part" : fmt::format(".part-{}", ::getpid());
}

std::string first_line(std::string const& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

}  // namespace

PartFile::PartFile(std::filesystem::path target, bool resumable)
    : m_target(std::move(target)), m_path(m_target.string() + suffix(resumable)), m_resumable(resumable) {
  open();
  if (m_resumable) m_etag = first_line(etag_path());
  struct stat about{};
  if (!m_etag.empty() && ::fstat(m_fd, &about) == 0) m_left = static_cast<std::uint64_t>(about.st_size);
}

PartFile::~PartFile() {
  if (m_fd < 0) return;
  struct stat about{};
  bool const useful = !m_etag.empty() && ::fstat(m_fd, &about) == 0 && about.st_size > 0;
  if (!m_committed && !useful) {
    ::unlink(etag_path().c_str());
    ::unlink(m_path.c_str());
  }
  ::close(m_fd);  // the lock goes with it
}

/// A file that was renamed or removed between opening and locking belongs to another download.
void PartFile::open() {
  do {
    if (m_fd >= 0) ::close(m_fd);
    m_fd = ::open(m_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (m_fd < 0) throw io_error("cannot be created");
  } while (!lock());
}

bool PartFile::lock() {
  if (::flock(m_fd, LOCK_EX | LOCK_NB) != 0) {
    auto const error =
        errno == EWOULDBLOCK
            ? Error(Kind::lease_held, m_path.string() + ": another download is under way").hint("wait for it to end")
            : io_error("cannot be locked");
    ::close(std::exchange(m_fd, -1));
    throw error;
  }
  struct stat opened{}, named{};
  return ::fstat(m_fd, &opened) == 0 && ::stat(m_path.c_str(), &named) == 0 && opened.st_ino == named.st_ino &&
         opened.st_dev == named.st_dev;
}

void PartFile::read_left(std::function<void(std::string_view)> const& take) {
  std::array<char, 1 << 16> buffer;
  std::uint64_t at = 0;
  while (at < m_left) {
    auto const count = ::pread(m_fd, buffer.data(), buffer.size(), static_cast<off_t>(at));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) throw io_error("cannot be read");
    take({buffer.data(), static_cast<std::size_t>(count)});
    at += static_cast<std::uint64_t>(count);
  }
  if (::lseek(m_fd, static_cast<off_t>(m_left), SEEK_SET) < 0) throw io_error("cannot be read");
}

/// The old name goes before the old content, the new one comes before the new content.
void PartFile::restart(std::string etag) {
  m_left = 0;
  m_etag.clear();
  if (m_resumable) ::unlink(etag_path().c_str());
  if (::ftruncate(m_fd, 0) != 0 || ::lseek(m_fd, 0, SEEK_SET) < 0) throw io_error("cannot be written");
  if (!m_resumable || etag.empty()) return;
  std::ofstream file(etag_path(), std::ios::trunc);
  file << etag << '\n';
  file.close();
  if (!file) throw io_error("cannot be written");
  m_etag = std::move(etag);
}

void PartFile::write(std::string_view bytes) {
  while (!bytes.empty()) {
    auto const count = ::write(m_fd, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw io_error("cannot be written");
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

void PartFile::commit() {
  if (::fsync(m_fd) != 0) throw io_error("cannot be written");
  if (::rename(m_path.c_str(), m_target.c_str()) != 0) throw io_error("cannot be renamed into place");
  m_committed = true;
  if (m_resumable) ::unlink(etag_path().c_str());
}

Error PartFile::io_error(std::string_view what) const {
  return Error(Kind::local_io, fmt::format("{}: {}: {}", m_path.string(), what, std::strerror(errno)));
}

}  // namespace jvmm::http
