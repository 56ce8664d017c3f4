#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace jvmm::inference {

/// Threads that wait for one service, made as they are needed. A pool of its own per service, so that one which is down
/// holds up nobody else's requests. **Threads**: safe.
class WorkerPool {
 public:
  explicit WorkerPool(std::size_t most) : m_most(most) {}
  ~WorkerPool();  ///< ends what was posted
  WorkerPool(WorkerPool const&) = delete;
  WorkerPool& operator=(WorkerPool const&) = delete;

  /// REQUIRES: `job` does not throw.
  void post(std::function<void()> job);

 private:
  void work();

  std::size_t m_most;
  std::mutex m_mutex;
  std::condition_variable m_posted;
  std::deque<std::function<void()>> m_jobs;
  std::vector<std::thread> m_threads;
  std::size_t m_idle = 0;
  bool m_closed = false;
};

}  // namespace jvmm::inference
