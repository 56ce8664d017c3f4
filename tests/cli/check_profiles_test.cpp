#include <fmt/format.h>

#include <csignal>
#include <fstream>

#include "cli/cli_db.hpp"
#include "support/temp_dir.hpp"

namespace jvmm::test {
namespace {

using ::testing::HasSubstr;

/// Everything that a run decides, without times and numbers.
std::string end_state(CliDb const& db) {
  return db.sql(
             "select md5(string_agg(concat_ws('|', id, email, website, linkedin, seeking, offering, who_you_serve, "
             "what_you_do, bio, niche, signature_programs, social_proof, current_projects, "
             "jvmm.all_field_meta(enrichment_metadata) #- '{email,updated_at}' #- '{bio,updated_at}' "
             "#- '{website,updated_at}' #- '{niche,updated_at}' #- '{seeking,updated_at}'), E'\\n' order by id)) "
             "from profiles") +
         db.sql(
             "select coalesce(string_agg(concat_ws('|', profile_id, column_name, reason, proposed, current, "
             "input_hash, "
             "verdict), E'\\n' order by profile_id, column_name), '') from jvmm.review where verdict is null") +
         db.sql(
             "select string_agg(concat_ws('|', profile_id, outcome, written), E'\\n' order by profile_id) from "
             "jvmm.ledger");
}

std::int64_t open_reviews(CliDb const& db, std::string const& reason) {
  return std::stoll(db.sql("select count(*) from jvmm.review where settled_at is null and reason = '" + reason + "'"));
}

/// One profile of each sort, 20 in all.
void add_profiles(CliDb const& db) {
  for (int i = 1; i <= 20; i += 5) {
    db.add_profile(i, "email = 'not an address', bio = 'A fine bio.'");
    db.add_profile(i + 1, "email = 'ann@firm.com', website = 'firm.com', niche = 'n/a'");
    db.add_profile(i + 2, "bio = '<p>Yoga &amp; more</p>', seeking = '  partners  '");
    db.add_profile(i + 3, "niche_categories = '[{\"category\": \"A\", \"confidence\": 0.1}]'");
    db.add_profile(i + 4, "");
  }
}

TEST(CheckProfiles, HoldsWhatNeedsADecisionAndChangesNothing) {
  CliDb const db;
  add_profiles(db);
  auto const before = db.trace("profiles");
  auto const report = db.run_json({"check-profiles"});
  EXPECT_EQ(summary(report, "done"), 20);
  EXPECT_EQ(db.trace("profiles"), before);
  EXPECT_EQ(open_reviews(db, "email_malformed"), 4);
  EXPECT_EQ(open_reviews(db, "placeholder"), 4);
  EXPECT_EQ(open_reviews(db, "html"), 4);
  EXPECT_EQ(open_reviews(db, "low_confidence"), 4);
  EXPECT_EQ(open_reviews(db, "blanks"), 0) << "a note";
  EXPECT_EQ(db.sql("select count(*) from jvmm.review"), "16");
}

TEST(CheckProfiles, DoesNothingTheSecondTimeAndOnlyTheEditedTheThird) {
  CliDb const db;
  add_profiles(db);
  db.run_json({"check-profiles"});
  auto const reviews = db.trace("jvmm.review");
  EXPECT_EQ(summary(db.run_json({"check-profiles"}), "candidates"), 0);
  db.sql("update profiles set company = 'other', list_size = 7");
  EXPECT_EQ(summary(db.run_json({"check-profiles"}), "candidates"), 0);
  EXPECT_EQ(db.trace("jvmm.review"), reviews);
  db.sql("update profiles set email = 'ann@firm.com' where id = '" + profile_id(1) + "'");
  EXPECT_EQ(summary(db.run_json({"check-profiles"}), "candidates"), 1);
  EXPECT_EQ(open_reviews(db, "email_malformed"), 3);
}

TEST(CheckProfiles, FixMendsWhatIsSafeOnceAndHoldsTheRest) {
  CliDb const db;
  add_profiles(db);
  db.run_json({"check-profiles"});
  auto const report = db.run_json({"check-profiles", "--fix"});
  EXPECT_EQ(summary(report, "done"), 20);
  EXPECT_EQ(json::Ref(report, "report")["mended"]["bio"].integer(), 4);
  EXPECT_EQ(db.sql("select bio || '|' || seeking from profiles where id = '" + profile_id(3) + "'"),
            "Yoga & more|partners");
  EXPECT_EQ(db.sql("select website || '|' || coalesce(niche, '-') from profiles where id = '" + profile_id(2) + "'"),
            "https://firm.com|-");
  EXPECT_EQ(db.sql("select email from profiles where id = '" + profile_id(1) + "'"), "not an address");
  EXPECT_EQ(open_reviews(db, "html") + open_reviews(db, "placeholder"), 0) << "withdrawn, as they no longer hold";
  EXPECT_EQ(open_reviews(db, "email_malformed"), 4);
  EXPECT_EQ(summary(db.run_json({"check-profiles", "--fix"}), "candidates"), 0);
  EXPECT_EQ(summary(db.run_json({"check-profiles"}), "candidates"), 0) << "what was mended needs no other check";
}

TEST(CheckProfiles, FixKeepsTheSourceAndLeavesWhatRanksHigher) {
  CliDb const db;
  db.add_profile(1,
                 R"(bio = '<b>x</b>', seeking = ' y ', niche = 'n/a', enrichment_metadata = '{"tier": 1, "field_meta": {
      "bio": {"source": "client_confirmed"}, "seeking": {"source": "website_scrape", "k": 1}}}')");
  auto const report = db.run_json({"check-profiles", "--fix"});
  EXPECT_EQ(json::Ref(report, "report")["kept_for_source"].integer(), 1);
  EXPECT_EQ(db.sql("select bio from profiles"), "<b>x</b>");
  EXPECT_EQ(
      db.sql("select enrichment_metadata #>> '{field_meta,seeking,source}' || ' ' || "
             "(enrichment_metadata #>> '{field_meta,seeking,method}') || ' ' || "
             "(enrichment_metadata #>> '{field_meta,seeking,k}') || ' ' || (enrichment_metadata ->> 'tier') || ' ' || "
             "(enrichment_metadata #>> '{field_meta,bio}') from profiles"),
      R"(website_scrape check_profiles 1 1 {"source": "client_confirmed"})");
  EXPECT_EQ(open_reviews(db, "html"), 1) << "what was left alone is held";
}

TEST(CheckProfiles, UndoRestoresWhatFixChangedWhereNobodyChangedItSince) {
  CliDb const db(Rows::slice);
  db.add_profile(
      1,
      "bio = '<b>x</b>', niche = 'none', enrichment_metadata = '{\"field_meta\": {\"niche\": {\"source\": \"x\"}}}'");
  db.add_profile(2, "bio = '<b>y</b>'");
  auto const content =
      "select md5(string_agg((to_jsonb(p) - 'updated_at')::text, '' order by id)) from profiles p "
      "where id <> '" +
      profile_id(2) + "'";
  auto const before = db.sql(content);
  auto const run = db.run_json({"check-profiles", "--fix"});
  EXPECT_NE(db.sql(content), before);
  db.sql("update profiles set bio = 'mine' where id = '" + profile_id(2) + "'");
  auto const dry = db.run_json({"undo", "1", "--dry-run"});
  auto const report = db.run_json({"undo", "1"});
  EXPECT_EQ(db.sql(content), before);
  EXPECT_EQ(db.sql("select bio from profiles where id = '" + profile_id(2) + "'"), "mine");
  EXPECT_EQ(json::Ref(report, "undo")["changed_since"].integer(), 1);
  for (auto const* member : {"looked_at", "restored", "changed_since", "untouched"})
    EXPECT_EQ(json::Ref(dry, "undo")[member].integer(), json::Ref(report, "undo")[member].integer()) << member;
  EXPECT_EQ(summary(db.run_json({"check-profiles"}), "candidates"), summary(run, "candidates"));
}

TEST(CheckProfiles, DryRunAndPreviewWriteNothing) {
  CliDb const db;
  add_profiles(db);
  auto const before = db.trace_all();
  auto const dry = db.run_json({"check-profiles", "--dry-run"});
  EXPECT_EQ(json::Ref(dry, "dry")["plan"]["profiles"].integer(), 20);
  EXPECT_EQ(json::Ref(dry, "dry")["plan"]["verdicts"]["quarantined"].integer(), 4);
  auto const preview = db.run_json({"check-profiles", "--preview", "1"});
  auto const found = json::Ref(preview, "preview")["preview"].items();
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0]["column"].string(), "email");
  EXPECT_EQ(found[0]["verdict"].string(), "quarantined");
  EXPECT_THAT(db.run({"check-profiles", "--preview", "3"}).out, HasSubstr("Yoga & more"));
  EXPECT_EQ(db.trace_all(), before);
}

