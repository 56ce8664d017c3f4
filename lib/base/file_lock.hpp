#pragma once

#include <filesystem>
#include <optional>

namespace jvmm {

/// An advisory lock on a file that is made for it and stays. Released at the end, and at the process's end.
class FileLock {
 public:
  /// Absent if another holds it. **Throws** local_io.
  static std::optional<FileLock> try_lock(std::filesystem::path const& path);

  ~FileLock();
  FileLock(FileLock&& other) noexcept;
  FileLock& operator=(FileLock&&) = delete;

 private:
  explicit FileLock(int fd) : m_fd(fd) {}

  int m_fd;
};

}  // namespace jvmm
