// enrich through the program: every step in its order, on the rows asked for, whatever becomes of one of them.

#include <fmt/format.h>

#include "cli/classified.hpp"
#include "cli/services_world.hpp"

namespace jvmm::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::map<std::string, std::string> by_words() {
  return {{"JVMM_CASCADE_NICHE", "rules"}, {"JVMM_CASCADE_OFFERS", "rules"}, {"JVMM_CASCADE_STYLE", "rules"}};
}

constexpr char const* k_profile =
    "niche = 'Real estate investing', what_you_do = 'I teach people to invest in rental property and flip houses', "
    "offering = 'keynote speaking, one-on-one coaching', seeking = 'podcast hosts with an audience of landlords', "
    "who_you_serve = 'first-time landlords', bio = 'Here is the exact checklist, step by step.'";

struct Report {
  json::Value document;
  CliResult result;

  /// A member of each step's entry, in their order.
  std::vector<std::string> each(std::string_view member) const {
    std::vector<std::string> out;
    for (auto const& step : json::Ref(document, "report")["steps"].items())
      out.push_back(member == "exit_code" ? std::to_string(step[member].integer())
                                          : std::string(step[member].string()));
    return out;
  }
  std::int64_t candidates(std::size_t step) const {
    return json::Ref(document, "report")["steps"][step]["report"]["summary"]["candidates"].integer();
  }
};

Report enrich(CliDb const& db, Arguments more = {}, int exit_code = 0,
              std::map<std::string, std::string> env = by_words()) {
  more.insert(more.begin(), {"enrich", "--format", "json", "--scoring", "calibrated"});
  auto result = db.run(more, {.env = std::move(env)});
  EXPECT_EQ(result.exit_code, exit_code) << result;
  auto document = json::parse(result.out, "stdout of jvmm enrich");
  return {std::move(document), std::move(result)};
}

TEST(Enrich, DoesEveryStepInItsOrder) {
  CliDb const db;
  db.add_profile(1, k_profile);
  auto const report = enrich(db);
  EXPECT_THAT(report.each("step"),
              ElementsAre("backfill-embeddings", "classify-niche", "classify-offers", "classify-style",
                          "extract-credentials", "cluster-personas", "check-profiles", "rescore"));
  EXPECT_THAT(report.each("outcome"), ::testing::Each("done")) << report.result;
  EXPECT_EQ(column_of(db, 1, "embedding_seeking is not null"), "true");
  EXPECT_EQ(column_of(db, 1, "niche_categories -> 0 ->> 'category'"), "Real Estate & Property Investing");
  EXPECT_THAT(column_of(db, 1, "offer_types"), HasSubstr("speaking"));
  EXPECT_EQ(column_of(db, 1, "content_style ->> 'primary'"), "tactical and step-by-step practical");
  EXPECT_EQ(db.sql("select string_agg(stage, ' ' order by id) from jvmm.run"),
            "embed classify_niche classify_offers classify_style extract_credentials check_profiles rescore");
}

TEST(Enrich, TouchesOnlyWhatIsAskedForAndNothingTwice) {
  CliDb const db;
  db.add_profile(1, k_profile);
  db.add_profile(2, k_profile);
  enrich(db, {"--profile-ids", profile_id(2)});
  EXPECT_EQ(column_of(db, 1, "embedding_seeking is null"), "true");
  EXPECT_EQ(column_of(db, 1, "niche_categories"), "[]");
  EXPECT_EQ(column_of(db, 2, "embedding_seeking is null"), "false");
  EXPECT_NE(column_of(db, 2, "niche_categories"), "[]");
  auto const trace = db.trace("profiles");
  auto const again = enrich(db, {"--profile-ids", profile_id(2)});
  for (std::size_t step = 0; step < 7; ++step) {
    if (again.each("step")[step] == "cluster-personas") continue;  // there are none yet
    EXPECT_EQ(again.candidates(step), 0) << again.each("step")[step];
  }
  EXPECT_EQ(db.trace("profiles"), trace);
}

