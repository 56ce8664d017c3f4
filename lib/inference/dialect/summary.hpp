#pragma once

#include "inference/dialect/dialect.hpp"
#include "inference/summarise.hpp"

namespace jvmm::inference {

/// hf and toolkit. One text a request. The packed answer is the summary itself. **Throws** configuration for other
/// kinds.
std::unique_ptr<Dialect> make_summary_dialect(ServiceKind kind, std::string model, SummaryParameters parameters);

}  // namespace jvmm::inference
