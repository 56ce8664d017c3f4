#pragma once

#include <string>
#include <string_view>

#include "classify/task.hpp"
#include "commands/batch_options.hpp"
#include "store/classifications.hpp"

namespace jvmm::commands {

struct ClassifyOptions {
  classify::Task task = classify::Task::niche;
  BatchOptions batch;
  std::string write_niche = "empty";  ///< of niche: never, empty or priority
  bool only_failed = false;           ///< what 'jvmm retry' asks for

  /// "classify-niche", "classify-offers", "classify-style", or "retry".
  std::string_view command() const;

  /// **Throws** usage.
  void validate() const;
};

}  // namespace jvmm::commands
