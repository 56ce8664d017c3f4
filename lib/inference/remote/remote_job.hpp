#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "inference/remote/remote_backend.hpp"

namespace jvmm::inference {

/// The items of one call that have to be asked for, and how many jobs are still at it.
struct RemoteBackend::Round {
  std::span<std::string_view const> items;
  std::span<AnswerKey const> keys;
  Patience patience = Patience::all;
  std::function<void(std::size_t item, Asked)> done;  ///< thread-safe; called once per item
  std::mutex mutex;
  std::condition_variable finished;
  std::size_t jobs = 0;
};

/// One batch on its way: sent, sent again, or cut in halves, until each of its items has an answer or an error.
class RemoteJob {
 public:
  using Failures = std::map<Kind, int>;

  RemoteJob(RemoteBackend& backend, RemoteBackend::Round& round, std::vector<std::size_t> items,
            Failures failures = {});

  /// Never throws; ends in `done` for each item, here or in a job that it posts.
  void run() noexcept;

  /// Counts the job in its round and hands it to the backend's pool.
  static void post(RemoteBackend& backend, RemoteBackend::Round& round, std::vector<std::size_t> items,
                   Failures failures = {});

 private:
  Verdict attempt();
  http::Request request() const;
  void read(http::Reply const& reply, Settlement& settlement, Verdict& verdict);
  void deliver(Settlement settlement);
  bool follow(Verdict const& verdict);
  void halve();
  void fail(Error const& error, bool own_fault);
  void back_off(Verdict const& verdict);
  Metered estimate(std::size_t body_bytes) const;
  Metered metered(http::Reply const& reply, Reading const& reading) const;
  std::chrono::milliseconds timeout() const;
  Dialect const& dialect() const { return *m_backend.m_dialects[m_spoken]; }
  std::vector<std::string_view> texts() const;

  RemoteBackend& m_backend;
  RemoteBackend::Round& m_round;
  std::vector<std::size_t> m_items;
  Failures m_failures;
  int m_attempts = 0, m_timeouts = 0;
  std::size_t m_spoken = 0;                             ///< the dialect of the last attempt
  std::vector<std::size_t> m_answered;                  ///< by the last attempt
  std::vector<std::pair<std::size_t, Error>> m_flawed;  ///< items whose part of the answer is of no use
};

}  // namespace jvmm::inference
