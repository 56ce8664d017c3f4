#pragma once

#include "inference/cache/cache_file.hpp"
#include "inference/cache/open_requests.hpp"

namespace jvmm::inference {

/// The file of a session's open requests, whose lock says that its process lives.
std::filesystem::path session_file(std::filesystem::path const& cache, SessionId session);

/// A session is one process that opened the cache file.
/// **Threads**: as CacheFile. Every function works within the caller's transaction.
class Sessions {
 public:
  explicit Sessions(CacheFile& cache) : m_cache(cache) {}

  /// Adds a session and makes `requests` its file. **Throws** local_io.
  SessionId begin(std::unique_ptr<OpenRequests>& requests, std::int64_t now);

  /// Forgets what nobody will ask about: sessions that are over, reported or of no run, and hold no answers.
  void forget_old(std::int64_t now);

  void bind(SessionId session, std::string_view database, std::int64_t run);
  void add_usage(SessionId session, std::int64_t source, UsageRow const& row);
  void close_request(SessionId session, OpenRequest request);
  std::vector<AnswerStore::Orphan> orphans(std::string_view database, SessionId own);
  void report(SessionId session);

  bool is_alive(SessionId session);

 private:
  std::vector<UsageRow> usage_of(SessionId session);
  Source source(std::int64_t id);
  void forget(SessionId session);

  CacheFile& m_cache;
};

}  // namespace jvmm::inference
