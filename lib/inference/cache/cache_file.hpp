#pragma once

#include "inference/cache/answer_store.hpp"
#include "inference/cache/sqlite.hpp"

namespace jvmm::inference {

using SessionId = std::int64_t;

/// What an answer is: who answered, by which model, for which task.
using Source = UsageKey;

/// Says whether a session's process still lives (sessions.hpp).
using IsAlive = std::function<bool(SessionId)>;

/// The SQLite file of answers: one connection to it, its form checked. An answer that a session has not released is
/// *unsettled*: it has a mark of that session and no time of last use, and is never pruned.
/// **Threads**: one at a time. Every function but the constructor works within the caller's transaction if there is
/// one.
class CacheFile {
 public:
  /// With `create`, makes folder (0700) and file (0600) where they are missing. **Throws** configuration (a file that
  /// is no cache of ours, or newer), local_io; missing_input with `existing`.
  CacheFile(std::filesystem::path const& file, sqlite::Open mode);

  sqlite::Connection& db() { return m_db; }

  struct Found {
    StoredAnswer answer;
    bool touch = false;  ///< its time of last use is older than a day
  };
  std::optional<Found> find(AnswerKey const& key, std::int64_t now);

  /// Stores the answer, in place of an older one, with a mark of the session.
  void insert(AnswerKey const& key, StoredAnswer const& answer, std::int64_t source, SessionId session,
              std::int64_t now);

  /// Stores an answer that may be pruned at once; leaves one that is there.
  void insert_settled(AnswerKey const& key, StoredAnswer const& answer, std::int64_t source, std::int64_t now);

  /// Takes away the marks of this session, and of those that are not alive.
  void release(AnswerKey const& key, SessionId session, IsAlive const& is_alive, std::int64_t now);

  void touch(AnswerKey const& key, std::int64_t now);

  /// The id of a source, made if it is new.
  std::int64_t source_id(Source const& source);

  /// Deletes up to `most` of the least recently used settled answers last used before the time, until about `bytes` of
  /// the file are free. Its result counts their own bytes.
  Pruned prune(std::size_t most, std::int64_t used_before, std::uint64_t bytes);

  /// What is in use of the file, without free pages.
  std::uint64_t used_bytes();

  /// About what the unsettled answers take of it.
  std::uint64_t unsettled_bytes();

 private:
  void check_form();
  void create_form();

  sqlite::Connection m_db;
};

/// Seconds since 1970.
std::int64_t unix_seconds(Clock const& clock);

/// For parameters.
sqlite::Blob blob(AnswerKey const& key);

/// About what an answer takes in the file beside its bytes.
constexpr std::uint64_t k_answer_overhead = 256;

}  // namespace jvmm::inference
