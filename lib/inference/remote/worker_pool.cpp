#include "inference/remote/worker_pool.hpp"

#include <utility>

namespace jvmm::inference {

WorkerPool::~WorkerPool() {
  {
    std::lock_guard const lock(m_mutex);
    m_closed = true;
  }
  m_posted.notify_all();
  for (auto& thread : m_threads)
    thread.join();
}

void WorkerPool::post(std::function<void()> job) {
  std::lock_guard const lock(m_mutex);
  m_jobs.push_back(std::move(job));
  if (m_jobs.size() > m_idle && m_threads.size() < m_most)
    m_threads.emplace_back([this] { work(); });
  else
    m_posted.notify_one();
}

void WorkerPool::work() {
  std::unique_lock lock(m_mutex);
  for (;;) {
    ++m_idle;
    m_posted.wait(lock, [this] { return m_closed || !m_jobs.empty(); });
    --m_idle;
    if (m_jobs.empty()) return;
    auto const job = std::move(m_jobs.front());
    m_jobs.pop_front();
    lock.unlock();
    job();
    lock.lock();
  }
}

}  // namespace jvmm::inference
