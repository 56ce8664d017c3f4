#pragma once

#include <optional>

#include "commands/page.hpp"
#include "db/transaction.hpp"

namespace jvmm::commands {

/// What the last runs that scored changed. **Cost**: a look at the last runs.
Section impact_section(db::ReadTx& tx);

/// How far vectors cover the texts. **Cost**: a pass over all profiles.
Section coverage_section(db::ReadTx& tx);

/// The personas that are in use, on a map, with what completes what; absent: there are none. **Cost**: personas².
std::optional<Section> personas_section(db::ReadTx& tx);

}  // namespace jvmm::commands
