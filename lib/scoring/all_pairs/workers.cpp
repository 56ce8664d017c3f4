#include "scoring/all_pairs/workers.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace jvmm::scoring {

void run_workers(std::size_t threads, std::function<void(std::size_t)> const& work) {
  std::mutex mutex;
  std::exception_ptr failure;
  auto const guarded = [&](std::size_t worker) {
    try {
      work(worker);
    } catch (...) {
      std::lock_guard const lock(mutex);
      if (!failure) failure = std::current_exception();
    }
  };
  {
    std::vector<std::jthread> others;
    for (std::size_t i = 1; i < threads; ++i)
      others.emplace_back(guarded, i);
    guarded(0);
  }
  if (failure) std::rethrow_exception(failure);
}

void for_each_index(std::size_t count, std::size_t threads, std::function<void(std::size_t)> const& work) {
  constexpr std::size_t k_stretch = 64;
  std::atomic<std::size_t> next{0};
  run_workers(std::min(threads, count / k_stretch + 1), [&](std::size_t) {
    try {
      for (auto from = next.fetch_add(k_stretch); from < count; from = next.fetch_add(k_stretch))
        for (auto i = from; i < std::min(count, from + k_stretch); ++i)
          work(i);
    } catch (...) {
      next = count;
      throw;
    }
  });
}

}  // namespace jvmm::scoring