TEST(Enrich, ReadsIdsFromStandardInputForAllSteps) {
  CliDb const db;
  db.add_profile(1, k_profile);
  db.add_profile(2, k_profile);
  auto const result = db.run({"enrich", "--profile-ids", "-"}, {.env = by_words(), .input = profile_id(1) + "\n"});
  EXPECT_EQ(result.exit_code, 0) << result;
  EXPECT_EQ(column_of(db, 1, "embedding_seeking is null"), "false");
  EXPECT_NE(column_of(db, 1, "niche_categories"), "[]");
  EXPECT_EQ(column_of(db, 2, "niche_categories"), "[]");
}

TEST(Enrich, AStepsFailureIsToldAndFailsNobodyUnlessStrict) {
  CliDb const db;
  db.add_profile(1, k_profile);
  auto env = by_words();
  env["JVMM_TAXONOMY_OFFERS"] = "/nowhere/offers.json";
  auto const report = enrich(db, {}, 0, env);
  EXPECT_THAT(report.each("outcome"), ElementsAre("done", "done", "failed", "done", "done", "done", "done", "done"));
  EXPECT_THAT(report.result.err, HasSubstr("classify-offers: "));
  EXPECT_THAT(report.result.err, HasSubstr("/nowhere/offers.json"));
  EXPECT_EQ(column_of(db, 1, "content_style ->> 'primary'"), "tactical and step-by-step practical");
  auto const strict = enrich(db, {"--strict"}, 66, env);
  EXPECT_THAT(strict.each("exit_code"), ElementsAre("0", "0", "66", "0", "0", "0", "0", "0"));
}

TEST(Enrich, ADatabaseThatIsAwayFailsNobodyUnlessStrict) {
  CliDb const db;
  auto env = by_words();
  env["DATABASE_URL"] = "postgresql://nobody@127.0.0.1:1/none";
  env["JVMM_CONNECT_TIMEOUT"] = "1";
  enrich(db, {}, 0, env);
  enrich(db, {"--strict"}, 69, env);
}

TEST(Enrich, UnsoundOptionsFailBeforeAnyStep) {
  CliDb const db;
  for (auto const& more :
       std::vector<Arguments>{{"--since", "yesterday"}, {"--dry-run", "--preview", "2"}, {"--shard", "3/2"}}) {
    Arguments arguments{"enrich"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    expect_failure(db.run(arguments), 64, {more.front()});
  }
  expect_failure(db.run({"enrich", "--profile-ids", "/nowhere/ids"}), 66, {"/nowhere/ids"});
  EXPECT_EQ(db.sql("select count(*) from jvmm.run"), "0");
}

TEST(Enrich, DryRunWritesNothing) {
  CliDb const db;
  db.add_profile(1, k_profile);
  auto const trace = db.trace_all();
  auto const report = enrich(db, {"--dry-run"});
  EXPECT_THAT(report.each("outcome"), ::testing::Each("done"));
  EXPECT_EQ(db.trace_all(), trace);
}

TEST(Enrich, TextNamesEachStepAndEndsInATable) {
  CliDb const db;
  db.add_profile(1, k_profile);
  auto const result = db.run({"enrich"}, {.env = by_words()});
  EXPECT_EQ(result.exit_code, 0) << result;
  EXPECT_THAT(result.out, HasSubstr("== classify-niche\n"));
  EXPECT_THAT(result.out.substr(result.out.rfind("step ")), HasSubstr("rescore"));
  EXPECT_EQ(db.run({"enrich", "--quiet"}, {.env = by_words()}).out, "");
}

/// Requests and money are limits of the whole, not of each step.
TEST(Enrich, StepsShareTheirLimits) {
  ServicesWorld world;
  auto const result = world.run({"enrich", "--format", "json", "--max-requests", "2"});
  EXPECT_EQ(result.exit_code, 0) << result;
  EXPECT_EQ(world.stub().bill().total().requests, 2u);
}

}  // namespace
}  // namespace jvmm::test
