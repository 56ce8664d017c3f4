#include "cli/cli_db.hpp"
#include "json/writer.hpp"

namespace jvmm::test {
namespace {

using json::Ref;

json::Value run_json(Arguments arguments) {
  arguments.insert(arguments.end(), {"--format", "json"});
  auto const result = run_cli(arguments);
  EXPECT_EQ(result.exit_code, 0) << result;
  return json::parse(result.out);
}

TEST(Scoring, ListsWhatItCanShow) {
  auto const list = run_json({"scoring", "list"});
  auto const profiles = Ref(list, "list")["profiles"].items();
  ASSERT_EQ(profiles.size(), 4u);
  EXPECT_EQ(profiles[0]["name"].string(), "smooth");
  EXPECT_TRUE(profiles[0]["default"].boolean());
  auto const text = run_cli({"scoring", "list"}).out;
  for (auto const& profile : profiles) {
    EXPECT_THAT(text, ::testing::HasSubstr(profile["name"].string()));
    EXPECT_THAT(text, ::testing::HasSubstr(profile["hash"].string()));
    auto const shown = run_json({"scoring", "show", profile["name"].string()});
    EXPECT_EQ(Ref(shown, "show")["hash"].string(), profile["hash"].string());
  }
}

TEST(Scoring, ShowsADocumentThatIsTheSameProfile) {
  auto const shown = run_json({"scoring", "show", "smooth"});
  testing::TempDir const folder;
  auto const copy = folder.write("copy.json", json::to_text(Ref(shown, "show")["document"].value()));
  auto const again = run_json({"scoring", "show", copy.string()});
  EXPECT_EQ(Ref(again, "show")["hash"].string(), Ref(shown, "show")["hash"].string());
}

TEST(Scoring, ShowsWeightsAndRulesOfWhatIsSwitchedOn) {
  testing::TempDir const folder;
  auto const mine = folder.write("mine.json", R"({"extends": "calibrated", "name": "mine", "description": "my own",
    "factors": {"website": {"weight": 12.5}, "booking_link": {"enabled": false}}})");
  auto const text = run_cli({"scoring", "show", mine.string()}).out;
  EXPECT_THAT(text, ::testing::StartsWith("mine, version 1, hash "));
  EXPECT_THAT(text, ::testing::ContainsRegex("website +12\\.5  there: 7, not there: 2"));
  EXPECT_THAT(text, ::testing::ContainsRegex("activity_recency +2  <= 7 days: 10"));
  EXPECT_THAT(text, ::testing::Not(::testing::HasSubstr("booking_link")));
}

TEST(Scoring, RefusesWhatIsNoProfile) {
  expect_failure(run_cli({"scoring", "show", "best"}), 64, {"'best'", "smooth"});
  expect_failure(run_cli({"scoring", "show"}), 64, {"PROFILE"});
  expect_failure(run_cli({"scoring"}), 64, {"subcommand"});
  expect_failure(run_cli({"scoring", "show", "/no/such.json"}), 66, {"/no/such.json"});
  testing::TempDir const folder;
  auto const bad = folder.write("bad.json", R"({"extends": "smooth", "tiers": {"premier": 500}})");
  expect_failure(run_cli({"scoring", "show", bad.string()}), 65, {"bad.json", "/tiers/premier", "500"});
}

}  // namespace
}  // namespace jvmm::test
