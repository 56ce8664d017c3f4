#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "inference/backend_spec.hpp"
#include "inference/dialect/dialect.hpp"
#include "inference/remote/gate.hpp"
#include "inference/remote/remote.hpp"
#include "inference/remote/service.hpp"
#include "inference/remote/worker_pool.hpp"

namespace jvmm::inference {

/// One task with fixed parameters at one service, with all the manners: what was paid for comes from the store, what
/// somebody is asking for already is waited for, the rest goes out in batches, as many at once as the service bears;
/// failures are retried, split or given up as verdict.hpp says; every answer is on disk before it is returned.
/// **Threads**: `ask` is safe.
class RemoteBackend {
 public:
  using MakeDialect = std::function<std::unique_ptr<Dialect>(ServiceFacts const&)>;

  /// `model` and `revision` are the cache's names of the model; the service may know it by another. Sends nothing.
  /// `plainer` are further dialects with the same answers, for a service that refuses the one before: which one it
  /// takes is remembered for the rest of the run.
  /// **Throws** configuration: a budget in money, and no price is known; a task that this kind of service does not do.
  RemoteBackend(Remote& remote, BackendSpec spec, Task task, std::string model, MakeDialect make_dialect,
                std::vector<MakeDialect> plainer = {});
  ~RemoteBackend();

  /// One per item, in order.
  std::vector<Asked> ask(std::span<std::string_view const> items, Patience patience);

  /// What the items' answers are stored under.
  std::vector<AnswerKey> keys(std::span<std::string_view const> items) const;

  /// What came of these items is committed.
  void release(std::span<std::string_view const> items) { m_remote.store().release(keys(items)); }

  std::string const& name() const { return m_name; }
  BackendSpec const& spec() const { return m_spec; }
  std::optional<Price> const& price() const { return m_price; }

  /// How `ask` would cut items into requests.
  std::vector<std::vector<std::size_t>> batches(std::span<std::string_view const> items,
                                                ServiceFacts const& facts) const;

  /// What is known without asking.
  ServiceFacts likely_facts() const;

  /// What the service is; asked at the first call. **Throws** as look_at_service.
  ServiceFacts const& facts();

 private:
  friend class RemoteJob;
  struct Round;

  void run_round(Round& round, std::vector<std::size_t> const& missing);
  void prepare(Patience patience);
  ServiceFacts look(Patience patience);
  std::chrono::milliseconds up_to(std::chrono::milliseconds longest);
  Error error_of(Verdict const& verdict) const;
  void note_refusal(Error const& error);
  void note_answer(http::Reply const& reply);
  bool step_down(std::size_t refused);

  Remote& m_remote;
  BackendSpec m_spec;
  Task m_task;
  std::string m_model;
  std::string m_name;
  std::vector<MakeDialect> m_make_dialects;
  std::optional<Price> m_price;
  std::string m_parameters_key;
  std::unique_ptr<Gate> m_gate;
  std::vector<std::unique_ptr<Dialect>> m_dialects;  ///< the one asked for first, and plainer ones
  std::atomic<std::size_t> m_spoken{0};              ///< which of them the service takes, as far as is known
  ServiceFacts m_facts;
  std::mutex m_prepare_mutex;
  std::atomic<bool> m_prepared{false};
  std::mutex m_mutex;  ///< of what follows
  std::minstd_rand m_random;
  std::string m_seen_revision;
  bool m_warned = false;
  int m_refused_in_a_row = 0;
  std::optional<Error> m_not_prepared;  ///< why, and when it may be tried again
  SteadyTime m_look_again{};
  std::unique_ptr<WorkerPool> m_pool;  ///< last, as its threads use the rest
};

/// Tokens of a text as they are estimated before a service has counted them.
std::size_t estimated_tokens(std::string_view text);

}  // namespace jvmm::inference
