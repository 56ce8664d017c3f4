#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

namespace jvmm::db {

/// Ends a blocking wait for the server: a thread that shuts a socket down when its deadline passes, so that the call
/// waiting on it returns with an error. The server's own statement_timeout is the polite limit and comes first; this
/// is for a server, pooler or network that has stopped answering at all.
///
/// **Threads** one owner calls watch, arm and disarm; interrupt may come from any thread or a signal handler.
class Watchdog {
 public:
  Watchdog();
  ~Watchdog();
  Watchdog(Watchdog const&) = delete;
  Watchdog& operator=(Watchdog const&) = delete;

  /// The socket to guard from now on; -1 for none. Clears what happened to the last one.
  void watch(int socket);

  void arm(std::chrono::milliseconds budget);
  void disarm();

  /// True once a deadline has passed on the present socket.
  bool expired() const { return m_expired; }

  /// Shuts the socket down now, whether armed or not. Async-signal-safe.
  void interrupt() noexcept;
  bool interrupted() const noexcept { return m_interrupted; }

 private:
  void run();

  std::mutex m_mutex;
  std::condition_variable m_changed;
  std::optional<std::chrono::steady_clock::time_point> m_deadline;
  bool m_ending = false;
  std::atomic<int> m_socket{-1};
  std::atomic<bool> m_expired{false};
  std::atomic<bool> m_interrupted{false};
  std::thread m_thread;
};

}  // namespace jvmm::db
