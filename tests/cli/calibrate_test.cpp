#include <fmt/format.h>

#include <cmath>

#include "cli/cli_db.hpp"
#include "scoring/calibration.hpp"
#include "support/temp_dir.hpp"

namespace jvmm::test {
namespace {

using ::testing::HasSubstr;

/// Profiles from 1 whose who_you_serve has a vector at an angle in degrees.
void add_at_angles(CliDb const& db, std::vector<double> const& degrees) {
  std::string values;
  for (std::size_t i = 0; i < degrees.size(); ++i) {
    double const angle = degrees[i] * 3.14159265358979 / 180;
    values += fmt::format("{}('{}', 'Profile', ('[{},{}' || repeat(',0', 382) || ']')::vector, 'm')", i ? "," : "",
                          profile_id(static_cast<int>(i + 1)), std::cos(angle), std::sin(angle));
  }
  db.sql("insert into profiles (id, name, embedding_who_you_serve, embeddings_model) values " + values);
}

std::string row(int a, int b, std::string const& rest) {
  return fmt::format("{},{},{}\n", profile_id(a), profile_id(b), rest);
}

/// 1 against others: 20 within 30 degrees are a match, 20 between 60 and 90 are none.
struct Judged {
  Judged() {
    std::vector<double> degrees{0};
    for (int i = 0; i < 20; ++i)
      degrees.push_back(30.0 * i / 20);
    for (int i = 0; i < 20; ++i)
      degrees.push_back(60 + 30.0 * i / 20);
    add_at_angles(db, degrees);
    for (int i = 2; i <= 41; ++i)
      csv += row(1, i, i <= 21 ? "1" : "0");
  }

  std::string file(std::string const& name, std::string const& text) const {
    dir.write(name, text);
    return (dir.path() / name).string();
  }

