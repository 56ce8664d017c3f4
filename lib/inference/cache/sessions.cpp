#include "inference/cache/sessions.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <limits>

#include "inference/cache/usage.hpp"

namespace jvmm::inference {
namespace {

constexpr std::int64_t k_keep_seconds = 30 * 24 * 3600;

std::int64_t signed_of(std::uint64_t value) {
  constexpr auto k_most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  return static_cast<std::int64_t>(std::min(value, k_most));
}

std::uint64_t unsigned_of(std::int64_t value) {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(0, value));
}

std::optional<Task> parse_task(std::string_view text) {
  for (auto const task : {Task::embed, Task::zero_shot, Task::ner, Task::chat, Task::summarise})
    if (name(task) == text) return task;
  return std::nullopt;
}

UsageRow usage_row(sqlite::Rows const& rows, int first) {
  UsageRow row;
  row.metered = {unsigned_of(rows.integer(first)), unsigned_of(rows.integer(first + 1)),
                 unsigned_of(rows.integer(first + 2)), unsigned_of(rows.integer(first + 3)),
                 unsigned_of(rows.integer(first + 4))};
  row.cost = rows.integer(first + 5);
  row.priced = rows.integer(first + 6) != 0;
  row.in_doubt = rows.integer(first + 7);
  row.in_doubt_requests = unsigned_of(rows.integer(first + 8));
  row.retries = unsigned_of(rows.integer(first + 9));
  return row;
}

}  // namespace

std::filesystem::path session_file(std::filesystem::path const& cache, SessionId session) {
  auto file = cache;
  file += fmt::format("-session-{}", session);
  return file;
}

SessionId Sessions::begin(std::unique_ptr<OpenRequests>& requests, std::int64_t now) {
  auto& db = m_cache.db();
  db.run("insert into session (pid, started) values (?, ?)", getpid(), now);
  auto const session = db.last_id();
  requests = std::make_unique<OpenRequests>(session_file(db.file(), session));
  return session;
}

void Sessions::forget_old(std::int64_t now) {
  std::vector<SessionId> old;
  auto& db = m_cache.db();
  for (auto rows = db.query("select id from session where started < ? and (reported <> 0 or database is null)"
                            " and not exists (select 1 from unsettled u where u.session = session.id)",
                            now - k_keep_seconds);
       rows.next();)
    if (!is_alive(rows.integer(0))) old.push_back(rows.integer(0));
  for (auto const session : old)
    forget(session);
}

void Sessions::forget(SessionId session) {
  auto& db = m_cache.db();
  std::error_code ignored;
  std::filesystem::remove(session_file(db.file(), session), ignored);
  db.run("delete from usage where session = ?", session);
  db.run("delete from closed where session = ?", session);
  db.run("delete from session where id = ?", session);
}

void Sessions::bind(SessionId session, std::string_view database, std::int64_t run) {
  m_cache.db().run("update session set database = ?, run = ? where id = ?", database, run, session);
}

void Sessions::add_usage(SessionId session, std::int64_t source, UsageRow const& row) {
  auto& db = m_cache.db();
  UsageRow sum = row;
  {
    auto rows = db.query(
        "select requests, inputs, input_tokens, output_tokens, compute_microseconds, cost, priced, in_doubt,"
        " in_doubt_requests, retries from usage where session = ? and source = ?",
        session, source);
    if (rows.next()) add(sum, usage_row(rows, 0));
  }
  auto const& metered = sum.metered;
  db.run("insert or replace into usage values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", session, source,
         signed_of(metered.requests), signed_of(metered.inputs), signed_of(metered.input_tokens),
         signed_of(metered.output_tokens), signed_of(metered.compute_microseconds), sum.cost, sum.priced, sum.in_doubt,
         signed_of(sum.in_doubt_requests), signed_of(sum.retries));
}

void Sessions::close_request(SessionId session, OpenRequest request) {
  if (request.id == 0) return;
  m_cache.db().run("insert or replace into closed (session, slot, request) values (?, ?, ?)", session,
                   OpenRequests::slot_of(request), request.id);
}

Source Sessions::source(std::int64_t id) {
  auto rows = m_cache.db().query("select backend, model, task from source where id = ?", id);
  if (!rows.next()) return {"unknown", "unknown", Task::embed};
  return {rows.text(0), rows.text(1), parse_task(rows.bytes(2)).value_or(Task::embed)};
}

std::vector<UsageRow> Sessions::usage_of(SessionId session) {
  UsageTotals totals;
  auto& db = m_cache.db();
  for (auto rows = db.query(
           "select source, requests, inputs, input_tokens, output_tokens, compute_microseconds, cost, priced, in_doubt,"
           " in_doubt_requests, retries from usage where session = ? order by source",
           session);
       rows.next();) {
    auto row = usage_row(rows, 1);
    row.key = source(rows.integer(0));
    totals.add(row);
  }
  for (auto const& open : read_open_requests(session_file(db.file(), session))) {
    auto const settled = db.integer("select request from closed where session = ? and slot = ?", session, open.slot);
    if (settled && *settled >= open.request) continue;
    UsageRow row;
    row.key = source(open.source);
    row.in_doubt = std::max<PicoUsd>(0, open.reserved);
    row.in_doubt_requests = 1;
    totals.add(row);
  }
  return totals.rows();
}

std::vector<AnswerStore::Orphan> Sessions::orphans(std::string_view database, SessionId own) {
  std::vector<AnswerStore::Orphan> out;
  for (auto rows = m_cache.db().query(
           "select id, run from session where database = ? and reported = 0 and id <> ? order by id", database, own);
       rows.next();) {
    auto const session = rows.integer(0);
    if (!is_alive(session)) out.push_back({session, rows.integer(1), usage_of(session)});
  }
  return out;
}

void Sessions::report(SessionId session) {
  auto& db = m_cache.db();
  db.run("update session set reported = 1 where id = ?", session);
  if (is_alive(session)) return;
  std::error_code ignored;
  std::filesystem::remove(session_file(db.file(), session), ignored);
}

bool Sessions::is_alive(SessionId session) {
  return is_locked(session_file(m_cache.db().file(), session));
}

}  // namespace jvmm::inference
