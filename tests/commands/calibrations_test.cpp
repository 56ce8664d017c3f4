#include "commands/calibrations.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "store/runs.hpp"
#include "support/expect_error.hpp"
#include "support/migrated_db.hpp"

namespace jvmm::commands {
namespace {

using jvmm::testing::expect_error;
using scoring::FieldPair;

constexpr auto k_model = "all-MiniLM-L6-v2";

std::string document(std::string const& model, double cosine) {
  scoring::Calibration calibration;
  calibration.model = model;
  calibration.map = {{{0, 0}, {cosine, 10}}};
  return scoring::to_json(calibration);
}

void store_document(test::TempDb const& db, std::string const& model, std::string const& json) {
  auto connection = db.connect();
  db::WriteTx tx(connection);
  store::insert_calibration(tx, model, "audience", json, RunId{1});
  tx.commit();
}

std::optional<scoring::Calibration> found(test::TempDb const& db, std::string const& model, FieldPair pair) {
  auto connection = db.connect();
  db::ReadTx tx(connection);
  return find_calibration(tx, model, pair);
}

TEST(FindCalibration, TheNewestStoredThenTheShippedThenNone) {
  test::TempDb const db(test::migrated(4));
  EXPECT_EQ(found(db, k_model, FieldPair::audience)->map,
            scoring::find_shipped_calibration(k_model, FieldPair::audience)->map);
  EXPECT_FALSE(found(db, "other", FieldPair::audience));
  for (double const cosine : {0.5, 0.25})
    store_document(db, k_model, document(k_model, cosine));
  EXPECT_EQ(found(db, k_model, FieldPair::audience)->map.knots.back().cosine, 0.25);
  EXPECT_EQ(found(db, k_model, FieldPair::offering_seeking)->map,
            scoring::find_shipped_calibration(k_model, FieldPair::offering_seeking)->map);
}

TEST(FindCalibration, NamesTheRowThatCannotBeRead) {
  test::TempDb const db(test::migrated(4));
  store_document(db, "m", R"({"method": "labelled", "map": [], "model": "m", "field_pair": "audience"})");
  expect_error(Kind::bad_input, "jvmm.calibration m audience version 1",
               [&] { (void)found(db, "m", FieldPair::audience); });
}

TEST(CalibrateFromNoise, IsAbsentForATableWithFewPairs) {
  test::TempDb const db(test::migrated(4));
  auto const count = [&](int profiles) {
    db.sql(
        "delete from profiles; insert into profiles (id, name, embedding_who_you_serve, embeddings_model) "
        "select gen_random_uuid(), 'p', ('[1,' || i || ',0,0]')::vector, 'm' from generate_series(1, " +
        std::to_string(profiles) + ") i");
    auto connection = db.connect();
    db::ReadTx tx(connection);
    auto const calibration = calibrate_from_noise(tx, "m", FieldPair::audience, {}, "now");
    return calibration ? calibration->pairs : 0;
  };
  EXPECT_EQ(count(0), 0u);
  EXPECT_EQ(count(14), 0u);  // 91 pairs
  EXPECT_EQ(count(15), 105u);
}

TEST(CosineOf, IsAbsentWhereItMeansNothing) {
  auto const vector = [](std::vector<float> values) { return store::ProfileVector{{}, std::move(values)}; };
  EXPECT_NEAR(cosine_of(vector({3, 4}), vector({3, 0})).value(), 0.6, 1e-6);
  EXPECT_EQ(cosine_of(vector({0, 0}), vector({1, 0})), std::nullopt);
  EXPECT_EQ(cosine_of(vector({}), vector({1, 0})), std::nullopt);
  EXPECT_NEAR(cosine_of(vector({3e38F, 3e38F}), vector({1, 0})).value(), std::sqrt(0.5), 1e-6);
  float const infinity = std::numeric_limits<float>::infinity();
  EXPECT_EQ(cosine_of(vector({infinity, 1}), vector({1, 0})), std::nullopt);
  expect_error(Kind::bad_answer, "of 1 dimensions", [&] { (void)cosine_of(vector({1}), vector({1, 0})); });
}

}  // namespace
}  // namespace jvmm::commands
