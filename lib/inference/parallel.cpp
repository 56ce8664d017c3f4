#include "inference/parallel.hpp"

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace jvmm::inference {
namespace {

/// The quota of a version 2 control group in whole processors, rounded up; 0 where there is none.
std::size_t container_cores() {
  std::ifstream file("/sys/fs/cgroup/cpu.max");
  std::string quota;
  double period = 0;
  if (!(file >> quota >> period) || quota == "max" || period <= 0) return 0;
  return static_cast<std::size_t>((std::strtod(quota.c_str(), nullptr) + period - 1) / period);
}

/// The state that the threads of one parallel_for share.
class Team {
 public:
  Team(std::size_t count, std::function<void(std::size_t)> const& work) : m_count(count), m_work(work) {}

  void help() noexcept {
    try {
      for (auto i = m_next++; i < m_count; i = m_next++)
        m_work(i);
    } catch (...) {
      m_next = m_count;
      std::lock_guard const lock(m_mutex);
      if (!m_failure) m_failure = std::current_exception();
    }
  }

  void rethrow() const {
    if (m_failure) std::rethrow_exception(m_failure);
  }

 private:
  std::size_t m_count;
  std::function<void(std::size_t)> const& m_work;
  std::atomic<std::size_t> m_next{0};
  std::mutex m_mutex;
  std::exception_ptr m_failure;
};

}  // namespace

std::size_t usable_cores() {
  auto const machine = std::max<std::size_t>(1, std::thread::hardware_concurrency());
  auto const container = container_cores();
  return container == 0 ? machine : std::min(machine, container);
}

void parallel_for(std::size_t count, std::size_t threads, std::function<void(std::size_t)> const& work) {
  Team team(count, work);
  {
    std::vector<std::jthread> helpers;
    for (std::size_t i = 1; i < std::min(threads, count); ++i)
      helpers.emplace_back([&] { team.help(); });
    team.help();
  }
  team.rethrow();
}

}  // namespace jvmm::inference
