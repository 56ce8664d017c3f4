#include "support/inference_stub.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <mutex>
#include <unordered_map>

#include "support/inference_stub_answers.hpp"
#include "support/inference_stub_http.hpp"
#include "support/inference_stub_limiter.hpp"
#include "support/inference_stub_reply.hpp"

namespace jvmm::testing {

using namespace stub;

std::string_view name(StubKind kind) {
  switch (kind) {
    case StubKind::hf:
      return "hf";
    case StubKind::tei:
      return "tei";
    case StubKind::openai:
      return "openai";
    case StubKind::toolkit:
      return "toolkit";
  }
  return "unknown";
}

namespace {

/// At least three decimals, as the recorded ones have.
std::string decimal_seconds(std::uint64_t microseconds) {
  if (microseconds % 1000 == 0) return fmt::format("{}.{:03}", microseconds / 1'000'000, microseconds / 1000 % 1000);
  return fmt::format("{}.{:06}", microseconds / 1'000'000, microseconds % 1'000'000);
}

}  // namespace

struct InferenceStub::State : WireHandler {
  explicit State(StubOptions the_options);

  void connected(std::uint64_t connection) override;
  WireReply answer(WireRequest const& wire) override;
  void finished(std::uint64_t weight) override;

  WireReply answer_own(WireRequest const& wire);
  WireReply answer_service(Call& call);
  Fault fault_for(StubRequest const& request);
  bool strikes(FaultRule const& rule, std::uint64_t struck, StubRequest const& request);
  Answer make_answer(Call const& call, Fault const& fault, Scene const& scene);
  Answer refusal(Call const& call, Refusal const& refusal, Fault const& fault);
  void charge(Call const& call, Answer& answer);
  void add_service_headers(Call const& call, Answer& answer);
  std::chrono::nanoseconds latency(Call const& call, Fault const& fault);
  StubBill bill_now() const;

