#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace jvmm::inference {

/// A prompt with everything but the user's last message.
struct ChatParameters {
  std::string system;
  std::vector<std::pair<std::string, std::string>> examples;  ///< user, assistant
  std::size_t max_tokens = 400;
  double temperature = 0;
  std::optional<std::int64_t> seed = 7;
  std::string json_schema;  ///< of the answer, as JSON; empty: free text
  /// For callers who read JSON leniently: judges a reply in place of the schema, which the service is still asked to
  /// keep to. Then the reply is as it came, be it cut by its length; what it refuses is bad_answer, and not kept.
  /// **Threads**: must be safe.
  std::function<bool(std::string_view reply)> accepts;
};

struct ChatReply {
  std::string text;  ///< with a schema and without `accepts`: the JSON object itself, without fences or prose around it
  std::string backend;  ///< who said so
};

/// Answers messages. **Threads**: safe.
class ChatModel {
 public:
  virtual ~ChatModel() = default;

  /// As ZeroShotClassifier::classify. A reply that was cut by its length, or is no JSON where a schema is given, is
  /// bad_answer, unless `accepts` says otherwise.
  virtual std::vector<Result<ChatReply>> ask(std::span<std::string_view const> messages) = 0;

  /// What came of these is committed: their answers need not be kept.
  virtual void release(std::span<std::string_view const>) {}
};

}  // namespace jvmm::inference
