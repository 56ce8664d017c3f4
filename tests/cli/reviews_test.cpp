#include <fmt/format.h>

#include <fstream>

#include "cli/cli_db.hpp"

namespace jvmm::test {
namespace {

using ::testing::HasSubstr;

class ReviewQueue : public ::testing::Test {
 protected:
  ReviewQueue() {
    for (int i = 1; i <= 3; ++i)
      m_db.add_profile(i, fmt::format("email = 'bad {}', bio = 'n/a'", i));
    m_db.run_json({"check-profiles"});
  }

  std::string id(int profile, std::string const& column) const {
    return m_db.sql(
        fmt::format("select id from jvmm.review where settled_at is null and profile_id = '{}' and column_name = '{}'",
                    profile_id(profile), column));
  }
  std::string value(int profile, std::string const& column) const {
    return m_db.sql(
        fmt::format("select coalesce({}, '(null)') from profiles where id = '{}'", column, profile_id(profile)));
  }

  CliDb m_db;
};

TEST_F(ReviewQueue, ListsInPages) {
  auto const first = m_db.run_json({"check-profiles", "list", "--top", "4"});
  auto const entries = json::Ref(first, "list")["reviews"].items();
  ASSERT_EQ(entries.size(), 4u);
  EXPECT_TRUE(json::Ref(first, "list")["more"].boolean());
  EXPECT_EQ(entries[0]["name"].string(), "Profile 1");
  auto const rest = m_db.run_json({"check-profiles", "list", "--after", std::to_string(entries[3]["id"].integer())});
  EXPECT_EQ(json::Ref(rest, "list")["reviews"].items().size(), 2u);
  EXPECT_FALSE(json::Ref(rest, "list")["more"].boolean());
}

TEST_F(ReviewQueue, ListsByColumnReasonStageAndProfile) {
  auto const count = [&](Arguments arguments) {
    arguments.insert(arguments.begin(), {"check-profiles", "list"});
    auto const listed = m_db.run_json(arguments);
    return json::Ref(listed, "list")["reviews"].items().size();
  };
  EXPECT_EQ(count({"--column", "email"}), 3u);
  EXPECT_EQ(count({"--reason", "placeholder"}), 3u);
  EXPECT_EQ(count({"--stage", "classify_niche"}), 0u);
  EXPECT_EQ(count({"--profile-ids", profile_id(2)}), 2u);
  EXPECT_THAT(m_db.run({"check-profiles", "list"}).out, HasSubstr("email_malformed"));
  EXPECT_THAT(m_db.run({"check-profiles", "list", "--reason", "none"}).out, HasSubstr("nothing waits"));
}

TEST_F(ReviewQueue, StatusCountsWhatIsOpen) {
  auto const status = m_db.run_json({"status"});
  auto const reviews = json::Ref(status, "status")["reviews"].items();
  ASSERT_EQ(reviews.size(), 2u);
  EXPECT_EQ(reviews[0]["reason"].string(), "email_malformed");
  EXPECT_EQ(reviews[0]["open"].integer(), 3);
  EXPECT_THAT(m_db.run({"status"}).out, HasSubstr("waits for a decision"));
}

TEST_F(ReviewQueue, AcceptingWritesAndRejectingKeeps) {
  auto const accepted = m_db.run_json({"check-profiles", "accept", id(1, "bio"), "--note", "seen", "--by", "ada"});
  EXPECT_EQ(json::Ref(accepted, "accept")["outcomes"]["accepted"].items().size(), 1u);
  EXPECT_EQ(value(1, "bio"), "(null)");
  EXPECT_EQ(m_db.sql("select settled_by || ' ' || note from jvmm.review where verdict = 'accepted'"), "ada seen");
  m_db.run_json({"check-profiles", "reject", id(1, "email")});
  EXPECT_EQ(value(1, "email"), "bad 1");
}

TEST_F(ReviewQueue, WhatWasRejectedIsNotHeldAgain) {
  m_db.run_json({"check-profiles", "reject", id(1, "email")});
  m_db.run_json({"check-profiles", "--force"});
  EXPECT_EQ(id(1, "email"), "");
  EXPECT_NE(id(2, "email"), "");
  m_db.sql("update profiles set email = 'worse' where id = '" + profile_id(1) + "'");
  m_db.run_json({"check-profiles"});
  EXPECT_NE(id(1, "email"), "") << "another value is another question";
}

TEST_F(ReviewQueue, AnEditBetweenHoldingAndAcceptingWins) {
  auto const entry = id(1, "email");
  m_db.sql("update profiles set email = 'ann@firm.com' where id = '" + profile_id(1) + "'");
  auto const report = m_db.run_json({"check-profiles", "accept", entry, id(1, "bio")}, 1);
  EXPECT_EQ(json::Ref(report, "accept")["outcomes"]["superseded"].items().size(), 1u);
  EXPECT_EQ(json::Ref(report, "accept")["outcomes"]["accepted"].items().size(), 1u)
      << "another column is another matter";
  EXPECT_EQ(value(1, "email"), "ann@firm.com");
}

TEST_F(ReviewQueue, TakesNumbersFromFilesAndStandardInput) {
  auto options = m_db.options();
  options.input = "# those of the list\n" + id(1, "bio") + "\r\n\n" + id(2, "bio") + "\n";
  EXPECT_EQ(run_cli({"check-profiles", "accept", "-"}, options).exit_code, 0);
  EXPECT_EQ(value(2, "bio"), "(null)");
}

TEST_F(ReviewQueue, SaysWhatIsWrongWithNumbers) {
  expect_failure(m_db.run({"check-profiles", "accept", "x"}), 66, {"'x' is neither the number of an entry nor a file"});
  auto options = m_db.options();
  options.input = "12\nthirteen\n";
  expect_failure(run_cli({"check-profiles", "reject", "-"}, options), 65, {"standard input:2", "thirteen"});
  EXPECT_EQ(m_db.run({"check-profiles", "accept"}).exit_code, 64);
  auto const unknown = m_db.run({"check-profiles", "accept", "999999"});
  EXPECT_EQ(unknown.exit_code, 1);
  EXPECT_THAT(unknown.out, HasSubstr("there is no such entry"));
}

TEST_F(ReviewQueue, AnOptionOfTheCheckIsRefusedRatherThanIgnored) {
  auto const entry = id(1, "bio");
  for (auto const* option : {"--dry-run", "--fix", "--force"})
    expect_failure(m_db.run({"check-profiles", "accept", entry, option}), 64, {"has no option", option});
  expect_failure(m_db.run({"check-profiles", "--dry-run", "accept", entry}), 64, {"has no option"});
  EXPECT_EQ(value(1, "bio"), "n/a");
}

}  // namespace
}  // namespace jvmm::test
