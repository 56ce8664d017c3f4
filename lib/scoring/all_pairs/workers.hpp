#pragma once

#include <cstddef>
#include <functional>

namespace jvmm::scoring {

/// Calls `work(0) … work(threads - 1)`, each on a thread of its own (the first on the caller's); ends when all have
/// ended. **Throws** what one of them threw first.
void run_workers(std::size_t threads, std::function<void(std::size_t)> const& work);

/// Calls `work(i)` for each i below `count`, on up to `threads` threads, in stretches. **Throws** as run_workers.
void for_each_index(std::size_t count, std::size_t threads, std::function<void(std::size_t)> const& work);

}  // namespace jvmm::scoring
