#pragma once

#include <optional>
#include <string>

#include "commands/run_context.hpp"

namespace jvmm::commands {

struct CredentialEvaluationOptions {
  std::string labels;                      ///< file of what is true
  std::optional<std::string> predictions;  ///< file of what was said; absent: what the database stores
  bool rules = false;                      ///< the rules on the file's own texts, without a database
  std::optional<double> require;           ///< least precision and recall of each kind, 0..1

  /// **Throws** usage.
  void validate() const;
};

/// Compares credentials with what people say is true (docs/schemas/evaluate-credentials.json). Returns 0, or 1 where a
/// kind is below `require` or a value is not in its text.
/// **Throws** as read_credential_labels and say_by_file; bad_input where none of the profiles is in the database.
/// **Database**: where neither predictions nor rules are asked for, one read-only transaction.
int evaluate_credentials(RunContext& context, CredentialEvaluationOptions const& options);

}  // namespace jvmm::commands
