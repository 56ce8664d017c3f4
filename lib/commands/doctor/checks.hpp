#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "commands/run_context.hpp"
#include "db/capabilities.hpp"
#include "inference/embedder.hpp"

namespace jvmm::commands {

enum class Health { ok, warning, failed, not_checked };

std::string_view name(Health health);

/// One thing that was looked at.
struct Check {
  std::string name;
  Health health = Health::ok;
  std::string found;  ///< what is
  std::string next;   ///< what to do; empty where nothing is
};

/// What the checks look at. `database` is absent where it could not be reached.
struct Examined {
  RunContext const& context;
  std::optional<db::Capabilities> database;
  std::optional<Error> unreachable;  ///< why
  bool local = false;                ///< a Unix socket or this machine
  std::optional<inference::EmbedderInfo> model;
  std::string no_model;  ///< why
};

/// The checks, in the order in which they are shown. Each is total: what it depends on may be missing.
std::vector<Check> examine(Examined const& examined);

}  // namespace jvmm::commands
