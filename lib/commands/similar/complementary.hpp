#pragma once

#include "commands/run_context.hpp"
#include "commands/similar/similar.hpp"

namespace jvmm::commands {

/// Shows profiles of the personas that complete the profile's own, the best first, each with the reason.
/// **Throws** bad_input: no such profile, it has no persona, or there are none. **Database**: reads only.
int show_complementary(RunContext& context, SimilarOptions const& options);

}  // namespace jvmm::commands
