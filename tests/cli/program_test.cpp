// The program as a whole: help, usage errors, standard output.

#include <fmt/format.h>

#include "cli/cli_db.hpp"

namespace jvmm::test {
namespace {

constexpr char const* k_commands[] = {"backfill-embeddings",
                                      "rescore",
                                      "explain",
                                      "report",
                                      "score",
                                      "scoring",
                                      "similar",
                                      "calibrate",
                                      "estimate",
                                      "status",
                                      "retry",
                                      "runs",
                                      "undo",
                                      "migrate",
                                      "doctor",
                                      "models",
                                      "config"};

class HelpTest : public ::testing::TestWithParam<char const*> {};

TEST_P(HelpTest, HasSummaryGlobalOptionsAndExamples) {
  std::string const command = GetParam();
  auto const result = run_cli({command, "--help"});
  EXPECT_EQ(result.exit_code, 0) << result;
  EXPECT_EQ(result.err, "");
  for (auto const& words : {std::string("--help"), std::string("Examples:"), "\n  jvmm " + command})
    EXPECT_THAT(result.out, ::testing::HasSubstr(words));
  EXPECT_THAT(run_cli({"--help"}).out, ::testing::HasSubstr("  " + command));
}

INSTANTIATE_TEST_SUITE_P(Program, HelpTest, ::testing::ValuesIn(k_commands), [](auto const& given) {
  std::string name(given.param);
  std::erase(name, '-');
  return name;
});

TEST(Program, HelpOfABatchCommandNamesEveryOption) {
  auto const help = run_cli({"backfill-embeddings", "--help"}).out;
  for (auto const* option : {"--profile-ids", "--since", "--stale-days", "--force", "--shard", "--dry-run", "--preview",
                             "--limit", "--max-failures", "--max-minutes", "--batch-size", "--model", "--threads"})
    EXPECT_THAT(help, ::testing::HasSubstr(option));
}

TEST(Program, SaysItsVersion) {
  auto const result = run_cli({"--version"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.out, ::testing::MatchesRegex("jvmm [0-9]+\\.[0-9]+\\.[0-9]+\n"));
}

TEST(Program, RefusesWhatItDoesNotKnow) {
  expect_failure(run_cli({}), 64, {"subcommand"});
  expect_failure(run_cli({"embed"}), 64, {"there is no command 'embed'", "jvmm --help"});
  expect_failure(run_cli({"models", "lift"}), 64, {"lift"});
  expect_failure(run_cli({"status", "--nonsense"}), 64, {"--nonsense"});
  expect_failure(run_cli({"status", "extra"}), 64, {"extra"});
  expect_failure(run_cli({"status", "--format"}), 64, {"--format"});
  expect_failure(run_cli({"runs", "--top", "many"}), 64, {"--top"});
  expect_failure(run_cli({"models"}), 64, {"subcommand"});
}

TEST(Program, TakesGlobalOptionsBeforeAndAfterTheCommand) {
  CliDb const db;
  for (Arguments const& arguments : {Arguments{"--format", "json", "status"}, {"status", "--format=json"}}) {
    auto const result = db.run(arguments);
    EXPECT_EQ(result.exit_code, 0) << result;
    EXPECT_EQ(result.out.front(), '{');
  }
}

TEST(Program, FailsWithAFullStandardOutput) {
  CliDb const db(Rows::provenance);
  for (Arguments const& arguments : {Arguments{"backfill-embeddings"},
                                     {"status"},
                                     {"config", "show"},
                                     {"--help"},
                                     {"status", "--help"},
                                     {"--version"}}) {
    SCOPED_TRACE(arguments.front());
    EXPECT_EQ(db.run(arguments, {.to = Stdout::full}).exit_code, 74);
  }
  EXPECT_EQ(db.sql("select count(*) from jvmm.ledger where outcome = 'done'"), "12") << "the work itself was done";
}

TEST(Program, FailsWithAClosedStandardOutputAndWritesNowhereElse) {
  CliDb const db(Rows::provenance);
  for (Arguments const& arguments : {Arguments{"backfill-embeddings"}, {"status"}, {"config", "show"}}) {
    SCOPED_TRACE(arguments.front());
    auto const result = db.run(arguments, {.to = Stdout::closed});
    EXPECT_EQ(result.exit_code, 74) << result;
    EXPECT_THAT(result.err, ::testing::HasSubstr("the result could not be written to standard output"));
  }
}

TEST(Program, LogsEventsAsJsonLines) {
  CliDb const db(CustomerSchema::plain);
  auto const result = db.run({"status", "--log-format", "json"});
  EXPECT_EQ(result.exit_code, 78);
  auto const event = json::parse(result.err.substr(0, result.err.find('\n')), "event");
  EXPECT_EQ(json::Ref(event, "event")["level"].string(), "error");
  EXPECT_THAT(json::Ref(event, "event")["message"].string(), ::testing::HasSubstr("jvmm migrate"));
}

TEST(Program, LogsSqlOnRequest) {
  CliDb const db;
  auto const result = db.run({"status", "--log-sql"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.err, ::testing::HasSubstr("sql report_coverage: "));
}

}  // namespace
}  // namespace jvmm::test
