#include "inference/remote/remote_backend.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "base/error.hpp"
#include "inference/batching.hpp"
#include "inference/remote/remote_job.hpp"

namespace jvmm::inference {
namespace {

using std::chrono::milliseconds;

constexpr int k_refused_in_a_row = 32;  ///< single items without one answer in between: it is not the items
constexpr milliseconds k_look_again{15'000};

ServiceKind likely_kind(BackendSpec const& spec) {
  switch (spec.kind) {
    case BackendSpec::Kind::tei:
      return ServiceKind::tei;
    case BackendSpec::Kind::openai:
      return ServiceKind::openai;
    case BackendSpec::Kind::endpoint:
      return ServiceKind::toolkit;
    default:
      return ServiceKind::hf;
  }
}

std::string kind_name(BackendSpec const& spec) {
  auto const text = spec.text();
  return text.substr(0, text.find(':'));
}

}  // namespace

std::size_t estimated_tokens(std::string_view text) {
  return (text.size() + 3) / 4 + 2;
}

RemoteBackend::RemoteBackend(Remote& remote, BackendSpec spec, Task task, std::string model, MakeDialect make_dialect,
                             std::vector<MakeDialect> plainer)
    : m_remote(remote),
      m_spec(std::move(spec)),
      m_task(task),
      m_model(std::move(model)),
      m_name(m_spec.text()),
      m_make_dialects(std::move(plainer)),
      m_random(std::random_device{}()) {
  m_make_dialects.insert(m_make_dialects.begin(), std::move(make_dialect));
  m_price = remote.options().prices.find(kind_name(m_spec), m_spec.model.empty() ? m_model : m_spec.model, task);
  if (remote.budget().limits_cost() && !m_price)
    throw Error(Kind::configuration, fmt::format("--max-cost cannot be kept: price table {} has no price for {} on {}",
                                                 remote.options().prices.name, inference::name(task), m_name))
        .hint("choose a table that has it, or your own file, with --prices");
  m_facts = likely_facts();
  m_parameters_key = m_make_dialects[0](m_facts)->parameters_key();
}

RemoteBackend::~RemoteBackend() = default;

std::vector<AnswerKey> RemoteBackend::keys(std::span<std::string_view const> items) const {
  std::vector<AnswerKey> out;
  for (auto const item : items)
    out.push_back(answer_key(m_task, m_model, m_spec.revision, m_parameters_key, item));
  return out;
}

std::vector<Asked> RemoteBackend::ask(std::span<std::string_view const> items, Patience patience) {
  auto const all_keys = keys(items);
  InFlight::Claim claim(m_remote.in_flight(), all_keys);
  std::vector<std::size_t> mine;
  std::vector<AnswerKey> my_keys;
  for (std::size_t i = 0; i < items.size(); ++i)
    if (claim.is_mine(i)) {
      mine.push_back(i);
      my_keys.push_back(all_keys[i]);
    }
  std::vector<Asked> out(items.size());
  auto const done = [&](std::size_t item, Asked asked) {
    claim.resolve(item, asked);
    out[item] = std::move(asked);
  };
  auto stored = m_remote.store().find(my_keys);
  std::vector<std::size_t> missing;
  for (std::size_t i = 0; i < mine.size(); ++i)
    if (stored[i])
      done(mine[i], {std::move(stored[i])});
    else
      missing.push_back(mine[i]);

  if (!missing.empty()) {
    Round round;
    round.items = items;
    round.keys = all_keys;
    round.patience = patience;
    round.done = done;
    run_round(round, missing);
  }
  for (std::size_t i = 0; i < items.size(); ++i)
    if (!claim.is_mine(i)) out[i] = claim.wait_for(i);
  return out;
}

void RemoteBackend::run_round(Round& round, std::vector<std::size_t> const& missing) {
  try {
    prepare(round.patience);
  } catch (Error const& error) {
    for (auto const item : missing)
      round.done(item, {std::nullopt, error});
    return;
  }
  std::vector<std::string_view> texts;
  for (auto const item : missing)
    texts.push_back(round.items[item]);
  ++round.jobs;  // so that the last job cannot end the round before all are posted
  for (auto& batch : batches(texts, m_facts)) {
    for (auto& place : batch)
      place = missing[place];
    RemoteJob::post(*this, round, std::move(batch));
  }
  std::unique_lock lock(round.mutex);
  --round.jobs;
  round.finished.wait(lock, [&] { return round.jobs == 0; });
}

std::vector<std::vector<std::size_t>> RemoteBackend::batches(std::span<std::string_view const> items,
                                                             ServiceFacts const& facts) const {
  std::vector<std::size_t> lengths;
  for (auto const item : items)
    lengths.push_back(estimated_tokens(item));
  BatchLimits limits;
  limits.max_rows = std::max<std::size_t>(facts.items_a_request, 1);
  limits.max_tokens = facts.tokens_a_request > 0 ? facts.tokens_a_request : SIZE_MAX / 2;
  limits.max_padding = 1;
  std::vector<std::vector<std::size_t>> out;
  for (auto& planned : plan_batches(lengths, limits)) {
    std::vector<std::size_t> batch;
    std::size_t bytes = 0;
    for (auto const item : planned) {
      if (!batch.empty() && bytes + items[item].size() > facts.bytes_a_request) {
        out.push_back(std::move(batch));
        batch.clear();
        bytes = 0;
      }
      batch.push_back(item);
      bytes += items[item].size();
    }
    out.push_back(std::move(batch));
  }
  return out;
}

ServiceFacts RemoteBackend::likely_facts() const {
  return usual_facts(m_spec, likely_kind(m_spec), m_task, m_remote.options());
}

ServiceFacts const& RemoteBackend::facts() {
  prepare(Patience::none);
  return m_facts;
}

void RemoteBackend::prepare(Patience patience) {
  if (m_prepared) return;
  std::lock_guard const lock(m_prepare_mutex);
  if (m_prepared) return;
  auto const now = m_remote.clock().steady_now();
  if (m_not_prepared && (!retryable(m_not_prepared->kind()) || (patience == Patience::none && now < m_look_again)))
    throw *m_not_prepared;
  try {
    m_facts = look(patience);
    m_dialects.clear();
    for (auto const& make : m_make_dialects)
      m_dialects.push_back(make(m_facts));
  } catch (Error const& error) {
    m_not_prepared = error;
    m_look_again = m_remote.clock().steady_now() + k_look_again;
    throw;
  }
  auto const& options = m_remote.options();
  m_gate = std::make_unique<Gate>(
      GateOptions{{m_facts.first_concurrency, m_facts.concurrency}, options.retry_budget, options.run_deadline},
      m_remote.clock(), m_remote.stop());
  // While one answer is being stored, the place it left at the service is another's; but one at a time is in order.
  m_pool = std::make_unique<WorkerPool>(m_facts.concurrency > 1 ? 2 * m_facts.concurrency : 1);
  m_prepared = true;
}

/// Who is patient waits for a service that is just starting.
ServiceFacts RemoteBackend::look(Patience patience) {
  auto const& options = m_remote.options();
  Gate pause({{1, 1}, options.retry_budget, options.run_deadline}, m_remote.clock(), m_remote.stop());
  auto const give_up = m_remote.clock().steady_now() + options.retry_budget;
  for (milliseconds longest(500);; longest = std::min(longest * 2, milliseconds(30'000))) {
    try {
      return look_at_service(m_remote, m_spec, m_task);
    } catch (Error const& error) {
      auto const wait = up_to(longest);
      if (!retryable(error.kind()) || patience == Patience::none || m_remote.clock().steady_now() + wait > give_up)
        throw;
      m_remote.log().warn("{}; trying again in {} ms", error.what(), wait.count());
      pause.sleep(wait);
    }
  }
}

milliseconds RemoteBackend::up_to(milliseconds longest) {
  std::lock_guard const lock(m_mutex);
  return milliseconds(std::uniform_int_distribution<std::int64_t>(0, longest.count())(m_random));
}

Error RemoteBackend::error_of(Verdict const& verdict) const {
  return Error(verdict.kind, fmt::format("{}: {}", m_name, verdict.reason)).hint(verdict.hint);
}

void RemoteBackend::note_refusal(Error const& error) {
  std::lock_guard const lock(m_mutex);
  if (++m_refused_in_a_row < k_refused_in_a_row) return;
  m_gate->stop_service(Error(Kind::configuration, fmt::format("{} texts in a row were refused, the last by {}",
                                                              m_refused_in_a_row, error.message()))
                           .hint("look at the model's name and what it takes"));
}

/// Whether there is a plainer dialect than the one that was refused.
bool RemoteBackend::step_down(std::size_t refused) {
  if (refused + 1 >= m_dialects.size()) return false;
  if (m_spoken.compare_exchange_strong(refused, refused + 1))
    m_remote.log().info("{}: asking in plainer words from now on", m_name);
  return true;
}

void RemoteBackend::note_answer(http::Reply const& reply) {
  std::lock_guard const lock(m_mutex);
  m_refused_in_a_row = 0;
  if (auto const warning = reply.header("x-hf-warning"); warning && !std::exchange(m_warned, true))
    m_remote.log().warn("{}: {}", m_name, warning->substr(0, 300));
  auto const revision = reply.header("x-sha");
  if (!revision || *revision == m_seen_revision) return;
  if (!m_spec.revision.empty() && !revision->starts_with(m_spec.revision))
    m_gate->stop_service(Error(Kind::bad_answer, fmt::format("{}: revision {} answered, {} is asked for", m_name,
                                                             revision->substr(0, 64), m_spec.revision)));
  else if (!m_seen_revision.empty())
    m_remote.log().warn("{}: the model's revision changed from {} to {}", m_name, m_seen_revision,
                        revision->substr(0, 64));
  m_seen_revision = revision->substr(0, 64);
}

}  // namespace jvmm::inference
