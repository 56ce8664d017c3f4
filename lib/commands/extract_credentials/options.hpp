#pragma once

#include <string_view>

#include "commands/batch_options.hpp"

namespace jvmm::commands {

struct ExtractOptions {
  BatchOptions batch;
  bool only_failed = false;  ///< what 'jvmm retry' asks for
  bool summarise = false;    ///< with a preview: long texts in short, for a person to read

  /// "extract-credentials", or "retry".
  std::string_view command() const { return only_failed ? "retry" : "extract-credentials"; }

  /// **Throws** usage.
  void validate() const;
};

}  // namespace jvmm::commands
