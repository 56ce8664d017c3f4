#include "support/inference_stub_bill.hpp"

#include "json/writer.hpp"

namespace jvmm::testing {
namespace {

__extension__ using Wide = __int128;

void write_meter(json::Writer& out, StubMeter const& meter) {
  out.member("requests", meter.requests).member("inputs", meter.inputs);
  out.member("input_tokens", meter.input_tokens).member("output_tokens", meter.output_tokens);
  out.member("compute_microseconds", meter.compute_microseconds).member("cost_pico_usd", meter.cost);
}

}  // namespace

std::string_view name(StubTask task) {
  switch (task) {
    case StubTask::embed:
      return "embed";
    case StubTask::zero_shot:
      return "zero_shot";
    case StubTask::ner:
      return "ner";
    case StubTask::chat:
      return "chat";
    case StubTask::summarise:
      return "summarise";
  }
  return "unknown";
}

StubMeter& StubMeter::operator+=(StubMeter const& other) {
  requests += other.requests;
  inputs += other.inputs;
  input_tokens += other.input_tokens;
  output_tokens += other.output_tokens;
  compute_microseconds += other.compute_microseconds;
  cost += other.cost;
  return *this;
}

std::int64_t stub_cost(StubPrice const& price, StubMeter const& meter) {
  constexpr Wide k_micro = 1'000'000;
  Wide const whole = Wide{meter.requests} * price.per_request + Wide{meter.inputs} * price.per_input +
                     Wide{meter.input_tokens} * price.per_input_token +
                     Wide{meter.output_tokens} * price.per_output_token;
  Wide const micro = whole * k_micro + Wide{meter.compute_microseconds} * price.per_compute_second;
  return static_cast<std::int64_t>((micro + k_micro / 2) / k_micro);
}

StubMeter StubBill::total() const {
  StubMeter out;
  for (auto const& [what, meter] : metered)
    out += meter;
  return out;
}

std::string StubBill::json() const {
  json::Writer out(json::Layout::indented);
  out.begin_object().key("total").begin_object();
  write_meter(out, total());
  out.end_object().key("metered").begin_array();
  for (auto const& [what, meter] : metered) {
    out.begin_object().member("model", what.first).member("task", name(what.second));
    write_meter(out, meter);
    out.end_object();
  }
  out.end_array().key("requests_by_path").begin_object();
  for (auto const& [path, count] : requests_by_path)
    out.member(path, count);
  out.end_object().key("requests_by_status").begin_object();
  for (auto const& [status, count] : requests_by_status)
    out.member(std::to_string(status), count);
  out.end_object().key("faults").begin_object();
  for (auto const& [fault, count] : faults)
    out.member(fault, count);
  out.end_object();
  out.member("connections", connections).member("in_flight", in_flight).member("max_in_flight", max_in_flight);
  out.member("distinct_texts", distinct_texts).member("computed_texts", computed_texts);
  out.member("max_times_computed", max_times_computed).end_object();
  return std::move(out).take() + "\n";
}

}  // namespace jvmm::testing
