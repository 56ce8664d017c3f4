#include "base/file_lock.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "support/expect_error.hpp"
#include "support/temp_dir.hpp"

namespace jvmm {
namespace {

using testing::expect_error;
using testing::TempDir;

TEST(FileLock, IsHeldByOneAtATime) {
  TempDir const dir;
  auto const path = dir.path() / "lock";
  {
    auto const first = FileLock::try_lock(path);
    EXPECT_TRUE(first);
    EXPECT_FALSE(FileLock::try_lock(path)) << "another open of the same process counts as another holder";
  }
  EXPECT_TRUE(FileLock::try_lock(path));
}

TEST(FileLock, GoesWithTheObjectThatItWasMovedTo) {
  TempDir const dir;
  auto first = FileLock::try_lock(dir.path() / "lock");
  auto second = std::move(first);
  first.reset();
  EXPECT_FALSE(FileLock::try_lock(dir.path() / "lock"));
}

TEST(FileLock, APlaceThatCannotBeWrittenIsALocalError) {
  expect_error(Kind::local_io, "/no/such/lock: cannot be locked", [] { FileLock::try_lock("/no/such/lock"); });
}

}  // namespace
}  // namespace jvmm
