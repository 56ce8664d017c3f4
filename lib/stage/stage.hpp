#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/error.hpp"
#include "base/ids.hpp"
#include "db/transaction.hpp"

namespace jvmm::stage {

/// The profiles to look at: after < id <= upto; with `only` not empty, those of it.
struct PageRequest {
  ProfileId after, upto;
  std::span<ProfileId const> only;
};

/// Candidates by id. `cut`: the stage stopped early to bound its memory; the engine goes on after the last row.
template <class Row>
struct Page {
  std::vector<Row> rows;
  bool cut = false;
};

/// Nothing to store, and a reason worth remembering ("no text").
struct Skipped {
  std::string reason;
};

/// The row's own fault: the rest of the batch is done, the ledger keeps the reason, `jvmm retry` tries again.
struct RowFailure {
  Kind kind = Kind::bad_input;
  std::string reason;
};

/// Nobody could be asked now: an outage, a rate limit, a spent budget. The row stays as it is, without a mark in the
/// ledger, and the run ends after this batch; the next run takes the row.
struct Postponed {
  Kind kind = Kind::unavailable;
  std::string reason;
};

template <class Value>
using Outcome = std::variant<Value, Skipped, RowFailure, Postponed>;

/// A value on its way into the database, with the input it was computed from.
template <class Value>
struct Done {
  ProfileId id;
  std::string_view input_hash;
  Value const* value;
};

/// What a row holds after `write`. A row that is not reported was edited or deleted meanwhile.
struct Written {
  ProfileId id;
  std::string digest;       ///< of the columns as they are now; undo compares it
  std::string before_json;  ///< the columns as they were
  bool as_sent = false;     ///< the row holds what was sent
};

/// What one enrichment brings to the engine: rows whose output is missing or stale, a computation, a guarded write. It
/// holds no transaction and reports no progress. A Row has id() and input_hash(). Rows are profiles, unless the stage
/// has a static page_bound(): the statement that cuts its table into pages of ids.
///
/// A stage may have committed(rows): told, after a batch's transaction, whose values are in the database now, or came
/// too late for a row that was edited or deleted meanwhile.
///
/// **Threads**: the engine calls `candidates` and `write` (with `committed`) from one thread each and `compute` from
/// EngineOptions::compute_threads, all at the same time: they must not share mutable state.
template <class S>
concept Stage = requires(S s, S const c, db::ReadTx& rd, db::WriteTx& wr, PageRequest const& page,
                         std::span<typename S::Row const> rows, std::span<Done<typename S::Value> const> done) {
  { c.name() } -> std::convertible_to<std::string_view>;         // ledger key; permanent once released
  { c.fingerprint() } -> std::convertible_to<std::string_view>;  // model, taxonomy, parameters
  { s.candidates(rd, page) } -> std::same_as<Page<typename S::Row>>;
  { s.compute(rows) } -> std::same_as<std::vector<Outcome<typename S::Value>>>;  // one a row, in order
  { s.write(wr, done) } -> std::same_as<std::vector<Written>>;                   // guarded by input_hash
};

}  // namespace jvmm::stage
