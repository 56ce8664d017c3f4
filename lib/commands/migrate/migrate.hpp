#pragma once

#include <cstddef>
#include <optional>

#include "commands/run_context.hpp"

namespace jvmm::commands {

struct MigrateOptions {
  bool dry_run = false;
  std::optional<std::size_t> dims;  ///< width of new vector columns; absent: the configured model's
};

/// Brings the schema forward: our own tables in schema jvmm and the columns the product needs. Returns the exit code.
/// **Database**: as store::apply_migrations.
int migrate(RunContext& context, MigrateOptions const& options);

}  // namespace jvmm::commands
