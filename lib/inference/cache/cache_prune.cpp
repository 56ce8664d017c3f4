#include <limits>
#include <map>
#include <utility>
#include <vector>

#include "inference/cache/sessions.hpp"

namespace jvmm::inference {
namespace {

constexpr std::size_t k_step = 256;
constexpr auto k_any_time = std::numeric_limits<std::int64_t>::max();
constexpr auto k_all = std::numeric_limits<std::uint64_t>::max();

SystemTime time_of(std::int64_t seconds) {
  return SystemTime(std::chrono::seconds(seconds));
}

std::uint64_t count(sqlite::Connection& db, std::string_view sql) {
  return static_cast<std::uint64_t>(db.integer(sql).value_or(0));
}

/// Which sessions' answers may go although they were not released: asked once for each.
class Over {
 public:
  explicit Over(CacheFile& file) : m_sessions(file) {}

  bool operator()(SessionId session) {
    auto const [place, is_new] = m_known.try_emplace(session, false);
    if (is_new) place->second = !m_sessions.is_alive(session);
    return place->second;
  }

 private:
  Sessions m_sessions;
  std::map<SessionId, bool> m_known;
};

/// Takes the marks of sessions that are over away, as if they had released their answers when these came.
void release_abandoned(CacheFile& file) {
  auto& db = file.db();
  Over over(file);
  std::pair<std::int64_t, SessionId> after{-1, 0};
  for (bool more = true; more;) {
    sqlite::Transaction transaction(db);
    std::vector<std::pair<std::int64_t, SessionId>> marks;
    for (auto rows =
             db.query("select id, session from unsettled where (id, session) > (?, ?) order by id, session limit ?",
                      after.first, after.second, k_step);
         rows.next();)
      marks.emplace_back(rows.integer(0), rows.integer(1));
    for (auto const& [id, session] : marks) {
      if (!over(session)) continue;
      db.run("delete from unsettled where id = ? and session = ?", id, session);
      db.run(
          "update answer set used = created where id = ? and used is null"
          " and not exists (select 1 from unsettled u where u.id = answer.id)",
          id);
    }
    transaction.commit();
    more = marks.size() == k_step;
    if (more) after = marks.back();
  }
}

/// What would go, without writing anything.
class Rehearsal {
 public:
  Rehearsal(CacheFile& file, PruneOptions const& options, std::int64_t used_before)
      : m_file(file), m_options(options), m_used_before(used_before), m_over(file) {}

  Pruned run() {
    auto& db = m_file.db();
    auto left = m_file.used_bytes();
    auto const limit = m_options.max_bytes.value_or(k_all);
    for (auto rows = db.query("select id, size, coalesce(used, created) as at, used is null from answer order by at");
         rows.next();) {
      bool const is_unsettled = rows.integer(3) != 0;
      if (is_unsettled && !is_abandoned(rows.integer(0))) {
        ++m_out.kept_unsettled;
        continue;
      }
      auto const size = static_cast<std::uint64_t>(rows.integer(1));
      if (rows.integer(2) >= m_used_before && left <= limit) continue;
      ++m_out.answers;
      m_out.bytes += size;
      left -= std::min(left, size + k_answer_overhead);
    }
    return m_out;
  }

 private:
  bool is_abandoned(std::int64_t id) {
    if (!m_options.unsettled) return false;
    for (auto rows = m_file.db().query("select session from unsettled where id = ?", id); rows.next();)
      if (!m_over(rows.integer(0))) return false;
    return true;
  }

  CacheFile& m_file;
  PruneOptions const& m_options;
  std::int64_t m_used_before;
  Over m_over;
  Pruned m_out;
};

void add(Pruned& sum, Pruned const& step) {
  sum.answers += step.answers;
  sum.bytes += step.bytes;
}

/// In small transactions, so that a run beside it waits for none of them long.
Pruned delete_old(CacheFile& file, std::int64_t used_before) {
  Pruned out;
  for (Pruned step{.answers = k_step}; step.answers == k_step; add(out, step)) {
    sqlite::Transaction transaction(file.db());
    step = file.prune(k_step, used_before, k_all);
    transaction.commit();
  }
  return out;
}

Pruned delete_beyond(CacheFile& file, std::uint64_t max_bytes) {
  Pruned out;
  for (auto used = file.used_bytes(); used > max_bytes; used = file.used_bytes()) {
    sqlite::Transaction transaction(file.db());
    auto const step = file.prune(k_step, k_any_time, used - max_bytes);
    transaction.commit();
    if (step.answers == 0) break;
    add(out, step);
  }
  return out;
}

/// Gives free pages back to the file system.
void shrink(CacheFile& file) {
  auto& db = file.db();
  while (count(db, "pragma freelist_count") > 0)
    db.run("pragma incremental_vacuum(1000)");
  db.run("pragma wal_checkpoint(truncate)");
}

}  // namespace

CacheStats cache_stats(std::filesystem::path const& path) {
  CacheFile file(path, sqlite::Open::existing);
  auto& db = file.db();
  sqlite::ReadTransaction const snapshot(db);
  CacheStats out;
  out.file = db.file();
  std::error_code ignored;
  auto const size = std::filesystem::file_size(path, ignored);
  out.file_bytes = ignored ? 0 : size;
  out.unsettled = count(db, "select count(distinct id) from unsettled");
  std::optional<std::int64_t> oldest, newest;
  for (auto rows = db.query(
           "select s.task, s.model, sum(g.answers), sum(g.bytes), min(g.oldest), max(g.newest) from"
           " (select source, count(*) as answers, sum(size) as bytes, min(created) as oldest, max(created) as newest"
           " from answer group by source) g join source s on s.id = g.source group by s.task, s.model"
           " order by s.task, s.model");
       rows.next();) {
    auto const& group = out.groups.emplace_back(CacheStats::Group{rows.text(0), rows.text(1),
                                                                  static_cast<std::uint64_t>(rows.integer(2)),
                                                                  static_cast<std::uint64_t>(rows.integer(3))});
    out.answers += group.answers;
    oldest = std::min(oldest.value_or(k_any_time), rows.integer(4));
    newest = std::max(newest.value_or(0), rows.integer(5));
  }
  if (oldest) out.oldest = time_of(*oldest);
  if (newest) out.newest = time_of(*newest);
  return out;
}

Pruned prune_cache(std::filesystem::path const& path, PruneOptions const& options, Clock const& clock) {
  CacheFile file(path, sqlite::Open::existing);
  auto const used_before = options.older_than ? unix_seconds(clock) - std::chrono::seconds(*options.older_than).count()
                                              : std::numeric_limits<std::int64_t>::min();
  if (options.dry_run) {
    sqlite::ReadTransaction const snapshot(file.db());
    return Rehearsal(file, options, used_before).run();
  }
  if (options.unsettled) release_abandoned(file);
  auto out = options.older_than ? delete_old(file, used_before) : Pruned();
  if (options.max_bytes) add(out, delete_beyond(file, *options.max_bytes));
  out.kept_unsettled = count(file.db(), "select count(distinct id) from unsettled");
  shrink(file);
  return out;
}

}  // namespace jvmm::inference
