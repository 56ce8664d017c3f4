#pragma once

#include <cstddef>
#include <functional>

namespace jvmm::inference {

/// Processors this process may use: its affinity, and its container's quota if that is less. At least 1.
std::size_t usable_cores();

/// Calls `work(0) … work(count - 1)`, each once, on up to `threads` threads of which the caller is one; indexes are
/// given out in order. Ends when all are done. **Throws** what a call threw first; then no further index is begun.
void parallel_for(std::size_t count, std::size_t threads, std::function<void(std::size_t)> const& work);

}  // namespace jvmm::inference
