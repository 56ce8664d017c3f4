#include "inference/cache/memory_store.hpp"

namespace jvmm::inference {

std::optional<StoredAnswer> MemoryStore::find(AnswerKey const& key) {
  std::lock_guard const lock(m_mutex);
  auto const place = m_places.find(key);
  if (place == m_places.end()) return std::nullopt;
  m_entries.splice(m_entries.begin(), m_entries, place->second);
  return place->second->answer;
}

void MemoryStore::put(AnswerKey const& key, StoredAnswer answer) {
  std::lock_guard const lock(m_mutex);
  if (auto const place = m_places.find(key); place != m_places.end()) drop(place->second);
  m_entries.push_front({key, std::move(answer)});
  m_places[key] = m_entries.begin();
  m_bytes += size_of(m_entries.front());
  while (m_bytes > m_max_bytes)
    drop(std::prev(m_entries.end()));
}

std::size_t MemoryStore::bytes() const {
  std::lock_guard const lock(m_mutex);
  return m_bytes;
}

std::size_t MemoryStore::size_of(Entry const& entry) {
  constexpr std::size_t k_nodes = 96;  // of list and map, and what allocation rounds up
  return sizeof(Entry) + k_nodes + entry.answer.bytes.size() + entry.answer.backend.size();
}

void MemoryStore::drop(Entries::iterator entry) {
  m_bytes -= size_of(*entry);
  m_places.erase(entry->key);
  m_entries.erase(entry);
}

}  // namespace jvmm::inference
