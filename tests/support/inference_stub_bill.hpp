#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace jvmm::testing {

enum class StubTask { embed, zero_shot, ner, chat, summarise };
std::string_view name(StubTask task);

/// In pico-dollars (millionths of a millionth of a dollar).
struct StubPrice {
  std::int64_t per_request = 0, per_input = 0, per_input_token = 0, per_output_token = 0, per_compute_second = 0;
};

/// What was computed. An input is a text, on TEI's /predict a pair, in chat a conversation.
struct StubMeter {
  std::uint64_t requests = 0, inputs = 0, input_tokens = 0, output_tokens = 0;
  std::uint64_t compute_microseconds = 0;  ///< as the headers said
  std::int64_t cost = 0;                   ///< pico-dollars: the sum over requests, each rounded half up

  StubMeter& operator+=(StubMeter const& other);
  friend bool operator==(StubMeter const&, StubMeter const&) = default;
};

/// The cost of what was metered, rounded half up once. Exact; REQUIRES: it fits 64 bits.
std::int64_t stub_cost(StubPrice const& price, StubMeter const& meter);

/// A request is billed when its answer was computed: when it was read whole, before the latency, and also if the
/// connection is cut afterwards. What is refused is not billed.
struct StubBill {
  std::map<std::pair<std::string, StubTask>, StubMeter> metered;  ///< by model and task
  std::map<std::string, std::uint64_t> requests_by_path;
  std::map<int, std::uint64_t> requests_by_status;  ///< 0: no status line was sent
  std::map<std::string, std::uint64_t> faults;      ///< by what went wrong, "429", "hang"
  std::uint64_t connections = 0, in_flight = 0, max_in_flight = 0;
  std::uint64_t distinct_texts = 0, computed_texts = 0;  ///< the same unless something was paid for twice
  std::uint64_t max_times_computed = 0;                  ///< of one text

  StubMeter total() const;
  std::string json() const;
};

}  // namespace jvmm::testing
