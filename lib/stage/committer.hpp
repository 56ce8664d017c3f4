#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "db/connection.hpp"
#include "stage/engine_types.hpp"
#include "stage/stage.hpp"
#include "store/ledger.hpp"

namespace jvmm::stage {

/// One row of a computed batch, without the type of its value.
struct ComputedRow {
  enum class State { value, skipped, failed, postponed };
  ProfileId id;
  std::string input_hash;
  State state = State::value;
  Kind kind = Kind::bad_input;  ///< of a failure or a postponement
  std::string reason;           ///< of all but a value
};

/// A computed batch. `write` stores the values of the rows with the given indexes; `committed` hears of the rows of a
/// transaction that was committed.
struct ComputedBatch {
  std::vector<ComputedRow> rows;
  std::function<std::vector<Written>(db::WriteTx&, std::span<std::size_t const>)> write;
  std::function<void(std::span<std::size_t const>)> committed = {};
};

/// Brings computed batches into the database: data and ledger in one transaction, fenced by the lease, verified by what
/// the rows hold afterwards. An outage is waited out; a commit in doubt is settled by the ledger, never repeated on
/// suspicion; a batch that the data makes impossible is replayed row by row, so that one bad row costs one row.
///
/// **Threads**: one thread.
class Committer {
 public:
  Committer(EngineOptions const& options, EngineContext& context);

  /// Records the start of the run and takes the lease, both or neither. **Throws** lease_held.
  RunId begin();

  /// **Throws** lease_held if another run took over, unavailable if the outage lasted too long.
  void commit(ComputedBatch const& batch);

  /// For when a batch takes long to compute. **Throws** as `commit`.
  void renew_lease();

  /// Records the end and gives the lease back.
  void finish(std::string_view outcome, int exit_code);

  Summary& summary() { return m_summary; }

 private:
  using Rows = std::vector<std::size_t>;

  Rows take_postponed(ComputedBatch const& batch);
  bool commit_or_refuse(ComputedBatch const& batch, Rows const& rows, std::optional<Error>& refused);
  void commit_rows(ComputedBatch const& batch, Rows const& rows);
  std::optional<std::vector<Written>> attempt(ComputedBatch const& batch, Rows const& rows, std::int64_t number);
  bool settle_doubt(std::int64_t number, char const* what);
  std::vector<Written> write_values(db::WriteTx& tx, ComputedBatch const& batch, Rows const& rows);
  void fail_row(ComputedBatch const& batch, std::size_t row, Error const& refused);
  void count(ComputedBatch const& batch, Rows const& rows, std::size_t written);
  void recover();
  void observe(Step step, std::int64_t number);
  std::string summary_json() const;
  store::LedgerBatch ledger_batch(std::int64_t number) const;

  EngineOptions const& m_options;
  EngineContext& m_context;
  db::Connection m_connection;
  Retrier m_retrier;
  store::Lease m_lease;
  std::int64_t m_last_number = 0;
  Summary m_summary;
};

}  // namespace jvmm::stage
