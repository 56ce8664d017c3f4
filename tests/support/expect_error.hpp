#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"

namespace jvmm::testing {

/// Runs `work`, which has to throw an Error of that kind whose text contains `part`.
template <class Work>
void expect_error(Kind kind, std::string const& part, Work const& work) {
  try {
    work();
    ADD_FAILURE() << "nothing was thrown; expected: " << part;
  } catch (Error const& e) {
    EXPECT_EQ(e.kind(), kind) << name(e.kind()) << ": " << e.what();
    EXPECT_THAT(e.what(), ::testing::HasSubstr(part));
  }
}

}  // namespace jvmm::testing
