#include "stage/committer.hpp"

#include <fmt/format.h>

#include <unordered_map>

#include "base/error.hpp"
#include "db/errors.hpp"
#include "store/migrations.hpp"

namespace jvmm::stage {
namespace {

using State = ComputedRow::State;

/// The database refused the data itself: smaller pieces may pass.
bool is_refused_data(Error const& error) {
  return error.kind() == Kind::bad_input || error.kind() == Kind::bad_answer;
}

/// Every row at most once, none that was not sent, each holding what was sent.
void verify(std::vector<Written> const& written, ComputedBatch const& batch, std::span<std::size_t const> values) {
  std::unordered_map<ProfileId, int> times;
  for (std::size_t const row : values)
    times.emplace(batch.rows[row].id, 0);
  for (auto const& row : written) {
    auto const it = times.find(row.id);
    if (it == times.end() || ++it->second > 1)
      throw Error(Kind::internal, "the write reported a row twice or one that was not sent: " + row.id.text());
    if (!row.as_sent)
      throw Error(Kind::bad_answer, "profile " + row.id.text() + " does not hold what was written")
          .hint("look for a trigger on profiles that changes it");
  }
}

/// For transactions that may be done twice without harm: their doubt is an outage like any other.
void commit_repeatable(db::WriteTx& tx) {
  try {
    tx.commit();
  } catch (db::CommitInDoubt const& doubt) {
    throw Error(Kind::unavailable, doubt.what());
  }
}

store::LedgerEntry ledger_entry(ComputedRow const& row) {
  store::LedgerEntry entry{row.id, "done", row.input_hash, {}, {}, {}, {}};
  if (row.state == State::value) return entry;
  entry.reason = row.reason;
  entry.outcome = row.state == State::skipped ? "skipped" : "failed";
  if (row.state == State::failed) entry.kind = name(row.kind);
  return entry;
}

/// Entries of all rows but those that were superseded: the next run has to see them again.
std::vector<store::LedgerEntry> ledger_entries(ComputedBatch const& batch, std::span<std::size_t const> rows,
                                               std::vector<Written> const& written) {
  std::unordered_map<ProfileId, Written const*> by_id;
  for (auto const& row : written)
    by_id.emplace(row.id, &row);
  std::vector<store::LedgerEntry> entries;
  for (std::size_t const index : rows) {
    auto const& row = batch.rows[index];
    auto entry = ledger_entry(row);
    if (row.state == State::value) {
      auto const it = by_id.find(row.id);
      if (it == by_id.end()) continue;
      entry.written = it->second->digest;
      entry.before_json = it->second->before_json;
    }
    entries.push_back(std::move(entry));
  }
  return entries;
}

}  // namespace

Committer::Committer(EngineOptions const& options, EngineContext& context)
    : m_options(options),
      m_context(context),
      m_connection(with_purpose(context.database, "write")),
      m_retrier(options.retry, context.clock, context.log, context.stop) {}

RunId Committer::begin() {
  db::WriteTx tx(m_connection);
  store::require_migrated(tx);
  auto const previous = store::last_fingerprint(tx, m_context.start.stage);
  m_summary.run = store::begin_run(tx, m_context.start);
  m_lease = store::take_lease(tx, m_context.start.stage, m_options.shard, m_summary.run, m_options.lease_time);
  tx.commit();
  m_context.log.set_run(m_summary.run);
  if (previous && *previous != m_context.start.fingerprint)
    m_context.log.info("what this stage wrote last was made by {}; it is done again by {}", *previous,
                       m_context.start.fingerprint);
  return m_summary.run;
}

void Committer::commit(ComputedBatch const& batch) {
  PhaseTimer const timer(m_context.clock, m_summary.write_seconds);
  auto const all = take_postponed(batch);
  if (all.empty()) return;
  std::optional<Error> refused;
  ++m_summary.batches;
  if (commit_or_refuse(batch, all, refused)) return;
  if (all.size() == 1) return fail_row(batch, all[0], *refused);
  ++m_summary.replayed;
  m_context.log.warn("batch refused, now row by row: {}", refused->what());
  for (std::size_t const row : all)
    if (!commit_or_refuse(batch, {row}, refused)) fail_row(batch, row, *refused);
}

/// The other rows; those that are postponed are only counted.
Committer::Rows Committer::take_postponed(ComputedBatch const& batch) {
  Rows others;
  for (std::size_t i = 0; i < batch.rows.size(); ++i) {
    if (batch.rows[i].state != State::postponed) {
      others.push_back(i);
    } else if (m_summary.postponed++ == 0) {
      m_summary.postponed_reason = batch.rows[i].reason;
      m_context.log.warn("{}", batch.rows[i].reason);
    }
  }
  return others;
}

bool Committer::commit_or_refuse(ComputedBatch const& batch, Rows const& rows, std::optional<Error>& refused) {
  try {
    commit_rows(batch, rows);
    return true;
  } catch (Error const& error) {
    if (!is_refused_data(error)) throw;
    refused.emplace(error);
    return false;
  }
}

void Committer::commit_rows(ComputedBatch const& batch, Rows const& rows) {
  auto const number = ++m_last_number;
  std::optional<std::vector<Written>> written;
  while (!written)
    written = m_retrier([&] { return attempt(batch, rows, number); }, [this] { recover(); });
  count(batch, rows, written->size());
  if (batch.committed) batch.committed(rows);
  observe(Step::after_commit, number);
}

/// One transaction. Absent: its commit was in doubt and turned out not to have happened.
std::optional<std::vector<Written>> Committer::attempt(ComputedBatch const& batch, Rows const& rows,
                                                       std::int64_t number) {
  std::vector<Written> written;
  try {
    db::WriteTx tx(m_connection);
    store::fence(tx, m_lease);
    observe(Step::before_write, number);
    written = write_values(tx, batch, rows);
    store::record(tx, ledger_batch(number), ledger_entries(batch, rows, written));
    if (m_context.in_commit) m_context.in_commit(tx, m_summary.run);
    observe(Step::before_commit, number);
    tx.commit();
  } catch (db::CommitInDoubt const& doubt) {
    if (!settle_doubt(number, doubt.what())) return std::nullopt;
  }
  return written;
}

/// Whether the commit happened. The fence waits for the lost transaction, which holds the lease's row as long as it
/// lives; so the ledger is read when it can no longer change its mind.
bool Committer::settle_doubt(std::int64_t number, char const* what) {
  ++m_summary.in_doubt;
  Retrier retrier(m_options.retry, m_context.clock, m_context.log, m_context.stop);
  auto const committed = retrier(
      [&] {
        recover();
        db::WriteTx tx(m_connection);
        store::fence(tx, m_lease);
        return store::has_batch(tx, ledger_batch(number));
      },
      [] {});
  m_context.log.warn("{}; the ledger says that it {}", what, committed ? "happened" : "did not happen");
  return committed;
}

std::vector<Written> Committer::write_values(db::WriteTx& tx, ComputedBatch const& batch, Rows const& rows) {
  Rows values;
  for (std::size_t const row : rows)
    if (batch.rows[row].state == State::value) values.push_back(row);
  if (values.empty()) return {};
  auto written = batch.write(tx, values);
  verify(written, batch, values);
  return written;
}

void Committer::fail_row(ComputedBatch const& batch, std::size_t row, Error const& refused) {
  ComputedBatch failure;
  failure.rows.push_back(batch.rows[row]);
  failure.rows[0].state = State::failed;
  failure.rows[0].kind = refused.kind();
  failure.rows[0].reason = refused.message();
  commit_rows(failure, {0});
}

void Committer::count(ComputedBatch const& batch, Rows const& rows, std::size_t written) {
  std::size_t values = 0;
  for (std::size_t const index : rows) {
    auto const& row = batch.rows[index];
    if (row.state == State::value) ++values;
    if (row.state == State::skipped) ++m_summary.skipped;
    if (row.state != State::failed) continue;
    ++m_summary.failed;
    ++m_summary.failures_by_kind[std::string(name(row.kind))];
    m_context.log.debug("profile {} failed: {}", row.id.text(), row.reason);
  }
  m_summary.done += written;
  m_summary.superseded += values - written;
}

void Committer::renew_lease() {
  m_retrier(
      [this] {
        db::WriteTx tx(m_connection);
        store::fence(tx, m_lease);
        commit_repeatable(tx);
      },
      [this] { recover(); });
}

void Committer::recover() {
  if (!m_connection.is_open()) m_connection.reconnect();
}

void Committer::observe(Step step, std::int64_t number) {
  if (m_context.observer) m_context.observer->at(step, number);
}

store::LedgerBatch Committer::ledger_batch(std::int64_t number) const {
  return {m_context.start.stage, m_context.start.fingerprint, m_summary.run, number};
}

std::string Committer::summary_json() const {
  auto summary = m_summary.json();
  if (!m_context.more_json) return summary;
  summary.back() = ',';
  return summary + m_context.more_json().substr(1);
}

void Committer::finish(std::string_view outcome, int exit_code) {
  m_summary.retries += m_retrier.retries();
  auto const summary = summary_json();
  m_retrier(
      [&] {
        recover();
        db::WriteTx tx(m_connection);
        store::end_lease(tx, m_lease);
        if (m_context.in_commit) m_context.in_commit(tx, m_summary.run);
        store::finish_run(tx, m_summary.run, outcome, exit_code, summary);
        commit_repeatable(tx);
      },
      [] {});
}

}  // namespace jvmm::stage
