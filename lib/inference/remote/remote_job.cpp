#include "inference/remote/remote_job.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include "text/digest.hpp"

namespace jvmm::inference {
namespace {

using std::chrono::milliseconds;

constexpr int k_most_attempts = 20;
constexpr int k_most_time_outs = 3;  ///< after which waiting longer is not worth it

/// A place behind the gate, given back whatever happens.
class Place {
 public:
  Place(Gate& gate, Patience patience) : m_gate(gate) { m_gate.enter(patience); }
  ~Place() {
    if (!m_left) m_gate.leave_with({});
  }
  Place(Place const&) = delete;
  Place& operator=(Place const&) = delete;

  void leave_with_success(double seconds) {
    m_left = true;
    m_gate.leave_with_success(std::chrono::duration<double>(seconds));
  }
  void leave_with(Verdict const& verdict) {
    m_left = true;
    m_gate.leave_with(verdict);
  }

 private:
  Gate& m_gate;
  bool m_left = false;
};

/// Money of the budget. Where it is not known what became of it, as the answer could not be stored, it counts as spent.
class Reservation {
 public:
  Reservation(Budget& budget, PicoUsd reserved) : m_budget(budget), m_reserved(reserved), m_spent(reserved) {
    m_budget.reserve(reserved);
  }
  ~Reservation() { m_budget.settle(m_reserved, m_spent); }
  Reservation(Reservation const&) = delete;
  Reservation& operator=(Reservation const&) = delete;

  void settle(PicoUsd spent) { m_spent = spent; }

