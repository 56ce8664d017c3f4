#pragma once

#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>

#include "inference/cache/cache_file.hpp"

namespace jvmm::inference {

/// The one writer of a cache file in this process: a thread that collects what other threads want to write into one
/// transaction, which waits for the disk once.
/// **Threads**: safe.
class GroupCommit {
 public:
  using Work = std::function<void(CacheFile&)>;

  /// `last` is done at the end of each transaction.
  GroupCommit(std::filesystem::path const& file, Work last, log::Logger& log);
  /// Writes what was left for later. What fails then is logged.
  ~GroupCommit();
  GroupCommit(GroupCommit const&) = delete;
  GroupCommit& operator=(GroupCommit const&) = delete;

  /// Returns when it is on disk. **Throws** what any of the transaction's work threw: then none of it was done.
  void commit(Work work);

  /// With the next transaction, at the latest in about a second; before what is committed afterwards. Tried again until
  /// it works.
  void later(Work work);

 private:
  /// What a thread waits for, on its stack.
  struct Job {
    Work work;
    std::condition_variable changed = {};
    bool done = false;
    std::exception_ptr failure = {};
  };

  void write_in_turn();
  void wait_for_work(std::unique_lock<std::mutex>& lock);
  void write(std::deque<Job*> const& jobs, std::deque<Work>& later);
  void write_together(std::deque<Job*> const& jobs, std::deque<Work> const& later);
  void note_failure(std::string_view what);

  CacheFile m_file;
  Work m_last;
  log::Logger& m_log;
  std::mutex m_mutex;
  std::condition_variable m_changed;
  std::deque<Job*> m_jobs;
  std::deque<Work> m_later;
  bool m_stopping = false;
  bool m_failing = false;
  std::thread m_thread;
};

}  // namespace jvmm::inference
