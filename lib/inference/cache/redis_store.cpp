#include "inference/cache/redis_store.hpp"

#include <fmt/format.h>
#include <hiredis/hiredis.h>

#include <algorithm>

#include "base/error.hpp"

namespace jvmm::inference {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t k_keys_in_mget = 128;
constexpr std::size_t k_sets_in_pipeline = 64;
constexpr std::size_t k_max_waiting_bytes = std::size_t{16} << 20;
constexpr std::size_t k_max_value = std::size_t{64} << 20;
constexpr auto k_last_writes = 2s;

std::string redis_key(AnswerKey const& key) {
  return fmt::format("jvmm:answer:1:{:02x}", fmt::join(key, ""));
}

void append_length(std::string& out, std::size_t length) {
  for (unsigned shift = 0; shift < 32; shift += 8)
    out += static_cast<char>(length >> shift & 0xffu);
}

std::size_t length_at(std::string_view value, std::size_t at) {
  std::size_t out = 0;
  for (std::size_t i = 4; i-- > 0;)
    out = out << 8u | static_cast<unsigned char>(value[at + i]);
  return out;
}

std::size_t size_of(RedisConnection::Command const& command) {
  std::size_t out = 0;
  for (auto const& word : command)
    out += word.size();
  return out;
}

std::vector<RedisConnection::Command> mget_commands(std::span<AnswerKey const> keys) {
  std::vector<RedisConnection::Command> out;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (i % k_keys_in_mget == 0) out.push_back({"MGET"});
    out.back().push_back(redis_key(keys[i]));
  }
  return out;
}

}  // namespace

std::string redis_value(StoredAnswer const& answer) {
  std::string out;
  append_length(out, answer.backend.size());
  append_length(out, answer.bytes.size());
  return out.append(answer.backend).append(answer.bytes);
}

std::optional<StoredAnswer> parse_redis_value(std::string_view value) {
  constexpr std::size_t k_lengths = 8;
  if (value.size() < k_lengths) return std::nullopt;
  auto const backend = length_at(value, 0);
  auto const bytes = length_at(value, 4);
  if (value.size() - k_lengths != backend + bytes) return std::nullopt;
  value.remove_prefix(k_lengths);
  return StoredAnswer{std::string(value.substr(backend)), std::string(value.substr(0, backend))};
}

RedisStore::RedisStore(Secret const& url, std::chrono::hours ttl, log::Logger& log)
    : m_ttl_seconds(std::to_string(std::max<std::int64_t>(1, std::chrono::seconds(ttl).count()))), m_log(log) {
  try {
    auto const address = parse_redis_url(url);
    m_name = address.text();
    m_reader = std::make_unique<RedisConnection>(address);
    m_writer = std::make_unique<RedisConnection>(address);
  } catch (Error const& error) {
    leave_alone(error.what());
    return;
  }
  m_thread = std::thread([this] { write_in_turn(); });
}

RedisStore::~RedisStore() {
  {
    std::lock_guard const lock(m_mutex);
    m_stopping = true;
  }
  m_changed.notify_one();
  if (m_thread.joinable()) m_thread.join();
}

std::vector<std::optional<StoredAnswer>> RedisStore::find(std::span<AnswerKey const> keys) {
  std::vector<std::optional<StoredAnswer>> out(keys.size());
  if (keys.empty() || m_off) return out;
  std::lock_guard const lock(m_reading);
  if (m_off) return out;  // while this one waited
  try {
    auto const replies = m_reader->run(mget_commands(keys));
    for (std::size_t i = 0; i < keys.size(); ++i) {
      auto const& reply = *replies[i / k_keys_in_mget];
      auto const place = i % k_keys_in_mget;
      if (reply.type != REDIS_REPLY_ARRAY || place >= reply.elements) continue;
      auto const& element = *reply.element[place];
      if (element.type == REDIS_REPLY_STRING) out[i] = parse_redis_value({element.str, element.len});
    }
  } catch (Error const& error) {
    leave_alone(error.what());
  }
  return out;
}

void RedisStore::put(std::span<std::pair<AnswerKey, StoredAnswer> const> answers) {
  if (m_off) return;
  std::lock_guard const lock(m_mutex);
  for (auto const& [key, answer] : answers) {
    if (answer.bytes.size() + m_waiting_bytes > k_max_waiting_bytes || answer.bytes.size() > k_max_value) continue;
    m_waiting.push_back({"SET", redis_key(key), redis_value(answer), "EX", m_ttl_seconds});
    m_waiting_bytes += size_of(m_waiting.back());
  }
  m_changed.notify_one();
}

void RedisStore::write_in_turn() {
  auto end = SteadyTime::max();
  std::unique_lock lock(m_mutex);
  while (!m_off) {
    m_changed.wait(lock, [&] { return m_stopping || !m_waiting.empty(); });
    if (m_stopping) end = std::min(end, std::chrono::steady_clock::now() + k_last_writes);
    if (m_waiting.empty() || std::chrono::steady_clock::now() > end) return;
    std::vector<RedisConnection::Command> commands;
    while (!m_waiting.empty() && commands.size() < k_sets_in_pipeline) {
      m_waiting_bytes -= size_of(m_waiting.front());
      commands.push_back(std::move(m_waiting.front()));
      m_waiting.pop_front();
    }
    lock.unlock();
    try {
      m_writer->run(commands);
    } catch (Error const& error) {
      leave_alone(error.what());
    }
    lock.lock();
  }
  m_waiting.clear();
}

void RedisStore::leave_alone(std::string_view why) {
  std::lock_guard const lock(m_failing);
  if (m_off) return;
  m_log.warn("Redis {}is not used any more: {}", m_name.empty() ? "" : "at " + m_name + " ", why);
  m_off = true;
}

}  // namespace jvmm::inference