 private:
  Budget& m_budget;
  PicoUsd m_reserved, m_spent;
};

/// x-compute-time: decimal seconds from hf, whole milliseconds from TEI.
std::uint64_t compute_microseconds(http::Reply const& reply) {
  auto const header = reply.header("x-compute-time");
  if (!header) return 0;
  double value = 0;
  auto const [end, code] = std::from_chars(header->data(), header->data() + header->size(), value);
  constexpr double k_most = 86'400e6;
  auto const scale = header->find('.') != std::string_view::npos ? 1e6 : 1e3;
  if (code != std::errc() || !(value >= 0) || value * scale > k_most) return 0;
  return static_cast<std::uint64_t>(std::llround(value * scale));
}

std::optional<std::uint64_t> compute_tokens(http::Reply const& reply) {
  auto const header = reply.header("x-compute-tokens");
  if (!header) return std::nullopt;
  std::uint64_t value = 0;
  auto const [end, code] = std::from_chars(header->data(), header->data() + header->size(), value);
  return code == std::errc() ? std::optional(value) : std::nullopt;
}

}  // namespace

RemoteJob::RemoteJob(RemoteBackend& backend, RemoteBackend::Round& round, std::vector<std::size_t> items,
                     Failures failures)
    : m_backend(backend), m_round(round), m_items(std::move(items)), m_failures(std::move(failures)) {}

void RemoteJob::post(RemoteBackend& backend, RemoteBackend::Round& round, std::vector<std::size_t> items,
                     Failures failures) {
  {
    std::lock_guard const lock(round.mutex);
    ++round.jobs;
  }
  auto job = std::make_shared<RemoteJob>(backend, round, std::move(items), std::move(failures));
  backend.m_pool->post([job] { job->run(); });
}

void RemoteJob::run() noexcept {
  try {
    while (follow(attempt())) {
    }
  } catch (Error const& error) {
    bool const is_named = !retryable(error.kind()) || error.message().starts_with(m_backend.m_name);
    fail(is_named ? error : Error(error.kind(), m_backend.m_name + ": " + error.message()).hint(error.hint()), false);
  } catch (std::exception const& error) {
    fail(Error(Kind::internal, error.what()), false);
  }
  std::lock_guard const lock(m_round.mutex);
  if (--m_round.jobs == 0) m_round.finished.notify_all();
}

/// One request: reserved, noted as open, sent, judged, settled.
Verdict RemoteJob::attempt() {
  auto& remote = m_backend.m_remote;
  Place place(*m_backend.m_gate, m_round.patience);
  ++m_attempts;
  m_spoken = m_backend.m_spoken;
  auto request = this->request();
  auto const reserved = m_backend.m_price ? m_backend.m_price->cost(estimate(request.body.size())) : 0;
  Reservation reservation(remote.budget(), reserved);
  Settlement settlement;
  settlement.usage = {m_backend.m_name, m_backend.m_model, m_backend.m_task};
  settlement.priced = m_backend.m_price.has_value();
  settlement.request = remote.store().open(settlement.usage, reserved);

  auto const reply = remote.transport().send(std::move(request)).get();
  auto verdict = judge(m_backend.m_facts.kind, m_backend.m_task, reply, remote.clock().now());
  if (verdict.action == Action::use) read(reply, settlement, verdict);
  if (verdict.action == Action::use) {
    place.leave_with_success(reply.seconds);
    m_backend.note_answer(reply);
  } else {
    if (verdict.wait) *verdict.wait += m_backend.up_to(*verdict.wait / 20);
    place.leave_with(verdict);
    settlement.retried = true;
  }
  m_timeouts += reply.transfer == http::Transfer::timed_out;
  settlement.in_doubt = verdict.may_be_billed ? reserved : 0;
  auto const spent = settlement.cost + settlement.in_doubt;
  deliver(std::move(settlement));
  reservation.settle(spent);
  return verdict;
}

/// An answer that cannot be read was computed and billed all the same, unless it is an error in disguise, or should
/// have said itself how much: then nobody knows.
void RemoteJob::read(http::Reply const& reply, Settlement& settlement, Verdict& verdict) {
  m_answered.clear();
  m_flawed.clear();
  Reading reading;
  try {
    reading = dialect().read(texts(), reply.body);
  } catch (Error const& error) {
    verdict = judge_unreadable(m_backend.m_facts.kind, m_backend.m_task, error);
    bool const says_usage = m_backend.m_facts.kind == ServiceKind::openai || m_backend.m_task == Task::chat;
    verdict.may_be_billed = says_usage || is_error_body(reply.body);
    if (verdict.may_be_billed) return;
  }
  settlement.metered = metered(reply, reading);
  if (m_backend.m_price) settlement.cost = m_backend.m_price->cost(settlement.metered);
  for (std::size_t i = 0; i < reading.answers.size(); ++i) {
    auto& answer = reading.answers[i];
    if (answer) {
      m_answered.push_back(m_items[i]);
      settlement.answers.emplace_back(m_round.keys[m_items[i]],
                                      StoredAnswer{std::move(answer->bytes), m_backend.m_name});
    } else {
      m_flawed.emplace_back(m_items[i], answer.error());
    }
  }
}

/// What is on disk may be used.
void RemoteJob::deliver(Settlement settlement) {
  std::vector<StoredAnswer> answers;
  for (auto const& [key, answer] : settlement.answers)
    answers.push_back(answer);
  m_backend.m_remote.store().settle(std::move(settlement));
  for (std::size_t i = 0; i < answers.size(); ++i)
    m_round.done(m_answered[i], {std::move(answers[i])});
}

/// Does what a verdict asks for. True: the same batch again.
bool RemoteJob::follow(Verdict const& verdict) {
  if (verdict.action == Action::use) {
    // A vector of nonsense may be the server's fault: once more, alone.
    bool const was_alone = m_items.size() == 1 && m_failures[Kind::bad_answer] > 0;
    for (auto const& [item, error] : m_flawed) {
      if (was_alone)
        m_round.done(item, {std::nullopt, error, true});
      else
        post(m_backend, m_round, {item}, {{Kind::bad_answer, 1}});
    }
    m_items.clear();
    return false;
  }
  auto action = verdict.action;
  bool const again = action == Action::retry || action == Action::halve;
  if (again && ++m_failures[verdict.kind] > verdict.retries) action = verdict.then;
  if (again && (m_attempts >= k_most_attempts || m_timeouts >= k_most_time_outs)) action = Action::give_up;
  if (action == Action::halve && m_items.size() == 1) action = Action::retry;
  if (action == Action::simplify && !m_backend.step_down(m_spoken)) action = verdict.then;
  switch (action) {
    case Action::use:
      return false;
    case Action::simplify:
      return true;
    case Action::retry:
      back_off(verdict);
      return true;
    case Action::halve:
      back_off(verdict);
      halve();
      return false;
    case Action::split:
      if (m_items.size() > 1) {
        halve();
      } else {
        auto const error = m_backend.error_of(verdict);
        fail(error, true);
        m_backend.note_refusal(error);
      }
      return false;
    case Action::give_up:
      fail(m_backend.error_of(verdict), false);
      return false;
    case Action::stop:
      m_backend.m_gate->stop_service(m_backend.error_of(verdict));
      fail(m_backend.error_of(verdict), false);
      return false;
  }
  return false;
}

/// Full jitter. Where the service said how long to wait, the gate keeps everybody waiting.
void RemoteJob::back_off(Verdict const& verdict) {
  if (verdict.wait) return;
  auto const doublings = std::min(m_failures[verdict.kind] - 1, 10);
  auto const longest = std::min({verdict.first_backoff * (1 << std::max(doublings, 0)), verdict.longest_backoff,
                                 m_backend.m_remote.options().longest_backoff});
  m_backend.m_gate->sleep(m_backend.up_to(longest));
}

void RemoteJob::halve() {
  auto const middle = m_items.begin() + static_cast<std::ptrdiff_t>(m_items.size() / 2);
  post(m_backend, m_round, {m_items.begin(), middle}, m_failures);
  post(m_backend, m_round, {middle, m_items.end()}, m_failures);
  m_items.clear();
}

void RemoteJob::fail(Error const& error, bool own_fault) {
  for (auto const item : std::exchange(m_items, {}))
    m_round.done(item, {std::nullopt, error, own_fault});
}

http::Request RemoteJob::request() const {
  auto const& options = m_backend.m_remote.options();
  http::Request out;
  out.url = m_backend.m_facts.base_url + dialect().path();
  out.token = token_for(m_backend.m_spec, options);
  out.body = dialect().body(texts());
  out.timeout = timeout();
  out.headers = {{"Content-Type", "application/json"}, {"Accept", "application/json"}};
  if (m_backend.m_facts.kind == ServiceKind::hf && !options.bill_to.empty())
    out.headers.push_back({"X-HF-Bill-To", options.bill_to});
  return out;
}

milliseconds RemoteJob::timeout() const {
  auto const configured = m_backend.m_remote.options().request_timeout;
  if (configured.count() > 0) return configured;
  auto const passes = static_cast<std::int64_t>(m_items.size() * dialect().passes_per_item());
  auto const by_task = [&]() -> milliseconds {
    switch (m_backend.m_task) {
      case Task::embed:
      case Task::ner:
        return milliseconds(30'000);
      case Task::zero_shot:
        return milliseconds(10'000 + 500 * passes);
      case Task::summarise:
        return milliseconds(90'000);
      case Task::chat:
        return milliseconds(120'000);
    }
    return milliseconds(30'000);
  }();
  return by_task * (1 << m_timeouts);
}

/// At most what the request may cost: a byte is a token at worst, and what is said beside the texts counts too.
Metered RemoteJob::estimate(std::size_t body_bytes) const {
  Metered out;
  out.requests = 1;
  out.inputs = m_items.size();
  out.input_tokens = body_bytes * dialect().passes_per_item();
  out.output_tokens = dialect().max_output_tokens() * m_items.size();
  auto const passes = static_cast<double>(m_items.size() * dialect().passes_per_item());
  auto const seconds = m_backend.m_price ? m_backend.m_price->seconds_per_input : 0;
  out.compute_microseconds = static_cast<std::uint64_t>(std::ceil(2e6 * seconds * passes));
  return out;
}

Metered RemoteJob::metered(http::Reply const& reply, Reading const& reading) const {
  Metered out;
  out.requests = 1;
  out.inputs = m_items.size();
  out.compute_microseconds = compute_microseconds(reply);
  out.output_tokens = reading.output_tokens.value_or(0);
  auto tokens = reading.input_tokens ? reading.input_tokens : compute_tokens(reply);
  if (!tokens) {
    tokens = 0;
    for (auto const text : texts())
      *tokens += estimated_tokens(text);
  }
  out.input_tokens = *tokens;
  return out;
}

std::vector<std::string_view> RemoteJob::texts() const {
  std::vector<std::string_view> out;
  for (auto const item : m_items)
    out.push_back(m_round.items[item]);
  return out;
}

}  // namespace jvmm::inference
