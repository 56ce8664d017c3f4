#include "inference/parallel.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <vector>

namespace jvmm::inference {
namespace {

TEST(ParallelFor, CallsEachIndexOnce) {
  for (std::size_t threads : {1, 2, 7}) {
    std::vector<std::atomic<int>> calls(100);
    parallel_for(calls.size(), threads, [&](std::size_t i) { ++calls[i]; });
    for (auto const& count : calls)
      EXPECT_EQ(count, 1);
  }
  parallel_for(0, 4, [](std::size_t) { FAIL(); });
}

TEST(ParallelFor, PassesOnWhatWasThrownAndBeginsNoMore) {
  std::atomic<int> calls{0};
  auto const work = [&](std::size_t i) {
    ++calls;
    if (i == 3) throw std::runtime_error("three");
  };
  EXPECT_THROW(parallel_for(1'000'000, 3, work), std::runtime_error);
  EXPECT_LT(calls, 1'000'000);
}

TEST(UsableCores, IsAtLeastOne) {
  EXPECT_GE(usable_cores(), 1u);
}

}  // namespace
}  // namespace jvmm::inference
