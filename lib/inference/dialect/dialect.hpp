#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "inference/task.hpp"

namespace jvmm::inference {

/// What a service said of one item, checked, and packed for the cache. Each task has functions to pack and unpack it.
struct Answer {
  std::string bytes;
};

/// A whole answer, taken apart.
struct Reading {
  std::vector<Result<Answer>> answers;  ///< one per item, in order; an item's own flaw (bad_answer) is in its place
  std::optional<std::uint64_t> input_tokens, output_tokens;  ///< as the body says, if it does
};

/// How one task with fixed parameters is spoken to one kind of service. An item is a text, or for entailment a text and
/// a hypothesis (dialect/entailment.hpp). Knows nothing of URLs' hosts, tokens, retries or caches.
/// **Threads**: safe.
class Dialect {
 public:
  virtual ~Dialect() = default;

  virtual Task task() const = 0;

  /// What follows the service's base URL, such as "/embed". Starts with '/' unless it is empty.
  virtual std::string path() const = 0;

  /// The request's JSON. REQUIRES: at least one item, no more than the service takes.
  virtual std::string body(std::span<std::string_view const> items) const = 0;

  /// **Throws** bad_answer where the answer as a whole cannot be used: another shape, another number of items, an error
  /// in a body that came with 200.
  virtual Reading read(std::span<std::string_view const> items, std::string_view body) const = 0;

  /// Forward passes an item costs: the labels of zero-shot.
  virtual std::size_t passes_per_item() const { return 1; }

  /// Tokens that an answer to one item may have, where it is written by a model.
  virtual std::size_t max_output_tokens() const { return 0; }

  /// Everything but model and text that shapes the answer, in one unambiguous string: part of the cache's key.
  virtual std::string parameters_key() const = 0;
};

}  // namespace jvmm::inference
