#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "db/transaction.hpp"
#include "store/holder.hpp"

namespace jvmm::store {

/// What is known of a run when it starts.
struct RunStart {
  std::string command;
  std::string arguments_json;  ///< an object; never a secret
  std::string stage;           ///< empty for commands without a stage
  std::string fingerprint;
  std::string version;
};

/// A row of jvmm.run. `done` and `failed` count the profiles whose last outcome in the ledger is of this run.
struct Run {
  RunId id;
  std::string command, stage, fingerprint, version, arguments_json, started_at;
  Holder holder;
  std::optional<std::string> outcome;  ///< absent while it runs, or if it was killed
  std::optional<std::int64_t> exit_code;
  std::optional<std::string> summary_json;
  std::optional<std::string> held_up;  ///< why rows were left for the next run
  double seconds = 0;
  std::int64_t done = 0;
  std::int64_t failed = 0;

  /// "done", "stopped", "failed", "running" or "killed" (no outcome, and its process is known to be gone).
  std::string state() const;
};

/// **Database**: one row of jvmm.run.
RunId begin_run(db::WriteTx& tx, RunStart const& start);
void finish_run(db::WriteTx& tx, RunId run, std::string_view outcome, int exit_code, std::string_view summary_json);

/// The last `count` runs, newest first; or only `only`.
std::vector<Run> list_runs(db::Transaction& tx, std::int64_t count, std::optional<RunId> only = {});

/// The fingerprint with which this stage last wrote, if it ever did.
std::optional<std::string> last_fingerprint(db::Transaction& tx, std::string_view stage);

}  // namespace jvmm::store