  CliDb db;
  jvmm::testing::TempDir dir;
  std::string csv = "id_a,id_b,label\n";
};

json::Ref only(json::Value const& report) {
  auto const all = json::Ref(report, "calibrate")["calibrations"].items();
  EXPECT_EQ(all.size(), 1u);
  return all.at(0);
}

TEST(Calibrate, FitsTheNoiseOfTheTable) {
  CliDb const db(Rows::slice);
  db.run_json({"backfill-embeddings"});
  auto const report = db.run_json({"calibrate"});
  auto const all = json::Ref(report, "calibrate")["calibrations"].items();
  ASSERT_EQ(all.size(), 2u);
  for (auto const& each : all) {
    EXPECT_EQ(each["version"].integer(), 1);
    auto const calibration = scoring::read_calibration(each["calibration"]);
    EXPECT_EQ(calibration.model, "hashing:384");
    EXPECT_EQ(calibration.method, scoring::CalibrationMethod::noise_floor);
  }
  // There are fewer pairs than --sample, so all count: what PostgreSQL says of them.
  auto const noise = all[1]["calibration"]["noise"];
  auto const expected = db.sql_json(
      "select to_jsonb(percentile_cont(array[0.5, 0.9, 0.99]) within group (order by "
      "1 - (a.embedding_who_you_serve <=> b.embedding_who_you_serve))) from profiles a, profiles b where a.id < b.id");
  json::Ref const quantiles(expected, "quantiles");
  EXPECT_NEAR(noise["median"].number(), quantiles[std::size_t{0}].number(), 1e-6);
  EXPECT_NEAR(noise["q90"].number(), quantiles[1].number(), 1e-6);
  EXPECT_NEAR(noise["q99"].number(), quantiles[2].number(), 1e-6);
}

TEST(Calibrate, ComparesWhatIsSoughtWithWhatIsOfferedElseDone) {
  CliDb const db(Rows::slice);
  db.run_json({"backfill-embeddings"});
  auto const report = db.run_json({"calibrate", "--field-pair", "offering_seeking"});
  auto const expected = db.sql_json(
      "select to_jsonb(percentile_cont(0.5) within group (order by 1 - (a.embedding_seeking <=> "
      "coalesce(b.embedding_offering, b.embedding_what_you_do)))) from profiles a, profiles b where a.id <> b.id");
  EXPECT_NEAR(only(report)["calibration"]["noise"]["median"].number(), json::Ref(expected, "median").number(), 1e-6);
}

TEST(Calibrate, KeepsEveryVersionWithItsRun) {
  CliDb const db(Rows::slice);
  db.run_json({"backfill-embeddings"});
  db.run_json({"calibrate", "--field-pair", "audience"});
  auto const report = db.run_json({"calibrate", "--field-pair", "audience"});
  EXPECT_EQ(only(report)["version"].integer(), 2);
  EXPECT_EQ(db.sql("select string_agg(model || ' ' || version || ' ' || method, ', ' order by version) "
                   "from jvmm.calibration where document -> 'map' = map"),
            "hashing:384 1 noise_floor, hashing:384 2 noise_floor");
  auto const run = json::Ref(report, "calibrate")["run"].integer();
  EXPECT_EQ(db.sql(fmt::format("select command || ' ' || outcome from jvmm.run where id = {}", run)), "calibrate done");
  EXPECT_EQ(db.sql("select max(run_id) from jvmm.calibration"), std::to_string(run));
}

TEST(Calibrate, TheSeedChoosesThePairs) {
  CliDb const db(Rows::slice);
  db.run_json({"backfill-embeddings"});
  auto const map = [&](std::string const& seed) {
    auto const report =
        db.run_json({"calibrate", "--dry-run", "--field-pair", "audience", "--sample", "200", "--seed", seed});
    EXPECT_EQ(only(report)["calibration"]["pairs"].integer(), 200);
    return json::to_text(only(report)["calibration"]["map"].value());
  };
  EXPECT_EQ(map("1"), map("1"));
  EXPECT_NE(map("1"), map("2"));
}

TEST(Calibrate, ADryRunWritesNothing) {
  Judged const judged;
  auto const before = judged.db.trace_all() + judged.db.trace("jvmm.calibration");
  auto const report = judged.db.run_json({"calibrate", "--dry-run", "--field-pair", "audience"});
  EXPECT_FALSE(json::Ref(report, "calibrate").find("run"));
  EXPECT_FALSE(only(report).find("version"));
  EXPECT_EQ(judged.db.trace_all() + judged.db.trace("jvmm.calibration"), before);
}

TEST(Calibrate, FitsJudgedPairs) {
  Judged const judged;
  auto const report =
      judged.db.run_json({"calibrate", "--pairs", judged.file("judged.csv", judged.csv), "--field-pair", "audience"});
  auto const calibration = scoring::read_calibration(only(report)["calibration"]);
  EXPECT_EQ(calibration.method, scoring::CalibrationMethod::labelled);
  EXPECT_EQ(calibration.source, "judged.csv");
  EXPECT_EQ(calibration.pairs, 40u);
  ASSERT_TRUE(calibration.quality);
  EXPECT_EQ(calibration.quality->matches, 20u);
  EXPECT_EQ(calibration.quality->auc_roc.value, 1);
  EXPECT_NEAR(calibration.quality->best_f1.cosine, std::cos(28.5 * 3.14159265 / 180), 1e-6);
  EXPECT_EQ(calibration.map(0.99), 10);
  EXPECT_EQ(calibration.map(0.1), 0);
}

TEST(Calibrate, AColumnFieldPairSaysWhatEachRowJudges) {
  Judged const judged;
  std::string csv = "id_a,id_b,label,field_pair\n";
  for (int i = 2; i <= 41; ++i)
    csv += row(1, i, i <= 21 ? "9,audience" : "0.5,audience");
  auto const file = judged.file("judged.csv", csv);
  auto const report = judged.db.run_json({"calibrate", "--pairs", file});
  EXPECT_EQ(only(report)["calibration"]["field_pair"].string(), "audience");
  EXPECT_NEAR(only(report)["calibration"]["quality"]["auc_roc"]["value"].number(),
              0.9 * 0.95 + 0.5 * (0.9 * 0.05 + 0.1 * 0.95), 0.05);
  expect_failure(judged.db.run({"calibrate", "--pairs", file, "--field-pair", "offering_seeking"}), 65,
                 {"has no pair for offering_seeking"});
}

TEST(Calibrate, LeavesOutVectorsThatMeanNothingAndSaysSo) {
  Judged const judged;
  judged.db.sql(
      fmt::format("update profiles set embedding_who_you_serve = array_fill(0, array[384])::vector "
                  "where id = '{}'; update profiles set embedding_who_you_serve = null where id = '{}'",
                  profile_id(2), profile_id(41)));
  auto const file = judged.file("judged.csv", judged.csv);
  auto const report = judged.db.run_json({"calibrate", "--pairs", file, "--field-pair", "audience"});
  EXPECT_EQ(only(report)["left_out"].integer(), 2);
  EXPECT_EQ(only(report)["calibration"]["pairs"].integer(), 38);
  auto const text = judged.db.run({"calibrate", "--pairs", file, "--field-pair", "audience", "--dry-run"});
  EXPECT_THAT(text.out, HasSubstr("2 pairs left out"));
  EXPECT_THAT(text.out, HasSubstr("AUC-ROC 1.000"));
  expect_failure(judged.db.run({"calibrate", "--pairs", file, "--field-pair", "offering_seeking"}), 65,
                 {"0 matches and 0 others", "40 pairs were left out"});
}

TEST(Calibrate, WarnsWhereCosinesTellNothing) {
  Judged const judged;
  std::string csv = "id_a,id_b,label\n";
  for (int i = 2; i <= 41; ++i)
    csv += row(1, i, i % 2 ? "1" : "0");
  auto const result =
      judged.db.run({"calibrate", "--pairs", judged.file("judged.csv", csv), "--field-pair", "audience", "--dry-run"});
  EXPECT_EQ(result.exit_code, 0) << result;
  EXPECT_THAT(result.err, HasSubstr("hardly tell the judged pairs apart"));
}

TEST(Calibrate, RefusesSeveralModels) {
  Judged const judged;
  judged.db.sql("update profiles set embeddings_model = 'other' where id <= '" + profile_id(3) + "'");
  expect_failure(judged.db.run({"calibrate"}), 65, {"m (38 profiles)", "other (3 profiles)", "backfill-embeddings"});
  judged.db.sql("update profiles set embeddings_model = null");
  expect_failure(judged.db.run({"calibrate"}), 65, {"(none) (41 profiles)"});
}

TEST(Calibrate, RefusesSeveralWidths) {
  Judged const judged;
  judged.db.sql(
      "alter table profiles alter embedding_who_you_serve type vector;"
      "update profiles set embedding_who_you_serve = '[1,0]' where id = '" +
      profile_id(7) + "'");
  expect_failure(judged.db.run({"calibrate", "--field-pair", "audience"}), 76, {"384", profile_id(7)});
  expect_failure(
      judged.db.run({"calibrate", "--pairs", judged.file("judged.csv", judged.csv), "--field-pair", "audience"}), 76,
      {"384", profile_id(7)});
}

TEST(Calibrate, NamesProfilesThatAreNotThere) {
  Judged const judged;
  auto const file = judged.file("judged.csv", judged.csv + row(99, 1, "1") + row(1, 98, "0"));
  expect_failure(judged.db.run({"calibrate", "--pairs", file, "--field-pair", "audience"}), 65,
                 {profile_id(98) + " (line 43)", profile_id(99) + " (line 42)"});
}

TEST(Calibrate, SaysWhatIsMissing) {
  Judged const judged;
  auto const& db = judged.db;
  expect_failure(db.run({"calibrate", "--pairs", "/nowhere.csv"}), 66, {"/nowhere.csv"});
  expect_failure(db.run({"calibrate", "--pairs", judged.file("bad.csv", "id_a\n")}), 65, {"bad.csv: line 1"});
  expect_failure(
      db.run({"calibrate", "--pairs", judged.file("few.csv", "id_a,id_b,label\n" + row(1, 2, "1") + row(1, 40, "0")),
              "--field-pair", "audience"}),
      65, {"1 matches and 1 others", "at least 10"});
  expect_failure(db.run({"calibrate", "--field-pair", "niche"}), 64, {"niche", "audience"});
  expect_failure(db.run({"calibrate", "--sample", "99"}), 64, {"--sample takes 100 to"});
  expect_failure(db.run({"calibrate", "--seed", "-1"}), 64, {"--seed"});
  expect_failure(db.run({"calibrate"}), 65, {"fewer than 100 pairs", "offering_seeking"});
  db.sql("update profiles set embedding_who_you_serve = null");
  expect_failure(db.run({"calibrate"}), 65, {"no profile has a vector", "backfill-embeddings"});
  CliDb const bare(CustomerSchema::plain);
  expect_failure(bare.run({"calibrate"}), 78, {"jvmm migrate"});
}

}  // namespace
}  // namespace jvmm::test
