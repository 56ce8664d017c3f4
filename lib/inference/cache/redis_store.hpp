#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "inference/cache/answer_store.hpp"
#include "inference/cache/redis_connection.hpp"

namespace jvmm::inference {

/// The level that several machines share. Answers are written behind the caller's back, and left out where Redis is too
/// slow for them. At its first failure it is left alone for the rest of the process, after one warning.
/// **Threads**: safe.
class RedisStore {
 public:
  /// A URL that makes no sense is a failure like others.
  RedisStore(Secret const& url, std::chrono::hours ttl, log::Logger& log);
  /// Writes what waits, for a second or two.
  ~RedisStore();
  RedisStore(RedisStore const&) = delete;
  RedisStore& operator=(RedisStore const&) = delete;

  /// Absent: not there, malformed, or there is no Redis. **Cost**: a round trip; once in the process a second.
  std::vector<std::optional<StoredAnswer>> find(std::span<AnswerKey const> keys);

  /// **Cost**: a copy.
  void put(std::span<std::pair<AnswerKey, StoredAnswer> const> answers);

 private:
  void write_in_turn();
  void leave_alone(std::string_view why);

  std::string m_name;
  std::string m_ttl_seconds;
  log::Logger& m_log;
  std::atomic<bool> m_off{false};
  std::mutex m_failing;
  std::mutex m_reading;
  std::unique_ptr<RedisConnection> m_reader;
  std::unique_ptr<RedisConnection> m_writer;
  std::mutex m_mutex;
  std::condition_variable m_changed;
  std::deque<RedisConnection::Command> m_waiting;
  std::size_t m_waiting_bytes = 0;
  bool m_stopping = false;
  std::thread m_thread;
};

/// As a value in Redis: two lengths of four bytes each, little endian, then backend and bytes. Absent if it is not
/// that.
std::string redis_value(StoredAnswer const& answer);
std::optional<StoredAnswer> parse_redis_value(std::string_view value);

}  // namespace jvmm::inference
