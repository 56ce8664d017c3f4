#include "inference/remote/in_flight.hpp"

namespace jvmm::inference {

struct InFlight::Pending {
  std::optional<Asked> asked;
};

InFlight::Claim::Claim(InFlight& all, std::span<AnswerKey const> keys)
    : m_all(all), m_keys(keys.begin(), keys.end()), m_mine(keys.size()), m_resolved(keys.size()) {
  std::lock_guard const lock(m_all.m_mutex);
  for (std::size_t i = 0; i < m_keys.size(); ++i) {
    auto const [it, is_new] = m_all.m_pending.try_emplace(m_keys[i]);
    if (is_new) it->second = std::make_shared<Pending>();
    m_mine[i] = is_new;
    m_pending.push_back(it->second);
  }
}

InFlight::Claim::~Claim() {
  for (std::size_t i = 0; i < m_keys.size(); ++i)
    if (m_mine[i] && !m_resolved[i])
      resolve(i, {std::nullopt, Error(Kind::stopped, "another thread gave up asking for the same text")});
}

void InFlight::Claim::resolve(std::size_t i, Asked const& asked) {
  std::lock_guard const lock(m_all.m_mutex);
  m_resolved[i] = true;
  m_all.m_pending.erase(m_keys[i]);
  if (m_pending[i].use_count() == 1) return;  // nobody waits, and nobody can begin to
  m_pending[i]->asked = asked;
  m_all.m_resolved.notify_all();
}

Asked InFlight::Claim::wait_for(std::size_t i) {
  std::unique_lock lock(m_all.m_mutex);
  m_all.m_resolved.wait(lock, [&] { return m_pending[i]->asked.has_value(); });
  return *m_pending[i]->asked;
}

}  // namespace jvmm::inference
