#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/stop_token.hpp"
#include "db/connection.hpp"
#include "db/transaction.hpp"
#include "log/logger.hpp"
#include "log/progress.hpp"
#include "stage/retry.hpp"
#include "store/leases.hpp"
#include "store/runs.hpp"

namespace jvmm::stage {

/// How a batch command is to run; the same for every stage.
struct EngineOptions {
  std::size_t batch_size = 100;        ///< rows computed and committed together. More: fewer round trips, more memory
  std::size_t page_rows = 5000;        ///< ids looked at per read transaction; bounds how long one takes
  std::size_t compute_threads = 1;     ///< batches computed at once; more where computing is waiting for a service
  std::size_t batches_ahead = 2;       ///< batches waiting on either side of the computation
  std::optional<std::uint64_t> limit;  ///< stop after this many rows
  std::optional<std::uint64_t> max_failures;  ///< stop once more rows than this failed
  std::optional<std::chrono::seconds> max_time;
  store::Shard shard;
  std::vector<ProfileId> only;  ///< sorted; empty: all
  std::chrono::seconds lease_time{300};
  RetryPolicy retry;
};

/// Where in the life of a batch the engine is; for tests that break it there.
enum class Step { read, computed, before_write, before_commit, after_commit };

/// Called by the engine as it goes; what it throws ends the run like any other failure at that place.
class Observer {
 public:
  virtual ~Observer() = default;
  virtual void at(Step step, std::int64_t batch) = 0;
};

/// What a run needs from outside.
struct EngineContext {
  db::ConnectionOptions
      database;  ///< `purpose` is completed by the engine: "embed" becomes "embed/read", "embed/write"
  log::Logger& log;
  Clock const& clock;
  StopToken& stop;
  store::RunStart start;
  log::ProgressMode progress = log::ProgressMode::never;
  std::optional<std::uint64_t> total = std::nullopt;  ///< candidates, if they were counted; for the ETA
  Observer* observer = nullptr;
  /// Called once the run has its id, before the first row is read; what it throws ends the run.
  std::function<void(RunId)> on_begin = {};
  /// Called in the transaction of each batch and in that of the run's end, for what belongs to the run as a whole. What
  /// it writes must be the same if it is written again.
  std::function<void(db::WriteTx&, RunId)> in_commit = {};
  /// Further members of the run's summary in jvmm.run, as a JSON object that is not empty.
  std::function<std::string()> more_json = {};
};

/// What a run did.
struct Summary {
  RunId run;
  std::uint64_t candidates = 0;  ///< rows read that were missing, stale or left over
  std::uint64_t done = 0;
  std::uint64_t skipped = 0;
  std::uint64_t failed = 0;
  std::uint64_t superseded = 0;  ///< edited or deleted while they were computed; the next run takes them
  std::uint64_t postponed = 0;   ///< nobody could be asked; the next run takes them
  std::string postponed_reason;  ///< of the first of these
  std::map<std::string, std::uint64_t> failures_by_kind;
  std::uint64_t batches = 0;
  std::uint64_t replayed = 0;  ///< batches written row by row because one row was refused
  std::uint64_t retries = 0;
  std::uint64_t in_doubt = 0;  ///< commits whose answer was lost, settled by the ledger
  double seconds = 0, read_seconds = 0, compute_seconds = 0, write_seconds = 0;
  StopReason stopped = StopReason::none;

  /// 0, 1 (rows failed), 69 (no service could be reached) or 75 (stopped early).
  int exit_code() const;
  std::string json() const;
};

/// Adds the seconds of its life to a sum.
class PhaseTimer {
 public:
  PhaseTimer(Clock const& clock, double& sum) : m_clock(clock), m_sum(sum), m_start(clock.steady_now()) {}
  ~PhaseTimer() { m_sum += std::chrono::duration<double>(m_clock.steady_now() - m_start).count(); }
  PhaseTimer(PhaseTimer const&) = delete;
  PhaseTimer& operator=(PhaseTimer const&) = delete;

 private:
  Clock const& m_clock;
  double& m_sum;
  SteadyTime m_start;
};

/// The same connection under another purpose, as PostgreSQL shows it: "jvmm.embed/read".
db::ConnectionOptions with_purpose(db::ConnectionOptions options, std::string const& suffix);

}  // namespace jvmm::stage
