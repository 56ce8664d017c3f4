#include "store/classifiers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/expect_error.hpp"
#include "support/migrated_db.hpp"

namespace jvmm::store {
namespace {

using ::testing::ElementsAre;

constexpr ClassifierKey k_key{"niche", "aa", "model"}, k_other_model{"niche", "aa", "other model"};

class Classifiers : public ::testing::Test {
 protected:
  std::int64_t add(ClassifierKey key, std::string const& weights = "w") {
    db::WriteTx tx(m_connection);
    auto const id = insert_classifier(tx, {key, "mine", "hash", "data", R"({"form":1})", weights, R"({"folds":5})",
                                           R"({"x":["a"]})", "new", RunId{1}});
    tx.commit();
    return id;
  }

  std::optional<std::int64_t> promote(std::int64_t id) {
    db::WriteTx tx(m_connection);
    auto const before = promote_classifier(tx, "niche", id, "better");
    tx.commit();
    return before;
  }

  std::optional<RollBack> roll_back() {
    db::WriteTx tx(m_connection);
    auto const done = roll_back_classifier(tx, "niche");
    tx.commit();
    return done;
  }

  std::optional<std::int64_t> in_use(ClassifierKey key = k_key) {
    db::ReadTx tx(m_connection);
    auto const found = promoted_classifier(tx, key);
    if (!found) return std::nullopt;
    return found->id;
  }

  std::vector<std::string> states() {
    db::ReadTx tx(m_connection);
    std::vector<std::string> out;
    for (auto const& head : list_classifiers(tx, "niche", 100))
      out.push_back(head.state);
    return out;
  }

  test::TempDb m_db{test::migrated(4)};
  db::Connection m_connection = m_db.connect();
};

TEST_F(Classifiers, WeightsComeBackByteForByte) {
  std::string weights;
  for (int byte = 0; byte < 256; ++byte)
    weights += static_cast<char>(byte);
  auto const id = add(k_key, weights);
  EXPECT_FALSE(in_use());  // a candidate is not in use
  promote(id);
  db::ReadTx tx(m_connection);
  auto const found = promoted_classifier(tx, k_key);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->weights, weights);
  EXPECT_EQ(found->hash, "hash");
}

TEST_F(Classifiers, PromotingRetiresTheOneBefore) {
  auto const first = add(k_key), second = add(k_key);
  EXPECT_FALSE(promote(first));
  EXPECT_EQ(promote(second), first);
  EXPECT_EQ(in_use(), second);
  EXPECT_THAT(states(), ElementsAre("promoted", "retired"));
}

TEST_F(Classifiers, EachModelHasItsOwn) {
  auto const first = add(k_key), second = add(k_other_model);
  promote(first);
  promote(second);
  EXPECT_EQ(in_use(), first);
  EXPECT_EQ(in_use(k_other_model), second);
  EXPECT_FALSE(in_use({"niche", "bb", "model"}));
  EXPECT_FALSE(in_use({"content_style", "aa", "model"}));
}

TEST_F(Classifiers, RollingBackGoesStepByStepToNone) {
  std::vector<std::int64_t> ids;
  for (int i = 0; i < 3; ++i) {
    ids.push_back(add(k_key));
    promote(ids.back());
  }
  for (int i = 2; i >= 0; --i) {
    auto const done = roll_back();
    ASSERT_TRUE(done);
    EXPECT_EQ(done->retired, ids[static_cast<std::size_t>(i)]);
    EXPECT_EQ(done->restored, i > 0 ? std::optional(ids[static_cast<std::size_t>(i - 1)]) : std::nullopt);
    EXPECT_EQ(in_use(), done->restored);
  }
  EXPECT_FALSE(roll_back());
}

TEST_F(Classifiers, ARollBackOneIsSkippedByTheNext) {
  auto const first = add(k_key), second = add(k_key), third = add(k_key);
  promote(first);
  promote(second);
  roll_back();
  EXPECT_EQ(promote(third), first);
  EXPECT_EQ(roll_back()->restored, first);
}

TEST_F(Classifiers, AHeadThatIsNotThereCannotBePromoted) {
  db::WriteTx tx(m_connection);
  EXPECT_THROW(promote_classifier(tx, "niche", 99, "better"), Error);
}

}  // namespace
}  // namespace jvmm::store
