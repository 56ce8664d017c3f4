#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/secret.hpp"
#include "inference/prices.hpp"
#include "inference/task.hpp"
#include "log/logger.hpp"

namespace jvmm::inference {

/// SHA-256 over everything that shapes an answer.
using AnswerKey = std::array<std::uint8_t, 32>;

/// Fields are length-prefixed, so that no two lists of fields give the same bytes. `parameters` is Dialect's
/// parameters_key(). Endpoint, token and the texts beside it are not part of it.
AnswerKey answer_key(Task task, std::string_view model, std::string_view revision, std::string_view parameters,
                     std::string_view text);

struct StoredAnswer {
  std::string bytes;
  std::string backend;  ///< who said so
  friend bool operator==(StoredAnswer const&, StoredAnswer const&) = default;
};

/// Where usage is summed up.
struct UsageKey {
  std::string backend, model;
  Task task = Task::embed;
  auto operator<=>(UsageKey const&) const = default;
};

/// Totals of one session (one process that asks services).
struct UsageRow {
  UsageKey key;
  Metered metered;  ///< of answers that came
  PicoUsd cost = 0;
  bool priced = true;    ///< false: no price is known for it, cost is 0
  PicoUsd in_doubt = 0;  ///< at most: requests that were sent and whose answer never came
  std::uint64_t in_doubt_requests = 0;
  std::uint64_t retries = 0;
};

/// A request on its way.
struct OpenRequest {
  std::int64_t id = 0;
};

/// What a request brought: stored together, or not at all.
struct Settlement {
  OpenRequest request = {};
  UsageKey usage = {};
  Metered metered = {};
  PicoUsd cost = 0;
  bool priced = true;
  PicoUsd in_doubt = 0;  ///< not 0: sent, and no answer came; then there are no answers and nothing was metered
  bool retried = false;  ///< the failure of an attempt that is made again
  std::vector<std::pair<AnswerKey, StoredAnswer>> answers = {};
};

struct AnswerStoreOptions {
  std::filesystem::path file = {};                   ///< SQLite; empty: memory only (nothing survives the process)
  std::uint64_t max_bytes = std::uint64_t{2} << 30;  ///< of the file; what is not settled yet does not count
  std::size_t memory_bytes = std::size_t{32} << 20;  ///< of the level in front
  Secret redis_url = {};                             ///< empty: none
  std::chrono::hours redis_ttl{24 * 30};
};

/// Answers that were paid for, and what they cost. Levels: memory, a SQLite file, Redis. The file is the journal: an
/// answer is on disk before `settle` returns, together with what it cost, and stays until `release` says that what came
/// of it has been committed elsewhere. Several processes may share a file. A Redis that fails is left alone for the
/// rest of the process, after one warning.
/// **Threads**: safe; `settle` of several threads share one transaction.
class AnswerStore {
 public:
  virtual ~AnswerStore() = default;

  /// One per key; absent: has to be asked for. **Throws** local_io if the file cannot be read.
  virtual std::vector<std::optional<StoredAnswer>> find(std::span<AnswerKey const> keys) = 0;

  /// Notes that a request is about to be sent which costs `reserved` at most. Survives the process's death, not the
  /// machine's.
  virtual OpenRequest open(UsageKey const& usage, PicoUsd reserved) = 0;

  /// **Throws** local_io: nothing of it was stored.
  virtual void settle(Settlement settlement) = 0;

  /// Keeps answers that cost nothing, of a model in this process: nothing is metered, and they may be pruned at once.
  /// **Throws** local_io: nothing of it was stored.
  virtual void keep(UsageKey const& source, std::vector<std::pair<AnswerKey, StoredAnswer>> answers) = 0;

  /// What came of these answers is committed: they may be pruned.
  virtual void release(std::span<AnswerKey const> keys) = 0;

  /// The totals of this session so far.
  virtual std::vector<UsageRow> usage() = 0;

  /// Names the run of a database (an opaque name of it) whose usage this session's is.
  virtual void bind_run(std::string_view database, std::int64_t run) = 0;

  /// Sessions of this database whose process is gone and whose totals were not `reported`: run and totals. What was on
  /// its way when the process ended is in doubt.
  struct Orphan {
    std::int64_t session = 0, run = 0;
    std::vector<UsageRow> usage;
  };
  virtual std::vector<Orphan> orphans(std::string_view database) = 0;

  /// The totals of a session (0: this one, which is over) are in the database.
  virtual void reported(std::int64_t session) = 0;
};

/// **Throws** configuration (a file that is no cache of ours, or newer), local_io (cannot be made or opened).
std::unique_ptr<AnswerStore> open_answer_store(AnswerStoreOptions const& options, Clock const& clock, log::Logger& log);

/// What a cache file holds.
struct CacheStats {
  struct Group {
    std::string task, model;
    std::uint64_t answers = 0, bytes = 0;
  };
  std::filesystem::path file;
  std::uint64_t file_bytes = 0, answers = 0, unsettled = 0;
  std::vector<Group> groups;
  std::optional<SystemTime> oldest, newest;
};

struct PruneOptions {
  std::optional<std::uint64_t> max_bytes = {};        ///< least recently used first
  std::optional<std::chrono::hours> older_than = {};  ///< not used since
  bool unsettled = false;  ///< also what PostgreSQL may not have committed yet, unless its process is alive
  bool dry_run = false;
};

struct Pruned {
  std::uint64_t answers = 0, bytes = 0, kept_unsettled = 0;
};

/// **Throws** as open_answer_store; missing_input if there is no such file.
CacheStats cache_stats(std::filesystem::path const& file);
Pruned prune_cache(std::filesystem::path const& file, PruneOptions const& options, Clock const& clock);

}  // namespace jvmm::inference