TEST(CheckProfiles, StoppedKilledAndRunAgainEndsAsAnUndisturbedRun) {
  CliDb const undisturbed, disturbed;
  add_profiles(undisturbed);
  add_profiles(disturbed);
  undisturbed.run_json({"check-profiles", "--fix"});
  EXPECT_EQ(disturbed.run({"check-profiles", "--fix", "--limit", "7"}).exit_code, 75);
  disturbed.sql(
      "create function nap() returns trigger language plpgsql as $$ begin perform pg_sleep(0.2); return new; "
      "end $$; create trigger nap before update on profiles for each row execute function nap()");
  {
    CliProcess process({"check-profiles", "--fix", "--batch-size", "2"}, disturbed.options());
    disturbed.wait_until("select count(*) >= 9 from jvmm.ledger");
    process.send(SIGKILL);
    process.wait();
  }
  disturbed.sql("drop trigger nap on profiles");
  disturbed.run_json({"check-profiles", "--fix"});
  EXPECT_EQ(end_state(disturbed), end_state(undisturbed));
}

TEST(CheckProfiles, ARowThatTheDatabaseRefusesCostsOneRow) {
  CliDb const db;
  add_profiles(db);
  db.sql("create function act() returns trigger language plpgsql as $$ begin if new.id = '" + profile_id(3) +
         "' then raise exception 'no'; end if; return new; end $$;"
         "create trigger act before update on profiles for each row execute function act()");
  auto const report = db.run_json({"check-profiles", "--fix"}, 1);
  EXPECT_EQ(summary(report, "done"), 19);
  EXPECT_EQ(summary(report, "failed"), 1);
}

