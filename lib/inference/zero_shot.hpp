#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace jvmm::inference {

struct ZeroShotParameters {
  std::vector<std::string> labels;  ///< natural phrases, different, not empty
  std::string hypothesis_template = "This example is {}.";
  bool multi_label = false;
};

struct ZeroShotScores {
  std::vector<double> scores;  ///< 0..1 per label, in the order of the labels; they sum to 1 unless multi_label
  std::string backend;         ///< who said so
};

/// Says how well each label fits a text, without having been trained for them. **Threads**: safe.
class ZeroShotClassifier {
 public:
  virtual ~ZeroShotClassifier() = default;
  virtual ZeroShotParameters const& parameters() const = 0;

  /// One result per text, in order. bad_input and bad_answer are the text's own fault; any other kind says that nothing
  /// could serve it now. **Throws** refused, configuration, bad_answer if no backend is of use at all.
  virtual std::vector<Result<ZeroShotScores>> classify(std::span<std::string_view const> texts) = 0;

  /// What came of these is committed: their answers need not be kept.
  virtual void release(std::span<std::string_view const>) {}
};

/// **Throws** usage: no label, an empty or a repeated one, a template without "{}".
void validate(ZeroShotParameters const& parameters);

}  // namespace jvmm::inference
