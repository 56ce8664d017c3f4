#include "inference/cache/cache_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <limits>
#include <system_error>
#include <thread>

namespace jvmm::inference {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t k_application_id = 0x6a766d6d;  // "jvmm"
constexpr std::int64_t k_form = 2;
constexpr std::int64_t k_touch_after = 24 * 3600;

/// Content lies apart, so that marks, times and statistics touch narrow rows only. Keys are digests, so each finds its
/// page anywhere in an index: only one index has them, and everything else lies in the order in which answers came.
constexpr char const* k_schema = R"(
create table source (
  id integer primary key, backend text not null, model text not null, task text not null,
  unique (backend, model, task)) strict;
create table answer (
  id integer primary key, key blob not null unique, source integer not null, created integer not null,
  used integer, size integer not null) strict;  -- used is null: unsettled
create index answer_used on answer (used) where used is not null;
create table content (id integer primary key, bytes blob not null) strict;
create table unsettled (
  id integer not null, session integer not null, size integer not null,
  primary key (id, session)) strict, without rowid;
create table session (
  id integer primary key autoincrement, pid integer not null, started integer not null,
  database text, run integer, reported integer not null default 0) strict;
create table usage (
  session integer not null, source integer not null, requests integer not null, inputs integer not null,
  input_tokens integer not null, output_tokens integer not null, compute_microseconds integer not null,
  cost integer not null, priced integer not null, in_doubt integer not null, in_doubt_requests integer not null,
  retries integer not null, primary key (session, source)) strict, without rowid;
create table closed (  -- the last request of a slot that was settled (open_requests.hpp)
  session integer not null, slot integer not null, request integer not null,
  primary key (session, slot)) strict, without rowid;
pragma application_id = 1786146157;
pragma user_version = 2;
)";

Error io_failure(fs::path const& path, std::string_view what, int error) {
  return Error(Kind::local_io, fmt::format("{} {}: {}", what, path.string(), std::generic_category().message(error)))
      .hint("set cache_file to a file in a folder that can be written, or to 'none'");
}

void make_folders(fs::path const& folder) {
  std::error_code ignored;
  if (folder.empty() || fs::is_directory(folder, ignored)) return;
  make_folders(folder.parent_path());
  if (mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) throw io_failure(folder, "cannot make folder", errno);
}

/// SQLite gives its other files the mode of this one.
void make_file(fs::path const& file) {
  int const fd = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) throw io_failure(file, "cannot open cache file", errno);
  close(fd);
}

fs::path prepared_path(fs::path const& file, sqlite::Open mode) {
  auto path = fs::absolute(file);
  std::error_code ignored;
  if (mode == sqlite::Open::create && !fs::exists(path, ignored)) {
    make_folders(path.parent_path());
    make_file(path);
  }
  if (mode == sqlite::Open::existing && !fs::exists(path, ignored))
    throw Error(Kind::missing_input, fmt::format("there is no cache file {}", path.string()))
        .hint("'jvmm config show' tells where cache_file comes from");
  return path;
}

Error not_ours(fs::path const& file, std::string_view what) {
  return Error(Kind::configuration, fmt::format("cache file {} {}", file.string(), what))
      .hint("set cache_file to another file");
}

/// Only the first process ever needs this, and SQLite does not always wait for others here.
void use_write_ahead_log(sqlite::Connection& db) {
  constexpr int k_attempts = 2000;
  for (int attempt = 1;; ++attempt) {
    try {
      auto rows = db.query("pragma journal_mode = wal");
      if (rows.next() && rows.bytes(0) == "wal") return;
      throw not_ours(db.file(), "is on a file system where processes cannot share it");
    } catch (Error const& error) {
      if (error.kind() != Kind::local_io || attempt == k_attempts) throw;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  }
}

}  // namespace

std::int64_t unix_seconds(Clock const& clock) {
  return std::chrono::floor<std::chrono::seconds>(clock.now()).time_since_epoch().count();
}

sqlite::Blob blob(AnswerKey const& key) {
  return {{reinterpret_cast<char const*>(key.data()), key.size()}};
}

// --- the file -------------------------------------------------------------------------------------------------------

CacheFile::CacheFile(fs::path const& file, sqlite::Open mode) : m_db(prepared_path(file, mode), mode) {
  m_db.script(
      "pragma trusted_schema = off; pragma temp_store = memory; pragma synchronous = full;"
      "pragma cache_size = -8192; pragma journal_size_limit = 67108864; pragma wal_autocheckpoint = 4000");
  check_form();
}

void CacheFile::check_form() {
  {
    sqlite::ReadTransaction const snapshot(m_db);  // another process may just be making it
    auto const form = m_db.integer("pragma user_version").value_or(0);
    auto const application = m_db.integer("pragma application_id").value_or(0);
    if (application == k_application_id && form == k_form) return;
    if (application == k_application_id && form > k_form)
      throw not_ours(m_db.file(),
                     fmt::format("was written by a newer jvmm (form {}, this one knows {})", form, k_form));
    if (application == k_application_id)
      throw not_ours(m_db.file(), fmt::format("has form {}, of before the first release", form));
    if (application != 0 || form != 0 || m_db.integer("select count(*) from sqlite_schema").value_or(0) != 0)
      throw not_ours(m_db.file(), "is an SQLite file, but no cache of jvmm's");
  }
  create_form();
}

