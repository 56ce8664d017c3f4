#include "base/file_lock.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "base/error.hpp"

namespace jvmm {

std::optional<FileLock> FileLock::try_lock(std::filesystem::path const& path) {
  auto const failed = [&](int error) {
    return Error(Kind::local_io, fmt::format("{}: cannot be locked: {}", path.string(), std::strerror(error)));
  };
  int const fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (fd < 0) throw failed(errno);
  FileLock lock(fd);
  if (::flock(fd, LOCK_EX | LOCK_NB) == 0) return lock;
  if (errno == EWOULDBLOCK) return std::nullopt;
  throw failed(errno);
}

FileLock::~FileLock() {
  if (m_fd >= 0) ::close(m_fd);
}

FileLock::FileLock(FileLock&& other) noexcept : m_fd(std::exchange(other.m_fd, -1)) {}

}  // namespace jvmm
