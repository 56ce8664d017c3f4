#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "classify/prompt.hpp"
#include "commands/extract_credentials/reading.hpp"
#include "credentials/rules.hpp"
#include "inference/chat.hpp"
#include "inference/ner.hpp"

namespace jvmm::commands {

/// What was said and is not taken over.
struct Dropped {
  std::uint64_t ungrounded = 0;  ///< not in the text
  std::uint64_t unclaimed = 0;   ///< in it, but not claimed there; or of no kind
  std::uint64_t refused = 0;     ///< of the wrong form
  std::uint64_t cut_short = 0;   ///< answers that broke off

  Dropped& operator+=(Dropped const& other);
};

/// What a service found in one passage.
struct Found {
  std::vector<credentials::Value> values;
  Dropped dropped;
  std::string backend;
};

/// Finds credentials by asking a service; what it says is only ever a pointer into the text.
/// **Threads**: `find` and `release` may be called by several at once.
class Finder {
 public:
  virtual ~Finder() = default;

  /// "ner" or "chat".
  virtual std::string_view name() const = 0;

  /// All that shapes its answers, in one line.
  virtual std::string fingerprint() const = 0;
  virtual WindowSize window() const = 0;

  /// One per passage, in order. bad_input and bad_answer are the passage's own fault; any other kind says that nobody
  /// could be asked now. **Throws** what no later run would mend by itself.
  virtual std::vector<Result<Found>> find(std::span<Passage const> passages) = 0;

  /// What came of these is committed.
  virtual void release(std::span<Passage const> passages) = 0;
};

/// Named things, of the kind that their looks and the words around them say. `description`: the route's models.
std::unique_ptr<Finder> find_by_ner(std::shared_ptr<credentials::Rules const> rules,
                                    std::unique_ptr<inference::EntityRecognizer> model, std::string description);

/// Few-shot extraction. `prompt` names {{social_proof}}, {{bio}} or both: a passage fills its own column.
/// **Throws** configuration where it names another.
std::unique_ptr<Finder> find_by_chat(std::shared_ptr<credentials::Rules const> rules, classify::Prompt prompt,
                                     std::unique_ptr<inference::ChatModel> model, std::string description);

/// What the chat model is asked with.
inference::ChatParameters credential_chat_parameters(classify::Prompt const& prompt);

}  // namespace jvmm::commands
