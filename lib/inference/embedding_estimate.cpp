#include "inference/embedding_estimate.hpp"

#include <cmath>
#include <cstring>
#include <functional>

#include "base/error.hpp"
#include "inference/routes/embedding_route.hpp"

namespace jvmm::inference {
namespace {

std::uint64_t short_key(AnswerKey const& key) {
  std::uint64_t out;
  std::memcpy(&out, key.data(), sizeof out);
  return out;
}

}  // namespace

EmbeddingEstimate::EmbeddingEstimate(std::string_view route, RouteContext const& context)
    : m_context(context),
      m_info(open_embedder(route,
                           [&] {
                             auto quiet = context;
                             quiet.ask_nobody = true;
                             return quiet;
                           }())
                 ->info()),
      m_counter(m_info, context.local.models_dirs) {
  m_work.model = m_info.model;
  m_work.exact_tokens = m_counter.is_exact();
  for (auto const& spec : parse_route(route)) {
    if (!spec.is_remote()) continue;
    m_backend = make_embedding_backend(spec, m_info, m_counter, *context.remote);
    if (!spec.model.empty()) m_work.model = spec.model;
    break;
  }
  if (!m_backend) {
    m_work.backend = "local";
    return;
  }
  m_work.remote = true;
  m_work.backend = m_backend->name();
  m_work.priced = m_backend->price().has_value();
  try {
    m_facts = m_backend->facts();
  } catch (Error const& error) {
    if (!retryable(error.kind())) throw;
    m_facts = m_backend->likely_facts();
  }
}

EmbeddingEstimate::~EmbeddingEstimate() = default;

void EmbeddingEstimate::add(std::span<std::string_view const> texts) {
  m_work.texts += texts.size();
  std::vector<std::string_view> fresh;
  std::vector<AnswerKey> keys;
  for (auto const text : texts) {
    auto const key = m_backend ? m_backend->keys({&text, 1})[0] : answer_key(Task::embed, m_info.model, "", "", text);
    if (!m_seen.insert(short_key(key)).second) continue;
    ++m_work.unique_texts;
    fresh.push_back(text);
    keys.push_back(key);
  }
  if (!m_backend) return add_request(fresh);
  std::vector<std::string_view> unpaid;
  auto const stored = m_context.remote->store().find(keys);
  for (std::size_t i = 0; i < fresh.size(); ++i)
    stored[i] ? void(++m_work.cached) : unpaid.push_back(fresh[i]);
  for (auto const& batch : m_backend->batches(unpaid, m_facts)) {
    std::vector<std::string_view> request;
    for (auto const item : batch)
      request.push_back(unpaid[item]);
    add_request(request);
  }
}

void EmbeddingEstimate::add_request(std::span<std::string_view const> texts) {
  Metered metered;
  metered.requests = m_backend ? 1 : 0;
  metered.inputs = texts.size();
  for (auto const text : texts)
    metered.input_tokens += m_counter.count(text).tokens;
  if (m_backend && m_backend->price()) {
    auto const& price = *m_backend->price();
    auto const seconds = price.seconds_per_input * static_cast<double>(texts.size());
    metered.compute_microseconds = static_cast<std::uint64_t>(std::llround(seconds * 1e6));
    m_work.cost += price.cost(metered);
  }
  m_work.metered += metered;
}

}  // namespace jvmm::inference
