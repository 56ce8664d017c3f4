#include "inference/cache/file_store.hpp"

#include <limits>

#include "inference/cache/usage.hpp"

namespace jvmm::inference {

class FileStore::Reader {
 public:
  explicit Reader(FileStore& store) : m_store(store) {
    {
      std::lock_guard const lock(store.m_mutex);
      if (!store.m_readers.empty()) {
        m_file = std::move(store.m_readers.back());
        store.m_readers.pop_back();
        return;
      }
    }
    m_file = std::make_unique<CacheFile>(store.m_path, sqlite::Open::existing);
  }
  ~Reader() {
    std::lock_guard const lock(m_store.m_mutex);
    m_store.m_readers.push_back(std::move(m_file));
  }
  Reader(Reader const&) = delete;
  Reader& operator=(Reader const&) = delete;

  CacheFile& operator*() const { return *m_file; }

 private:
  FileStore& m_store;
  std::unique_ptr<CacheFile> m_file;
};

FileStore::FileStore(AnswerStoreOptions const& options, Clock const& clock, log::Logger& log)
    : m_path(std::filesystem::absolute(options.file)),
      m_max_bytes(options.max_bytes),
      m_clock(clock),
      m_writer(m_path, [this](CacheFile& file) { keep_size(file); }, log) {
  m_writer.commit([this](CacheFile& file) {
    Sessions sessions(file);
    sessions.forget_old(unix_seconds(m_clock));
    m_session = sessions.begin(m_requests, unix_seconds(m_clock));
  });
}

void FileStore::find(std::span<AnswerKey const> keys, std::span<std::optional<StoredAnswer>> out) {
  auto const now = unix_seconds(m_clock);
  std::vector<AnswerKey> touched;
  {
    Reader const reader(*this);
    sqlite::ReadTransaction const snapshot((*reader).db());
    for (std::size_t i = 0; i < keys.size(); ++i) {
      if (out[i]) continue;
      auto found = (*reader).find(keys[i], now);
      if (!found) continue;
      out[i] = std::move(found->answer);
      if (found->touch) touched.push_back(keys[i]);
    }
  }
  if (touched.empty()) return;
  m_writer.later([touched = std::move(touched), now](CacheFile& file) {
    for (auto const& key : touched)
      file.touch(key, now);
  });
}

OpenRequest FileStore::open(UsageKey const& usage, PicoUsd reserved) {
  return m_requests->add(source_id(usage), reserved);
}

std::int64_t FileStore::source_id(Source const& source) {
  {
    std::lock_guard const lock(m_mutex);
    if (auto const known = m_sources.find(source); known != m_sources.end()) return known->second;
  }
  std::int64_t id = 0;
  m_writer.commit([&](CacheFile& file) { id = file.source_id(source); });
  std::lock_guard const lock(m_mutex);
  m_sources[source] = id;
  return id;
}

void FileStore::settle(Settlement const& settlement) {
  m_requests->take(settlement.request);
  try {
    m_writer.commit([&](CacheFile& file) { write(file, settlement); });
  } catch (...) {
    m_requests->put_back(settlement.request);
    throw;
  }
  m_requests->close(settlement.request);
}

void FileStore::write(CacheFile& file, Settlement const& settlement) {
  auto const now = unix_seconds(m_clock);
  auto const& usage = settlement.usage;
  auto const source = file.source_id(usage);
  for (auto const& [key, answer] : settlement.answers) {
    auto const said_by =
        answer.backend == usage.backend ? source : file.source_id({answer.backend, usage.model, usage.task});
    file.insert(key, answer, said_by, m_session, now);
  }
  Sessions sessions(file);
  sessions.add_usage(m_session, source, usage_of(settlement));
  sessions.close_request(m_session, settlement.request);
}

void FileStore::keep(Source const& source, std::span<std::pair<AnswerKey, StoredAnswer> const> answers) {
  if (answers.empty()) return;
  auto const now = unix_seconds(m_clock);
  m_writer.commit([&](CacheFile& file) {
    auto const id = file.source_id(source);
    for (auto const& [key, answer] : answers)
      file.insert_settled(key, answer, id, now);
  });
}

void FileStore::release(std::span<AnswerKey const> keys) {
  if (keys.empty()) return;
  auto const now = unix_seconds(m_clock);
  m_writer.later([this, now, keys = std::vector(keys.begin(), keys.end())](CacheFile& file) {
    Sessions sessions(file);
    auto const is_alive = [&](SessionId session) { return sessions.is_alive(session); };
    for (auto const& key : keys)
      file.release(key, m_session, is_alive, now);
  });
}

void FileStore::bind_run(std::string_view database, std::int64_t run) {
  m_writer.commit([&](CacheFile& file) { Sessions(file).bind(m_session, database, run); });
}

std::vector<AnswerStore::Orphan> FileStore::orphans(std::string_view database) {
  Reader const reader(*this);
  sqlite::ReadTransaction const snapshot((*reader).db());
  return Sessions(*reader).orphans(database, m_session);
}

void FileStore::reported(SessionId session) {
  m_writer.commit([&](CacheFile& file) { Sessions(file).report(session == 0 ? m_session : session); });
  if (session == 0) m_requests->remove_file();
}

void FileStore::keep_size(CacheFile& file) const {
  constexpr std::size_t k_step = 64;
  constexpr int k_most_steps = 16;
  constexpr auto k_any_time = std::numeric_limits<std::int64_t>::max();
  if (file.used_bytes() <= m_max_bytes) return;
  auto const limit = m_max_bytes + file.unsettled_bytes();
  for (int step = 0; step < k_most_steps; ++step) {
    auto const used = file.used_bytes();
    if (used <= limit || file.prune(k_step, k_any_time, used - limit).answers == 0) return;
  }
}

}  // namespace jvmm::inference
