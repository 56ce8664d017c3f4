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
  /// For estimates and reservations where the service meters seconds: of one input (of one label in zero-shot).
  double seconds_per_input = 0;

  /// Rounded half up to a whole pico-dollar. Saturates instead of overflowing.
  PicoUsd cost(Metered const& metered) const;
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

  std::string name, date, source;
  std::vector<Entry> entries;  ///< the first that fits counts

  /// Absent where no price is known: then a budget in money cannot be kept.
  std::optional<Price> find(std::string_view backend, std::string_view model, Task task) const;
};

/// The shipped tables. **Threads**: safe.
std::span<PriceTable const> price_tables();

/// A shipped table by name, or a file by its path. **Throws** configuration (no such table, names those there are),
/// missing_input, bad_input (names file, place and expectation).
PriceTable open_price_table(std::string const& name_or_path);

}  // namespace jvmm::inference
