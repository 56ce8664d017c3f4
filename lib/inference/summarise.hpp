#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace jvmm::inference {

struct SummaryParameters {
  std::size_t min_tokens = 30, max_tokens = 130;
};

struct SummaryText {
  std::string text;
  std::string backend;  ///< who said so
};

/// Shortens texts. **Threads**: safe.
class Summarizer {
 public:
  virtual ~Summarizer() = default;

  /// As ZeroShotClassifier::classify.
  virtual std::vector<Result<SummaryText>> summarise(std::span<std::string_view const> texts) = 0;

  /// What came of these is committed: their answers need not be kept.
  virtual void release(std::span<std::string_view const>) {}
};

}  // namespace jvmm::inference
