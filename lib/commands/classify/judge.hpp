#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "classify/classifier.hpp"
#include "inference/embedder.hpp"
#include "store/classifications.hpp"

namespace jvmm::commands {

/// One profile on its way through a cascade.
struct Question {
  classify::Input input;
  std::vector<classify::Wanted> wanted;    ///< what the classifier would have embedded
  std::vector<inference::Vector> vectors;  ///< of these, in order; empty: none
};

/// What a stage of a cascade says of a profile.
struct Ruling {
  classify::Verdict verdict;
  std::string method;                ///< "embedding", "rules", "nli", "head" or "chat"
  std::string model;                 ///< that said so
  std::string backend;               ///< the service; empty: this process
  std::vector<std::string> foreign;  ///< labels that were said and are in no taxonomy
};

/// One stage of a cascade. **Threads**: `rule` and `release` may be called by several at once.
class Judge {
 public:
  virtual ~Judge() = default;

  /// "embedding", "rules", "nli", "head" or "chat".
  virtual std::string_view name() const = 0;

  /// All that shapes its rulings, in one line.
  virtual std::string fingerprint() const = 0;

  /// Columns that it reads beside those that the task reads anyway.
  virtual std::vector<std::string> columns() const { return {}; }

  /// One per question, in order. bad_input and bad_answer are the profile's own fault; any other kind says that nobody
  /// could be asked now. **Throws** what no later run would mend by itself.
  virtual std::vector<Result<Ruling>> rule(std::span<Question const* const> questions) = 0;

  /// What came of these is committed.
  virtual void release(std::span<Question const* const>) {}

  /// Whether it waits for somebody else.
  virtual bool waits_for_services() const { return false; }
};

/// The texts of a profile that its classification reads, as one: those of more than three characters, " | " between
/// them.
std::string joined_text(classify::Input const& input, classify::Task task);

}  // namespace jvmm::commands
