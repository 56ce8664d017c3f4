#include "db/watchdog.hpp"

#include <sys/socket.h>

namespace jvmm::db {

Watchdog::Watchdog() : m_thread([this] { run(); }) {}

Watchdog::~Watchdog() {
  {
    std::lock_guard const lock(m_mutex);
    m_ending = true;
  }
  m_changed.notify_one();
  m_thread.join();
}

void Watchdog::watch(int socket) {
  std::lock_guard const lock(m_mutex);
  m_socket = socket;
  m_deadline.reset();
  m_expired = false;
}

void Watchdog::arm(std::chrono::milliseconds budget) {
  auto const deadline = std::chrono::steady_clock::now() + budget;
  {
    std::lock_guard const lock(m_mutex);
    m_deadline = deadline;
  }
  m_changed.notify_one();
}

// No wake-up: the thread finds no deadline when the old one passes, or a new one at the next arm().
void Watchdog::disarm() {
  std::lock_guard const lock(m_mutex);
  m_deadline.reset();
}

void Watchdog::interrupt() noexcept {
  m_interrupted = true;
  int const socket = m_socket;
  if (socket >= 0) ::shutdown(socket, SHUT_RDWR);
}

void Watchdog::run() {
  std::unique_lock lock(m_mutex);
  while (!m_ending) {
    if (!m_deadline) {
      m_changed.wait(lock);
      continue;
    }
    auto const deadline = *m_deadline;
    m_changed.wait_until(lock, deadline);
    if (!m_deadline || std::chrono::steady_clock::now() < *m_deadline) continue;
    m_deadline.reset();
    m_expired = true;
    if (m_socket >= 0) ::shutdown(m_socket, SHUT_RDWR);
  }
}

}  // namespace jvmm::db
