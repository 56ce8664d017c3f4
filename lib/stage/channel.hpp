#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

namespace jvmm::stage {

/// A bounded queue between two threads. Closing ends it from either side: the sender's last items are still received,
/// a closed receiver makes `push` return false.
template <class T>
class Channel {
 public:
  explicit Channel(std::size_t capacity) : m_capacity(capacity) {}

  /// Waits for room. False if the channel was closed, and the item is dropped.
  bool push(T item) {
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [&] { return m_closed || m_items.size() < m_capacity; });
    if (m_closed) return false;
    m_items.push_back(std::move(item));
    m_changed.notify_all();
    return true;
  }

  /// Waits for an item. Absent once the channel is closed and empty.
  std::optional<T> pop() {
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [&] { return ready(); });
    return take();
  }

  /// The same, calling `idle()` each time that nothing has come for `interval`.
  template <class F>
  std::optional<T> pop(std::chrono::milliseconds interval, F&& idle) {
    std::unique_lock lock(m_mutex);
    while (!m_changed.wait_for(lock, interval, [&] { return ready(); })) {
      lock.unlock();
      idle();
      lock.lock();
    }
    return take();
  }

  void close() {
    std::lock_guard const lock(m_mutex);
    m_closed = true;
    m_changed.notify_all();
  }

  /// Closes and drops what was not received.
  void abandon() {
    std::lock_guard const lock(m_mutex);
    m_closed = true;
    m_items.clear();
    m_changed.notify_all();
  }

 private:
  bool ready() const { return m_closed || !m_items.empty(); }

  std::optional<T> take() {
    if (m_items.empty()) return std::nullopt;
    T item = std::move(m_items.front());
    m_items.pop_front();
    m_changed.notify_all();
    return item;
  }

  std::size_t m_capacity;
  std::mutex m_mutex;
  std::condition_variable m_changed;
  std::deque<T> m_items;
  bool m_closed = false;
};

}  // namespace jvmm::stage
