#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "commands/run_context.hpp"
#include "domain/embedding_field.hpp"

namespace jvmm::commands {

struct SimilarOptions {
  std::string profile;                                 ///< id; or empty, and `text` is given
  std::optional<std::string> text;                     ///< free text, embedded now
  EmbeddingField field = EmbeddingField::what_you_do;  ///< of the profile
  std::optional<EmbeddingField> against;               ///< of the others; absent: the same
  std::vector<std::string> with;                       ///< conditions on credentials (credential_filter.hpp)
  std::int64_t top = 10;                               ///< how many to show
  bool duplicates = false;                             ///< groups that look like one person, instead
  bool complementary = false;                          ///< profiles of personas that complete its own, instead
  std::optional<std::string> after;                    ///< of those, from the one after that of this id

  /// **Throws** usage.
  void validate() const;
};

/// Shows the nearest profiles by meaning, or duplicates. Returns the exit code.
/// **Cost**: one pass over the vectors of the field in PostgreSQL, exact. **Database**: reads only.
int similar(RunContext& context, SimilarOptions const& options);

}  // namespace jvmm::commands
