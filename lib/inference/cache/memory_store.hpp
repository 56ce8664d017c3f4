#pragma once

#include <cstring>
#include <list>
#include <mutex>
#include <unordered_map>

#include "inference/cache/answer_store.hpp"

namespace jvmm::inference {

/// The level in front: the most recently used answers, up to a number of bytes.
/// **Threads**: safe.
class MemoryStore {
 public:
  explicit MemoryStore(std::size_t max_bytes) : m_max_bytes(max_bytes) {}

  std::optional<StoredAnswer> find(AnswerKey const& key);
  void put(AnswerKey const& key, StoredAnswer answer);

  std::size_t bytes() const;

 private:
  struct Entry {
    AnswerKey key;
    StoredAnswer answer;
  };
  /// A key is a digest already.
  struct Hash {
    std::size_t operator()(AnswerKey const& key) const {
      std::size_t out = 0;
      std::memcpy(&out, key.data(), sizeof out);
      return out;
    }
  };
  using Entries = std::list<Entry>;

  static std::size_t size_of(Entry const& entry);
  void drop(Entries::iterator entry);

  std::size_t m_max_bytes;
  mutable std::mutex m_mutex;
  Entries m_entries;  ///< most recently used first
  std::unordered_map<AnswerKey, Entries::iterator, Hash> m_places;
  std::size_t m_bytes = 0;
};

}  // namespace jvmm::inference
