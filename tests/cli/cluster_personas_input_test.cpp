// cluster-personas on input that gives little or nothing, and on the fixture.

#include <fmt/format.h>

#include "cli/cli_db.hpp"

namespace jvmm::test {
namespace {

using ::testing::HasSubstr;

Arguments cluster(Arguments more = {}) {
  more.insert(more.begin(), {"cluster-personas", "--method", "phrases"});
  return more;
}

/// One row for each number up to `count`, of an SQL expression of i.
void fill(CliDb const& db, int count, std::string const& who_you_serve) {
  db.sql(
      fmt::format("insert into profiles (id, name, who_you_serve) select md5('row ' || i)::uuid, 'Row ' || i, {} from "
                  "generate_series(1, {}) as i",
                  who_you_serve, count));
}

TEST(ClusterPersonasInput, OneProfileAndEqualProfilesGiveNoMoreThanOnePersona) {
  for (int const count : {1, 40}) {
    CliDb const db;
    fill(db, count, "'nurses on night shifts'");
    auto const result = db.run(cluster());
    if (result.exit_code == 65) {
      EXPECT_THAT(result.err, HasSubstr("personas"));
      EXPECT_EQ(db.sql("select count(*) from jvmm.persona_model"), "0");
      continue;
    }
    ASSERT_EQ(result.exit_code, 0) << result;
    EXPECT_EQ(db.sql("select count(*) from jvmm.current_persona"), "1");
    EXPECT_THAT(result.out, HasSubstr("hardly tell audiences apart"));
  }
}

TEST(ClusterPersonasInput, FewerProfilesThanWantedIsRefusedWithTheReason) {
  CliDb const db;
  fill(db, 3, "'audience number ' || i");
  expect_failure(db.run(cluster({"--target-k", "9"})), 65, {"9", "personas"});
}

TEST(ClusterPersonasInput, DuplicatesByTheThousandAreOne) {
  CliDb const db;
  fill(db, 2000, "case i % 2 when 0 then 'nurses; midwives' else 'landlords; house flippers' end");
  db.run_json(cluster({"--target-k", "2"}));
  EXPECT_EQ(db.sql("select string_agg(n::text, ' ') from (select count(*) as n from profiles group by "
                   "audience_persona) as sizes"),
            "1000 1000");
}

TEST(ClusterPersonasInput, OtherLanguagesAndOddTextsAreRead) {
  CliDb const db;
  fill(db, 60,
       "(array['Krankenschwestern; Hebammen', 'Hebammen; Ärzte', 'Ärzte; Krankenschwestern', '大家族; 新婚夫婦', "
       "'新婚夫婦; 若い親', '若い親; 大家族'])[1 + i % 6]");
  db.sql("update profiles set who_you_serve = E'\\u0001<b>x</b> \\u202e' || repeat('ä', 40000) where name = 'Row 7'");
  auto const report = db.run_json(cluster({"--target-k", "2"}));
  EXPECT_EQ(json::Ref(report, "report")["summary"]["failed"].integer(), 0);
  EXPECT_EQ(db.sql("select count(distinct audience_persona) from profiles where name <> 'Row 7'"), "2");
  EXPECT_EQ(
      db.sql("select max(n) from (select count(distinct audience_persona) as n from profiles where name <> 'Row 7' "
             "group by who_you_serve ~ '[a-zA-Z]') as languages"),
      "1");
  EXPECT_EQ(db.sql("select count(*) from jvmm.current_persona where key !~ '^[a-z0-9-]{1,48}$'"), "0");
}

// One in twenty of the fixture's profiles comes later: nearly everybody keeps key and name.
TEST(ClusterPersonasInput, OnTheFixtureKeysAndNamesStayWhenOneInTwentyIsNew) {
  CliDb const db;
  db.sql(insert_sql(data_lines("fixtures/profiles-3143.jsonl.gz")));
  db.sql(
      "create table later as select * from profiles where substr(md5(id::text), 1, 4) < '0ccd'; "
      "delete from profiles where id in (select id from later)");
  auto const first = db.run_json(cluster());
  auto const personas = json::Ref(first, "report")["discovery"]["personas"].integer();
  EXPECT_GE(personas, 20);
  EXPECT_LE(personas, 32);
  db.sql(
      "create table before as select p.id, p.audience_persona as key, c.name from profiles p "
      "left join jvmm.current_persona c on c.key = p.audience_persona; insert into profiles select * from later");
  auto const second = db.run_json(cluster());
  auto const identity = json::Ref(second, "report")["discovery"]["identity"];
  EXPECT_GE(identity["rows_kept"].number(), .95 * identity["rows"].number());
  EXPECT_EQ(db.sql("select count(*) >= .95 * (select count(*) from before where key is not null) from before b "
                   "join profiles p using (id) join jvmm.current_persona c on c.key = p.audience_persona "
                   "where b.key = p.audience_persona and b.name = c.name"),
            "t");
  EXPECT_GT(std::stoi(db.sql("select count(*) from profiles where id in (select id from later) and audience_persona is "
                             "not null")),
            100);
}

}  // namespace
}  // namespace jvmm::test
