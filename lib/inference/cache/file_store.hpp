#pragma once

#include <map>
#include <memory>
#include <mutex>

#include "inference/cache/group_commit.hpp"
#include "inference/cache/sessions.hpp"

namespace jvmm::inference {

/// The SQLite level: answers, what they cost, and requests on their way. Reading does not wait for writing.
/// **Threads**: safe.
class FileStore {
 public:
  /// **Throws** configuration, local_io, as open_answer_store.
  FileStore(AnswerStoreOptions const& options, Clock const& clock, log::Logger& log);

  /// Fills what is absent of `out`. **Throws** local_io.
  void find(std::span<AnswerKey const> keys, std::span<std::optional<StoredAnswer>> out);
  OpenRequest open(UsageKey const& usage, PicoUsd reserved);
  void settle(Settlement const& settlement);
  void keep(Source const& source, std::span<std::pair<AnswerKey, StoredAnswer> const> answers);
  void release(std::span<AnswerKey const> keys);
  void bind_run(std::string_view database, std::int64_t run);
  std::vector<AnswerStore::Orphan> orphans(std::string_view database);
  void reported(SessionId session);

 private:
  /// A connection for reading, given back at the end.
  class Reader;

  void keep_size(CacheFile& file) const;
  void write(CacheFile& file, Settlement const& settlement);
  std::int64_t source_id(Source const& source);

  std::filesystem::path m_path;
  std::uint64_t m_max_bytes;
  Clock const& m_clock;
  std::unique_ptr<OpenRequests> m_requests;
  SessionId m_session = 0;
  GroupCommit m_writer;
  std::mutex m_mutex;
  std::vector<std::unique_ptr<CacheFile>> m_readers;
  std::map<Source, std::int64_t> m_sources;
};

}  // namespace jvmm::inference
