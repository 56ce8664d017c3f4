// Texts that are legal in PostgreSQL and strange otherwise.

#include <fmt/format.h>

#include "cli/cli_db.hpp"
#include "cli/stored.hpp"

namespace jvmm::test {
namespace {

TEST(StrangeText, OfAMegabyteIsEmbedded) {
  CliDb const db;
  db.add_profile(1, "seeking = repeat('partners and more ', 60000)");
  db.add_profile(2, "seeking = repeat('x', 1000000)");
  db.add_profile(3, "offering = repeat(chr(128512), 250000)");
  db.add_profile(4, "what_you_do = 'after them'");
  EXPECT_EQ(summary(db.run_json({"backfill-embeddings"}), "done"), 4);
  EXPECT_EQ(summary(db.run_json({"backfill-embeddings"}), "candidates"), 0);
  auto const result = db.run({"similar", profile_id(1), "--field", "seeking"});
  EXPECT_EQ(result.exit_code, 0) << result;
  EXPECT_LT(result.out.size(), 5000u) << "a table is for reading";
}

struct Strange {
  char const* name;
  char const* sql;
};

class StrangeTextTest : public ::testing::TestWithParam<Strange> {};

TEST_P(StrangeTextTest, IsEmbeddedOnceAndShownInOneLine) {
  CliDb const db;
  db.add_profile(1, fmt::format("seeking = {0}, name = {0}", GetParam().sql));
  db.add_profile(2, "seeking = 'an ordinary text'");
  EXPECT_EQ(summary(db.run_json({"backfill-embeddings"}), "done"), 2);
  EXPECT_EQ(summary(db.run_json({"backfill-embeddings"}), "candidates"), 0);
  auto const report = db.run_json({"similar", profile_id(2), "--field", "seeking"});
  auto const hits = json::Ref(report, "similar")["results"].items();
  ASSERT_EQ(hits.size(), 1u);
  EXPECT_EQ(hits[0]["text"].string(), text_of(stored_profiles(db).at(profile_id(1)), "seeking"));
  auto const table = db.run({"similar", profile_id(1), "--field", "seeking"});
  EXPECT_EQ(table.exit_code, 0) << table;
  for (char const c : table.out)
    EXPECT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20) << "a control character reaches the terminal";
  EXPECT_EQ(table.out.find("\xc2\x9b"), std::string::npos) << "nor does one of two bytes";
  EXPECT_EQ(std::count(table.out.begin(), table.out.end(), '\n'), 4);
}

INSTANTIATE_TEST_SUITE_P(
    Of, StrangeTextTest,
    ::testing::Values(Strange{"ControlCharacters", R"(E'\x01\x02 bell\x07 tab\t line\n return\r del\x7f end')"},
                      Strange{"TerminalEscapes", R"(E'\x1b[31mred\x1b]0;title\x07 and more')"},
                      Strange{"C1Controls", "'text ' || chr(133) || chr(155) || '31m more'"},
                      Strange{"Noncharacters", "'text ' || chr(65535) || chr(65534) || chr(1114111)"},
                      Strange{"ByteOrderMarks", "chr(65279) || 'text with marks' || chr(65279)"},
                      Strange{"LoneCombiningMarks", "repeat(chr(769), 40)"},
                      Strange{"RightToLeft", "chr(8238) || 'desrever' || chr(8236) || ' done'"},
                      Strange{"Emoji", "repeat(chr(128105) || chr(8205) || chr(128187), 5)"},
                      Strange{"PrivateUse", "repeat(chr(57344), 6)"},
                      Strange{"EscapedSurrogateAsWords", R"('\ud800 \u0000 NaN null')"},
                      Strange{"Markup", R"('<script>alert("x")</script> &amp; {"a": [1,]}')"},
                      Strange{"Formats", "'100% {} {0} %s %n $1 :dims'"}),
    [](auto const& given) { return std::string(given.param.name); });

TEST(StrangeText, InAFailureReasonCannotForgeALine) {
  CliDb const db;
  db.add_profile(1, "seeking = 'partners'");
  db.sql(
      "create function shout() returns trigger language plpgsql as $$ begin "
      R"(raise exception E'first\n2026-01-01T00:00:00Z info all is well\x1b[31m'; end $$;)"
      "create trigger shout before update on profiles for each row execute function shout()");
  auto const result = db.run({"backfill-embeddings", "--log-level", "debug"});
  EXPECT_EQ(result.exit_code, 1) << result;
  EXPECT_EQ(result.err.find("\n2026-01-01T00:00:00Z"), std::string::npos);
  EXPECT_EQ(result.err.find('\x1b'), std::string::npos);
  auto const status = db.run({"status"});
  EXPECT_EQ(status.out.find('\x1b'), std::string::npos);
  EXPECT_NO_THROW(db.run_json({"status"}));
}

}  // namespace
}  // namespace jvmm::test
