#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace jvmm::inference {

/// A named thing in a text.
struct Entity {
  std::string type;                ///< "PER", "ORG", "LOC", "MISC"
  std::size_t begin = 0, end = 0;  ///< bytes of the UTF-8 text, end excluded; on code point boundaries
  double score = 0;                ///< 0..1
  friend bool operator==(Entity const&, Entity const&) = default;
};

struct Entities {
  std::vector<Entity> entities;  ///< by place
  std::string backend;           ///< who said so
};

/// Finds named things. **Threads**: safe.
class EntityRecognizer {
 public:
  virtual ~EntityRecognizer() = default;

  /// As ZeroShotClassifier::classify.
  virtual std::vector<Result<Entities>> recognize(std::span<std::string_view const> texts) = 0;

  /// What came of these is committed: their answers need not be kept.
  virtual void release(std::span<std::string_view const>) {}
};

}  // namespace jvmm::inference