  StubOptions options;
  VectorPool pool;
  mutable std::recursive_mutex
      mutex;  ///< a script may ask the stub; of all that follows but `limiter` and `busy_until`
  StubBill bill;
  std::uint64_t posts = 0, answered = 0, inputs_in_flight = 0;
  std::unordered_map<std::string, std::uint64_t> computed;
  std::vector<std::uint64_t> struck;                          ///< by rule
  std::unordered_map<std::uint64_t, std::uint64_t> attempts;  ///< by body
  Limiter limiter;
  std::vector<std::chrono::steady_clock::time_point> busy_until;  ///< by worker
  std::unique_ptr<WireServer> server;                             ///< last: its thread uses the rest
};

InferenceStub::State::State(StubOptions the_options)
    : options(std::move(the_options)),
      struck(options.faults.size()),
      limiter(options.rate_limit),
      busy_until(options.workers) {
  server = std::make_unique<WireServer>(*this, options.port);
}

void InferenceStub::State::connected(std::uint64_t) {
  std::lock_guard const lock(mutex);
  ++bill.connections;
}

void InferenceStub::State::finished(std::uint64_t weight) {
  std::lock_guard const lock(mutex);
  if (weight == 0) return;  // of our own
  --bill.in_flight;
  inputs_in_flight -= weight - 1;
}

WireReply InferenceStub::State::answer(WireRequest const& wire) {
  if (wire.target.starts_with("/stub/")) return answer_own(wire);
  Call call;
  read_call(options, wire, call);
  return answer_service(call);
}

WireReply InferenceStub::State::answer_own(WireRequest const& wire) {
  std::lock_guard const lock(mutex);
  Answer out;
  if (wire.target == "/stub/bill")
    out.body = bill_now().json();
  else
    out = {404, "text/plain", "there is /stub/bill\n"};
  return render_reply(out, {}, false);
}

WireReply InferenceStub::State::answer_service(Call& call) {
  std::lock_guard const lock(mutex);
  if (call.wire->method == "POST") call.request.number = ++posts;
  ++bill.requests_by_path[call.path];
  bill.max_in_flight = std::max(bill.max_in_flight, ++bill.in_flight);
  auto const fault = fault_for(call.request);
  if (fault.any()) ++bill.faults[fault.name()];
  auto answer = make_answer(call, fault, {options, pool, inputs_in_flight, options.healthy});
  auto const inputs = answer.work ? answer.work->inputs : 0;
  inputs_in_flight += inputs;
  auto const connection = call.wire->header("connection");
  auto reply = render_reply(answer, fault, connection && *connection == "close");
  reply.weight = 1 + inputs;
  reply.delay = answer.work ? latency(call, fault) : fault.delay;
  ++bill.requests_by_status[reply.bytes.starts_with("HTTP") ? answer.status : 0];
  return reply;
}

/// The answer, computed and charged unless something is refused.
Answer InferenceStub::State::make_answer(Call const& call, Fault const& fault, Scene const& scene) {
  if (fault.wire == Wire::reset_before_reading) return {};
  if (fault.status != 0) {
    auto const speaker = speaker_of(options, call);
    auto const message = fault.message.empty() ? usual_message(speaker, fault.status) : fault.message;
    return refusal(call, {fault.status, message, {}, fault.form}, fault);
  }
  try {
    if (call.wire->method == "POST")
      if (auto const wait = limiter.refuse(std::chrono::steady_clock::now())) {
        Fault hint;
        hint.hint = !options.rate_limit.retry_after ? RetryHint::none : RetryHint::seconds;
        if (options.rate_limit.rate_limit_header) hint.headers = {hint_header(RetryHint::rate_limit, *wait)};
        hint.hint_seconds = *wait;
        return refusal(call, {429, usual_message(speaker_of(options, call), 429)}, hint);
      }
    auto out = answer_call(scene, call, fault.damage);
    charge(call, out);
    add_service_headers(call, out);
    out.headers.insert(out.headers.end(), fault.headers.begin(), fault.headers.end());
    damage_body(out.body, out.content_type, out.headers, fault);
    return out;
  } catch (Refusal const& refused) {
    return refusal(call, refused, fault);
  }
}

Answer InferenceStub::State::refusal(Call const& call, Refusal const& refused, Fault const& fault) {
  std::optional<double> estimated;
  if (fault.hint == RetryHint::estimated_time) estimated = fault.hint_seconds;
  auto body = render_error(speaker_of(options, call), refused, estimated);
  Answer out{refused.status, body.content_type, body.text};
  add_service_headers(call, out);
  if (auto line = hint_header(fault.hint, fault.hint_seconds); !line.empty()) out.headers.push_back(line);
  out.headers.insert(out.headers.end(), fault.headers.begin(), fault.headers.end());
  return out;
}

void InferenceStub::State::charge(Call const& call, Answer& answer) {
  if (!answer.work) return;
  auto const& work = *answer.work;
  auto micro = static_cast<std::uint64_t>(options.compute_per_input.count()) * work.units;
  auto const header = options.compute_header && options.kind != StubKind::openai && work.task != StubTask::chat;
  if (!header) micro = 0;
  if (header && options.kind == StubKind::tei) {
    micro = (micro + 500) / 1000 * 1000;
    answer.headers.push_back(fmt::format("x-compute-time: {}", micro / 1000));
    answer.headers.push_back(fmt::format("x-total-time: {}", micro / 1000));
    for (auto const* const part : {"tokenization", "queue"})
      answer.headers.push_back(fmt::format("x-{}-time: 0", part));
    answer.headers.push_back(fmt::format("x-inference-time: {}", micro / 1000));
  } else if (header) {
    answer.headers.push_back("x-compute-time: " + decimal_seconds(micro));
  }
  if (options.token_header && options.kind != StubKind::openai && work.task != StubTask::chat)
    answer.headers.push_back(fmt::format("x-compute-tokens: {}", work.input_tokens));
  StubMeter meter{1, work.inputs, work.input_tokens, work.output_tokens, micro};
  meter.cost = stub_cost(call.model.price.value_or(options.price), meter);
  bill.metered[{call.model.id, work.task}] += meter;
  for (auto const& text : work.texts)
    bill.max_times_computed = std::max(bill.max_times_computed, ++computed[text]);
  bill.computed_texts += work.texts.size();
}

void InferenceStub::State::add_service_headers(Call const& call, Answer& answer) {
  auto const given = call.wire->header("x-request-id");
  answer.headers.push_back("x-request-id: " + (given ? std::string(*given) : fmt::format("stub-{:08}", ++answered)));
}

Fault InferenceStub::State::fault_for(StubRequest const& request) {
  if (options.script)
    if (auto fault = options.script(request); fault.any()) return fault;
  if (request.number == 0) return {};
  for (std::size_t i = 0; i < options.faults.size(); ++i)
    if (strikes(options.faults[i], struck[i], request)) {
      ++struck[i];
      return options.faults[i].fault;
    }
  return {};
}

bool InferenceStub::State::strikes(FaultRule const& rule, std::uint64_t times, StubRequest const& request) {
  if (times >= rule.times || request.number < rule.from || request.number > rule.to) return false;
  if ((request.number - rule.from) % rule.every != 0) return false;
  if (request.path.find(rule.path) == std::string_view::npos) return false;
  if (!rule.text.empty() && std::none_of(request.texts.begin(), request.texts.end(), [&](auto const text) {
        return text.find(rule.text) != std::string_view::npos;
      }))
    return false;
  if (rule.probability >= 1) return true;
  auto const body = stub_hash(request.body, rule.seed);
  auto const draw = stub_hash(std::to_string(++attempts[body]), body);
  return static_cast<double>(draw >> 11) * 0x1p-53 < rule.probability;
}

/// With workers the request waits until one is free.
std::chrono::nanoseconds InferenceStub::State::latency(Call const& call, Fault const& fault) {
  auto const inputs = static_cast<std::int64_t>(call.request.texts.size());
  auto const own = fault.delay + (options.latency_of ? options.latency_of(call.request)
                                                     : options.latency + options.latency_per_input * inputs);
  if (busy_until.empty()) return own;
  auto const now = std::chrono::steady_clock::now();
  auto const first_free = std::min_element(busy_until.begin(), busy_until.end());
  *first_free = std::max(*first_free, now) + own;
  return *first_free - now;
}

StubBill InferenceStub::State::bill_now() const {
  auto out = bill;
  out.distinct_texts = computed.size();
  return out;
}

InferenceStub::InferenceStub(StubOptions options) : m_state(std::make_unique<State>(std::move(options))) {}

InferenceStub::~InferenceStub() {
  m_state->server.reset();
}

std::string InferenceStub::url() const {
  return fmt::format("http://127.0.0.1:{}", m_state->server->port());
}

StubBill InferenceStub::bill() const {
  std::lock_guard const lock(m_state->mutex);
  return m_state->bill_now();
}

std::uint64_t InferenceStub::requests() const {
  std::lock_guard const lock(m_state->mutex);
  return m_state->posts;
}

std::uint64_t InferenceStub::in_flight() const {
  std::lock_guard const lock(m_state->mutex);
  return m_state->bill.in_flight;
}

std::uint64_t InferenceStub::times_computed(std::string_view text) const {
  std::lock_guard const lock(m_state->mutex);
  auto const found = m_state->computed.find(std::string(text));
  return found == m_state->computed.end() ? 0 : found->second;
}

std::map<std::string, std::uint64_t> InferenceStub::computed_texts() const {
  std::lock_guard const lock(m_state->mutex);
  return {m_state->computed.begin(), m_state->computed.end()};
}

void InferenceStub::set_faults(std::vector<FaultRule> faults) {
  std::lock_guard const lock(m_state->mutex);
  m_state->struck.assign(faults.size(), 0);
  m_state->options.faults = std::move(faults);
}

void InferenceStub::set_script(std::function<Fault(StubRequest const&)> script) {
  std::lock_guard const lock(m_state->mutex);
  m_state->options.script = std::move(script);
}

void InferenceStub::set_healthy(bool healthy) {
  std::lock_guard const lock(m_state->mutex);
  m_state->options.healthy = healthy;
}

void InferenceStub::reset_next_connections(std::uint64_t count) {
  m_state->server->reset_next_connections(count);
}

void InferenceStub::reset_bill() {
  std::lock_guard const lock(m_state->mutex);
  m_state->bill = {};
  m_state->posts = 0;
  m_state->computed.clear();
  m_state->attempts.clear();
  std::fill(m_state->struck.begin(), m_state->struck.end(), 0);
}

}  // namespace jvmm::testing
