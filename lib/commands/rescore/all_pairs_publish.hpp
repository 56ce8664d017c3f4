#pragma once

#include <span>
#include <string>

#include "commands/rescore/all_pairs_report.hpp"
#include "commands/rescore/population.hpp"
#include "store/generations.hpp"
#include "store/leases.hpp"

namespace jvmm::commands {

/// A run of the all-pairs stage and its lease. **Threads**: one at a time, as its connection.
class LeasedRun {
 public:
  /// Records the run and takes the lease, both or neither. **Throws** lease_held.
  LeasedRun(RunContext& context, db::Connection& connection, ScoringSetup const& setup, store::Shard shard);

  /// A run that was not finished is recorded as failed, as far as the database can be reached.
  ~LeasedRun();
  LeasedRun(LeasedRun const&) = delete;
  LeasedRun& operator=(LeasedRun const&) = delete;

  RunId id() const { return m_run; }
  store::Lease const& lease() const { return m_lease; }

  /// Keeps the lease alive, if it is time to. **Throws** lease_held if another run took over.
  void renew();

  void finish(std::string_view outcome, int code, std::string const& summary);

 private:
  RunContext& m_context;
  db::Connection& m_connection;
  RunId m_run;
  store::Lease m_lease;
  SteadyTime m_renewed;
  bool m_finished = false;
};

/// What of an all-pairs run goes into a generation.
struct Publication {
  Population const& population;
  ScoringSetup const& setup;
  scoring::AllPairsResult const& result;
  std::int64_t generation = 0;
  store::Shard shard;
  std::optional<std::vector<ProfileId>> lists;  ///< only these profiles' lists are new; absent: all of the shard
};

/// Stages the shard's rows; publishes if it was the last shard that was missing. Fills in the report.
/// **Throws** unavailable if rows of other shards are gone.
void publish(db::Connection& connection, LeasedRun const& run, Publication const& what, AllPairsReport& report);

}  // namespace jvmm::commands
