#include "inference/cache/answer_store.hpp"

#include "inference/cache/file_store.hpp"
#include "inference/cache/memory_store.hpp"
#include "inference/cache/redis_store.hpp"
#include "inference/cache/usage.hpp"

namespace jvmm::inference {
namespace {

class LevelledStore final : public AnswerStore {
 public:
  LevelledStore(AnswerStoreOptions const& options, Clock const& clock, log::Logger& log)
      : m_memory(options.memory_bytes),
        m_file(options.file.empty() ? nullptr : std::make_unique<FileStore>(options, clock, log)),
        m_redis(options.redis_url.empty() ? nullptr
                                          : std::make_unique<RedisStore>(options.redis_url, options.redis_ttl, log)) {}

  std::vector<std::optional<StoredAnswer>> find(std::span<AnswerKey const> keys) override {
    std::vector<std::optional<StoredAnswer>> out(keys.size());
    std::vector<std::size_t> missing;
    for (std::size_t i = 0; i < keys.size(); ++i) {
      out[i] = m_memory.find(keys[i]);
      if (!out[i]) missing.push_back(i);
    }
    if (missing.empty()) return out;
    if (m_file) m_file->find(keys, out);
    if (m_redis) find_in_redis(keys, out);
    for (auto const i : missing)
      if (out[i]) m_memory.put(keys[i], *out[i]);
    return out;
  }

  OpenRequest open(UsageKey const& usage, PicoUsd reserved) override {
    return m_file ? m_file->open(usage, reserved) : m_requests.add(0, reserved);
  }

  void settle(Settlement settlement) override {
    if (m_file) {
      m_file->settle(settlement);
    } else {
      m_requests.take(settlement.request);
      m_requests.close(settlement.request);
    }
    {
      std::lock_guard const lock(m_mutex);
      m_totals.add(usage_of(settlement));
    }
    if (m_redis) m_redis->put(settlement.answers);
    for (auto& [key, answer] : settlement.answers)
      m_memory.put(key, std::move(answer));
  }

  void keep(UsageKey const& source, std::vector<std::pair<AnswerKey, StoredAnswer>> answers) override {
    if (m_file) m_file->keep(source, answers);
    for (auto& [key, answer] : answers)
      m_memory.put(key, std::move(answer));
  }

  void release(std::span<AnswerKey const> keys) override {
    if (m_file) m_file->release(keys);
  }

  std::vector<UsageRow> usage() override {
    std::lock_guard const lock(m_mutex);
    return m_totals.rows();
  }

  void bind_run(std::string_view database, std::int64_t run) override {
    if (m_file) m_file->bind_run(database, run);
  }

  std::vector<Orphan> orphans(std::string_view database) override {
    return m_file ? m_file->orphans(database) : std::vector<Orphan>();
  }

  void reported(std::int64_t session) override {
    if (m_file) m_file->reported(session);
  }

 private:
  void find_in_redis(std::span<AnswerKey const> keys, std::span<std::optional<StoredAnswer>> out) {
    std::vector<AnswerKey> missing;
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < keys.size(); ++i) {
      if (out[i]) continue;
      missing.push_back(keys[i]);
      places.push_back(i);
    }
    auto found = m_redis->find(missing);
    for (std::size_t i = 0; i < found.size(); ++i)
      out[places[i]] = std::move(found[i]);
  }

  MemoryStore m_memory;
  std::unique_ptr<FileStore> m_file;
  std::unique_ptr<RedisStore> m_redis;
  OpenRequests m_requests;  ///< where there is no file
  std::mutex m_mutex;
  UsageTotals m_totals;
};

}  // namespace

std::unique_ptr<AnswerStore> open_answer_store(AnswerStoreOptions const& options, Clock const& clock,
                                               log::Logger& log) {
  return std::make_unique<LevelledStore>(options, clock, log);
}

}  // namespace jvmm::inference