void CacheFile::create_form() {
  m_db.script("pragma auto_vacuum = incremental");
  use_write_ahead_log(m_db);
  sqlite::Transaction transaction(m_db);
  if (m_db.integer("select count(*) from sqlite_schema") != 0) return;  // another process was quicker
  m_db.script(k_schema);
  transaction.commit();
}

// --- answers --------------------------------------------------------------------------------------------------------

std::optional<CacheFile::Found> CacheFile::find(AnswerKey const& key, std::int64_t now) {
  auto rows = m_db.query(
      "select c.bytes, s.backend, a.used from answer a join content c on c.id = a.id join source s on s.id = a.source"
      " where a.key = ?",
      blob(key));
  if (!rows.next()) return std::nullopt;
  bool const touch = !rows.is_null(2) && now - rows.integer(2) >= k_touch_after;
  return Found{{rows.text(0), rows.text(1)}, touch};
}

void CacheFile::insert(AnswerKey const& key, StoredAnswer const& answer, std::int64_t source, SessionId session,
                       std::int64_t now) {
  auto const size = answer.bytes.size();
  auto id = m_db.integer("select id from answer where key = ?", blob(key));
  if (id) {
    m_db.run("update content set bytes = ? where id = ?", sqlite::Blob{answer.bytes}, *id);
    m_db.run("update answer set source = ?, created = ?, used = null, size = ? where id = ?", source, now, size, *id);
  } else {
    m_db.run("insert into answer (key, source, created, size) values (?, ?, ?, ?)", blob(key), source, now, size);
    id = m_db.last_id();
    m_db.run("insert into content (id, bytes) values (?, ?)", *id, sqlite::Blob{answer.bytes});
  }
  m_db.run("insert or replace into unsettled (id, session, size) values (?, ?, ?)", *id, session, size);
}

void CacheFile::insert_settled(AnswerKey const& key, StoredAnswer const& answer, std::int64_t source,
                               std::int64_t now) {
  if (m_db.integer("select id from answer where key = ?", blob(key))) return;
  m_db.run("insert into content (bytes) values (?)", sqlite::Blob{answer.bytes});
  m_db.run("insert into answer (key, id, source, created, used, size) values (?, ?, ?, ?, ?, ?)", blob(key),
           m_db.last_id(), source, now, now, answer.bytes.size());
}

void CacheFile::release(AnswerKey const& key, SessionId session, IsAlive const& is_alive, std::int64_t now) {
  auto const id = m_db.integer("select id from answer where key = ?", blob(key));
  if (!id) return;
  std::vector<SessionId> over;
  bool in_use = false;
  for (auto rows = m_db.query("select session from unsettled where id = ?", *id); rows.next();) {
    auto const holder = rows.integer(0);
    if (holder == session || !is_alive(holder))
      over.push_back(holder);
    else
      in_use = true;
  }
  for (auto const holder : over)
    m_db.run("delete from unsettled where id = ? and session = ?", *id, holder);
  if (!over.empty() && !in_use) m_db.run("update answer set used = ? where id = ? and used is null", now, *id);
}

void CacheFile::touch(AnswerKey const& key, std::int64_t now) {
  m_db.run("update answer set used = ? where key = ? and used < ?", now, blob(key), now);
}

std::int64_t CacheFile::source_id(Source const& source) {
  auto const task = name(source.task);
  if (auto const id = m_db.integer("select id from source where backend = ? and model = ? and task = ?", source.backend,
                                   source.model, task))
    return *id;
  m_db.run("insert into source (backend, model, task) values (?, ?, ?)", source.backend, source.model, task);
  return m_db.last_id();
}

// --- size -----------------------------------------------------------------------------------------------------------

Pruned CacheFile::prune(std::size_t most, std::int64_t used_before, std::uint64_t bytes) {
  std::vector<std::int64_t> victims;
  Pruned out;
  {
    auto rows = m_db.query("select id, size from answer where used < ? order by used limit ?", used_before, most);
    while (out.bytes + k_answer_overhead * victims.size() < bytes && rows.next()) {
      victims.push_back(rows.integer(0));
      out.bytes += static_cast<std::uint64_t>(rows.integer(1));
    }
  }
  for (auto const victim : victims) {
    m_db.run("delete from content where id = ?", victim);
    m_db.run("delete from answer where id = ?", victim);
  }
  out.answers = victims.size();
  return out;
}

std::uint64_t CacheFile::used_bytes() {
  auto const pages = m_db.integer("pragma page_count").value_or(0) - m_db.integer("pragma freelist_count").value_or(0);
  return static_cast<std::uint64_t>(std::max<std::int64_t>(0, pages) * m_db.integer("pragma page_size").value_or(0));
}

std::uint64_t CacheFile::unsettled_bytes() {
  auto rows = m_db.query("select coalesce(sum(size), 0), count(*) from unsettled");
  if (!rows.next()) return 0;
  return static_cast<std::uint64_t>(rows.integer(0)) + k_answer_overhead * static_cast<std::uint64_t>(rows.integer(1));
}

}  // namespace jvmm::inference