TEST(CheckProfiles, ATriggerThatChangesWhatWasWrittenIsABadAnswer) {
  CliDb const db;
  db.add_profile(1, "bio = '<b>x</b>'");
  db.sql(
      "create function act() returns trigger language plpgsql as $$ begin new.bio = 'other'; return new; end $$;"
      "create trigger act before update on profiles for each row execute function act()");
  db.run_json({"check-profiles", "--fix"}, 1);
  EXPECT_EQ(db.sql("select bio from profiles"), "<b>x</b>");
}

TEST(CheckProfiles, AnEditDuringTheRunWins) {
  CliDb const db;
  db.add_profile(1, "bio = '<b>x</b>'");
  db.add_profile(2, "bio = '<b>y</b>'");
  db.sql(
      "create function nap() returns trigger language plpgsql as $$ begin perform pg_sleep(1); return new; end $$;"
      "create trigger nap before update on profiles for each row when (old.bio = '<b>x</b>') execute function nap()");
  CliProcess process({"check-profiles", "--fix", "--batch-size", "1"}, db.options());
  db.wait_until(
      "select exists (select from pg_stat_activity where datname = current_database() and "
      "application_name = 'jvmm.check/write' and "
      "wait_event = 'PgSleep')");
  db.sql("update profiles set bio = 'mine' where id = '" + profile_id(2) + "'");
  EXPECT_EQ(process.wait().exit_code, 0);
  EXPECT_EQ(db.sql("select string_agg(bio, '|' order by id) from profiles"), "x|mine");
  EXPECT_EQ(summary(db.run_json({"check-profiles", "--fix"}), "candidates"), 1);
}

TEST(CheckProfiles, ComparesWithPagesOfAFolderAndOfTheTable) {
  CliDb const db;
  testing::TempDir const folder;
  db.add_profile(1, "bio = 'A lighthouse keeper who teaches knots', seeking = 'Sponsors for a harbour festival'");
  db.add_profile(2, "bio = 'Something altogether different here'");
  std::ofstream(folder.path() / (profile_id(1) + ".json"))
      << R"({"text": "The keeper of the lighthouse teaches knots to sailors every week.",
             "quotes": {"bio": ["keeper of the lighthouse teaches knots"]}})";
  std::ofstream(folder.path() / "notes.txt") << "not a page";
  auto const report = db.run_json({"check-profiles", "--pages", folder.path().string()});
  EXPECT_EQ(json::Ref(report, "report")["pages"].integer(), 1);
  EXPECT_EQ(db.sql("select string_agg(column_name || ' ' || reason, ',') from jvmm.review"), "seeking ungrounded");
  EXPECT_EQ(summary(db.run_json({"check-profiles", "--pages", folder.path().string()}), "candidates"), 0);
  std::ofstream(folder.path() / (profile_id(1) + ".json")) << R"({"text": "x", "quotes": {"bio": 3}})";
  auto const broken = db.run_json({"check-profiles", "--pages", folder.path().string()}, 1);
  EXPECT_EQ(summary(broken, "failed"), 1);
  db.sql("insert into jvmm.page (profile_id, content) values ('" + profile_id(2) + "', 'nothing of the kind')");
  EXPECT_EQ(json::Ref(db.run_json({"check-profiles", "--pages", "table"}), "report")["pages"].integer(), 1);
  EXPECT_EQ(open_reviews(db, "ungrounded"), 1) << "the first profile has no page in the table";
  expect_failure(db.run({"check-profiles", "--pages", "/nowhere"}), 66, {"--pages: /nowhere"});
}

TEST(CheckProfiles, HostileValuesOfTheFixtureAreChecked) {
  CliDb const db(Rows::slice);
  db.add_profile(1, "bio = repeat(E'\\u202E\\U0001F600<script>', 20000), email = repeat('@', 100000)");
  db.add_profile(2, "niche_categories = '{\"a\": [1]}', offer_types = '\"x\"', content_style = '[]'");
  auto const report = db.run_json({"check-profiles", "--fix"});
  EXPECT_EQ(summary(report, "failed"), 0);
  EXPECT_EQ(open_reviews(db, "bad_shape"), 3);
  EXPECT_EQ(summary(db.run_json({"check-profiles", "--fix"}), "candidates"), 0);
}

TEST(CheckProfiles, WithoutMigrationsSaysWhatToDo) {
  CliDb const db(CustomerSchema::plain);
  expect_failure(db.run({"check-profiles"}), 78, {"jvmm migrate"});
}

}  // namespace
}  // namespace jvmm::test
