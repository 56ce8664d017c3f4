#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace jvmm::http {

/// The file beside a target that becomes the target by commit(). Locked, so that two downloads of one target cannot
/// mix.
///
/// One that may be resumed is `<target>.part`. Beside it, in `<target>.part.etag`, is what the server called the
/// content (a strong ETag), without which nothing is kept. Any other is `<target>.part-<pid>` and gone unless
/// committed.
///
/// **Throws** local_io, and lease_held if another download writes the same file.
class PartFile {
 public:
  PartFile(std::filesystem::path target, bool resumable);
  ~PartFile();
  PartFile(PartFile const&) = delete;
  PartFile& operator=(PartFile const&) = delete;

  /// What an earlier transfer left; 0 if that cannot be resumed.
  std::uint64_t left() const { return m_left; }
  std::string const& etag() const { return m_etag; }

  /// Gives what was left to `take`, piece by piece, and leaves the end of it as the place to write.
  void read_left(std::function<void(std::string_view)> const& take);

  /// Empties it for content of that name; an empty name if it cannot be resumed.
  void restart(std::string etag);

  void write(std::string_view bytes);

  /// What came is of no use to a later transfer.
  void discard() { m_etag.clear(); }

  void commit();

 private:
  void open();
  bool lock();
  Error io_error(std::string_view what) const;
  std::string etag_path() const { return m_path.string() + ".etag"; }

  std::filesystem::path m_target;
  std::filesystem::path m_path;
  bool m_resumable;
  bool m_committed = false;
  int m_fd = -1;
  std::uint64_t m_left = 0;
  std::string m_etag;
};

}  // namespace jvmm::http
