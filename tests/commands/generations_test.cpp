#include "store/generations.hpp"

#include <gtest/gtest.h>

#include <future>

#include "support/migrated_db.hpp"

namespace jvmm::store {
namespace {

std::int64_t make_generation(db::Connection& connection) {
  db::WriteTx tx(connection);
  auto const generation = open_generation(tx, {"fingerprint", "basis", "{}", 2, 0}, RunId{1});
  tx.commit();
  return generation.id;
}

// Each sees only its own part if it does not wait for the other, and then nobody publishes.
TEST(Generations, TheLastOfTwoShardsThatFinishTogetherSeesBoth) {
  test::TempDb const db(test::migrated(4));
  auto first = db.connect(), second = db.connect();
  auto const generation = make_generation(first);
  db::WriteTx tx(first);
  EXPECT_EQ(record_part(tx, generation, 0, 10), 1);
  auto later = std::async(std::launch::async, [&] {
    db::WriteTx other(second);
    auto const parts = record_part(other, generation, 1, 10);
    other.commit();
    return parts;
  });
  EXPECT_EQ(later.wait_for(std::chrono::milliseconds(300)), std::future_status::timeout);
  tx.commit();
  EXPECT_EQ(later.get(), 2);
}

}  // namespace
}  // namespace jvmm::store
