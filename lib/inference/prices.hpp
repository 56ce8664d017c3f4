#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "inference/task.hpp"

namespace jvmm::inference {

/// Money is counted in whole millionths of a millionth of a dollar, so that sums are exact; it is reported in
/// micro-dollars, rounded half up once.
using PicoUsd = std::int64_t;
std::int64_t micro_usd(PicoUsd cost);

/// What a request was metered at.
struct Metered {
  std::uint64_t requests = 0, inputs = 0, input_tokens = 0, output_tokens = 0;
  std::uint64_t compute_microseconds = 0;

  Metered& operator+=(Metered const& other);
  friend bool operator==(Metered const&, Metered const&) = default;
};

/// What a service takes. Prices that do not apply are 0.
struct Price {
  PicoUsd per_request = 0, per_input = 0, per_input_token = 0, per_output_token = 0, per_compute_second = 0;
  /// Compute seconds, for estimates and reservations: of one input, in zero-shot of one label of it where the service
  /// meters seconds. 0: not known.
  double seconds_per_input = 0;

  /// Rounded half up to a whole pico-dollar. Saturates instead of overflowing.
  PicoUsd cost(Metered const& metered) const;
};

/// A machine that is paid by the hour.
struct Instance {
  std::string name;
  PicoUsd per_hour = 0;
  std::optional<PicoUsd> per_month;  ///< a flat price, where the source names one
  bool gpu = false;
  /// Of one text, one at a time; in zero-shot with all labels. 0: not known.
  double embed_seconds = 0, zero_shot_seconds = 0, ner_seconds = 0;
  std::string date, source, note;
};

/// A list of prices with a date and a source: data (prices.json), selectable by name, or a user's own file.
class PriceTable {
 public:
  struct Entry {
    std::string backend;  ///< "hf", "tei", …; "*" for any
    std::string model;    ///< "BAAI/bge-large-en-v1.5"; "*" for any
    std::string task;     ///< "embed", …; "*" for any
    Price price;
    std::string note;
  };

  /// What an account is given.
  struct Allowance {
    std::string name;
    PicoUsd per_month = 0;         ///< what the account costs
    PicoUsd credit_per_month = 0;  ///< free use in it
    std::optional<std::uint64_t> requests_per_day;
    std::string note;
  };

  std::string name, date, source;
  std::vector<Entry> entries;  ///< the first that fits counts
  std::vector<Allowance> allowances;
  std::vector<Instance> instances;  ///< of a user's own file; they come before the shipped ones

  /// Absent where no price is known: then a budget in money cannot be kept. A model's suffix after ':' ("…:cheapest")
  /// counts only where an entry has it.
  std::optional<Price> find(std::string_view backend, std::string_view model, Task task) const;
};

/// What jvmm counts with unless another is named: what the provider documents, not what the plan assumed.
inline constexpr std::string_view k_default_price_table = "hf-inference-2026-08";

/// The shipped tables, the default first. **Threads**: safe.
std::span<PriceTable const> price_tables();

/// The shipped machines. **Threads**: safe.
std::span<Instance const> instances();

/// By name, the table's own first. **Throws** configuration (names those there are).
Instance const& find_instance(PriceTable const& table, std::string_view name);

/// A shipped table by name, or a file by its path (with a '/' or ending in ".json"), in the form of
/// docs/schemas/prices.json. **Throws** configuration (no such table, names those there are), missing_input, bad_input
/// (names file, place and expectation).
PriceTable open_price_table(std::string const& name_or_path);

/// The text of prices.json.
std::string_view prices_json();

}  // namespace jvmm::inference
