#pragma once

#include <filesystem>
#include <mutex>
#include <set>
#include <vector>

#include "inference/cache/answer_store.hpp"

namespace jvmm::inference {

/// A request as it stands in the file.
struct OpenSlot {
  std::int64_t slot = 0, request = 0, source = 0;
  PicoUsd reserved = 0;
};

/// The requests of one session that are on their way, in a file of its own beside the cache. Noting one is a single
/// write without waiting for the disk. A slot is written again once its request is settled, which the cache itself
/// remembers (table `closed`), in the transaction that stores the answers: so the two never disagree. A lock on the
/// file says that the process lives; the kernel takes it away with the process, whatever container that is in.
/// **Threads**: safe.
class OpenRequests {
 public:
  /// Without a file.
  OpenRequests() = default;
  /// Makes the file anew and locks it. **Throws** local_io.
  explicit OpenRequests(std::filesystem::path file);
  ~OpenRequests();
  OpenRequests(OpenRequests const&) = delete;
  OpenRequests& operator=(OpenRequests const&) = delete;

  /// **Throws** local_io. **Cost**: a few microseconds.
  OpenRequest add(std::int64_t source, PicoUsd reserved);

  /// REQUIRES: of `add`, and not taken since; 0 is always fine. **Throws** internal. From now on only one thread has
  /// it.
  void take(OpenRequest request);
  /// It was not settled after all.
  void put_back(OpenRequest request);
  /// It was settled: its slot is free.
  void close(OpenRequest request);

  bool empty() const;
  void remove_file();

  static std::int64_t slot_of(OpenRequest request);

 private:
  std::filesystem::path m_file;
  int m_fd = -1;
  mutable std::mutex m_mutex;
  std::int64_t m_sequence = 0;
  std::int64_t m_slots = 0;
  std::vector<std::int64_t> m_free;
  std::set<std::int64_t> m_open;
  std::size_t m_taken = 0;
};

/// Slots that were ever written and are whole. None if there is no such file. **Throws** local_io.
std::vector<OpenSlot> read_open_requests(std::filesystem::path const& file);

/// True while the process that made the file lives.
bool is_locked(std::filesystem::path const& file);

}  // namespace jvmm::inference
