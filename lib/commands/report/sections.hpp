#pragma once

#include "commands/page.hpp"
#include "db/transaction.hpp"

namespace jvmm::commands {

/// What the last runs that scored changed. **Cost**: a look at the last runs.
Section impact_section(db::ReadTx& tx);

/// How far vectors cover the texts. **Cost**: a pass over all profiles.
Section coverage_section(db::ReadTx& tx);

}  // namespace jvmm::commands
