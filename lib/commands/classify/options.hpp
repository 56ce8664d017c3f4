#pragma once

#include <string_view>

#include "classify/task.hpp"
#include "commands/batch_options.hpp"

namespace jvmm::commands {

struct ClassifyOptions {
  classify::Task task = classify::Task::niche;
  BatchOptions batch;
  bool only_failed = false;  ///< what 'jvmm retry' asks for

  /// "classify-niche", "classify-offers", "classify-style", or "retry".
  std::string_view command() const;

  /// **Throws** usage.
  void validate() const { batch.validate(); }
};

}  // namespace jvmm::commands
