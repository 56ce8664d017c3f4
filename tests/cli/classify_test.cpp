// classify-niche, classify-offers and classify-style through the program, by words alone (which needs no model): what
// is written, what is stale, what is left alone, what is held back, and that it can be taken back.

#include <fmt/format.h>

#include "cli/classified.hpp"
#include "support/temp_dir.hpp"

namespace jvmm::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char const* k_real_estate =
    "niche = 'Real estate investing', what_you_do = 'I teach people to invest in rental "
    "property and flip houses'";

/// The three commands by words.
CliOptions by_words(std::map<std::string, std::string> env = {}) {
  for (auto const* key : {"JVMM_CASCADE_NICHE", "JVMM_CASCADE_OFFERS", "JVMM_CASCADE_STYLE"})
    env.emplace(key, "rules");
  return {.env = std::move(env)};
}

json::Value run(CliDb const& db, Arguments arguments, int exit_code = 0, CliOptions options = by_words()) {
  arguments.insert(arguments.end(), {"--format", "json"});
  auto const result = db.run(arguments, std::move(options));
  EXPECT_EQ(result.exit_code, exit_code) << result;
  return json::parse(result.out, "stdout of jvmm " + arguments.front());
}

std::int64_t number(json::Value const& report, std::string_view member) {
  return json::Ref(report, "report")[member].integer();
}

void classify_all(CliDb const& db, CliOptions const& options = by_words(), Arguments const& more = {}) {
  for (auto const* command : {"classify-niche", "classify-offers", "classify-style"}) {
    Arguments arguments{command};
    arguments.insert(arguments.end(), more.begin(), more.end());
    run(db, arguments, 0, options);
  }
}

// --- what is written ------------------------------------------------------------------------------------------------

TEST(Classify, WritesLabelsWithConfidencesAndProvenance) {
  CliDb const db;
  db.add_profile(1,
                 std::string(k_real_estate) +
                     ", offering = 'keynote speaking, one-on-one coaching', bio = 'Step 1: do this. Step 2: do that. "
                     "Here is the exact checklist, step by step.'");
  classify_all(db);
  EXPECT_THAT(column_of(db, 1, "niche_categories -> 0 ->> 'category'"), "Real Estate & Property Investing");
  EXPECT_THAT(column_of(db, 1, "offer_types"), AllOf(HasSubstr("\"speaking\""), HasSubstr("\"coaching_1on1\"")));
  EXPECT_THAT(column_of(db, 1, "content_style ->> 'primary'"), "tactical and step-by-step practical");
  EXPECT_EQ(column_of(db, 1, "classification_updated_at is not null"), "true");
  auto const entry = json::parse(entry_of(db, 1, "niche_categories"), "provenance");
  auto const meta = json::Ref(entry, "provenance");
  EXPECT_EQ(meta["source"].string(), "hf_classification");
  EXPECT_EQ(meta["method"].string(), "rules");
  EXPECT_THAT(meta["taxonomy"].string(), ::testing::StartsWith("niche-25@"));
  EXPECT_EQ(meta["pipeline_version"].integer(), 2);
  EXPECT_EQ(meta["input_hash"].string(), db.sql("select input_hash from jvmm.ledger where stage = 'classify_niche'"));
  EXPECT_THAT(meta["updated_at"].string(), ::testing::EndsWith("+00:00"));
}

TEST(Classify, ConfidencesHaveFourDecimals) {
  CliDb const db(Rows::slice);
  classify_all(db);
  EXPECT_EQ(db.sql("select count(*) from profiles, jsonb_array_elements(niche_categories || offer_types) as one "
                   "where (one -> 'confidence')::numeric <> round((one -> 'confidence')::numeric, 4) "
                   "or (one -> 'confidence')::numeric not between 0 and 1"),
            "0");
  EXPECT_EQ(db.sql("select count(*) from profiles where jsonb_array_length(niche_categories) > 3 "
                   "or jsonb_array_length(offer_types) > 5"),
            "0");
}

TEST(Classify, NeverReadsBusinessFocus) {
  CliDb const db;
  db.add_profile(1, "business_focus = 'Real Estate & Property Investing'");
  classify_all(db);
  EXPECT_EQ(column_of(db, 1, "niche_categories"), "[]");
}

TEST(Classify, EmptyAndOneWordProfilesAreUnknownNotTheNearestLabel) {
  CliDb const db;
  db.add_profile(1, "");
  db.add_profile(2, "niche = 'Hello', what_you_do = 'Stuff', offering = 'Things', bio = 'Hi'");
  db.add_profile(3, "niche = E' \\u00a0 ', tags = '{}', what_you_do = '', offering = '   ', bio = E'\\t'");
  auto const report = run(db, {"classify-niche"});
  run(db, {"classify-offers"});
  run(db, {"classify-style"});
  EXPECT_EQ(summary(report, "skipped"), 2) << "nothing to go by is remembered, and marks no row";
  EXPECT_EQ(number(report, "unknown"), 1);
  for (int const profile : {1, 2, 3}) {
    EXPECT_EQ(column_of(db, profile, "niche_categories"), "[]");
    EXPECT_EQ(column_of(db, profile, "offer_types"), "[]");
    EXPECT_EQ(column_of(db, profile, "content_style"), "{}");
  }
  EXPECT_THAT(entry_of(db, 2, "niche_categories"), HasSubstr("hf_classification"));
  EXPECT_EQ(entry_of(db, 1, "niche_categories"), "");
  EXPECT_EQ(summary(run(db, {"classify-niche"}), "candidates"), 0);
}

TEST(Classify, ALabelWhoseTextWentAwayBecomesUnknown) {
  CliDb const db;
  db.add_profile(1, k_real_estate);
  run(db, {"classify-niche", "--write-niche", "never"});
  db.sql("update profiles set niche = null, what_you_do = null");
  run(db, {"classify-niche", "--write-niche", "never"});
  EXPECT_EQ(column_of(db, 1, "niche_categories"), "[]");
}

TEST(Classify, TakesWhateverATextMayBe) {
  CliDb const db;
  db.add_profile(1, "what_you_do = repeat('property investing &amp; landlords ', 20000)");
  db.add_profile(
      2, "what_you_do = '<p>real&nbsp;estate <b>investing</b></p>', tags = array[null, 'landlords, {x}', '\"']");
  db.add_profile(3, "what_you_do = '不動産投資 🏠 недвижимость', offering = '🎙️'");
  db.add_profile(4, "niche = E'\\u0001\\u0007 real estate', enrichment_metadata = '[1]'");
  db.add_profile(5, "niche = 'real estate investing', enrichment_metadata = '{\"field_meta\": [\"niche\"]}'");
  classify_all(db);
  for (int const profile : {1, 2, 5})
    EXPECT_EQ(column_of(db, profile, "niche_categories -> 0 ->> 'category'"), "Real Estate & Property Investing")
        << profile;
  EXPECT_EQ(column_of(db, 4, "enrichment_metadata ->> 'unreadable'"), "[1]");
  EXPECT_EQ(db.sql("select count(*) from jvmm.ledger where outcome = 'failed'"), "0");
}

// --- what is stale --------------------------------------------------------------------------------------------------

TEST(Classify, TheSecondRunFindsNothing) {
  CliDb const db(Rows::slice);
  classify_all(db);
  auto const before = db.trace("profiles");
  for (auto const* command : {"classify-niche", "classify-offers", "classify-style"})
    EXPECT_EQ(summary(run(db, {command}), "candidates"), 0) << command;
  EXPECT_EQ(db.trace("profiles"), before);
}

TEST(Classify, OnlyAnEditOfWhatIsReadMakesARowStale) {
  CliDb const db(Rows::slice);
  classify_all(db);
  db.sql(
      "update profiles set seeking = 'x' || seeking, notes = 'new', company = 'new', list_size = 5, bio = bio || ' ' "
      "where true");
  for (auto const* command : {"classify-niche", "classify-offers", "classify-style"})
    EXPECT_EQ(summary(run(db, {command}), "candidates"), 0) << command;
  auto const with_offering = db.sql("select count(*) from profiles where jvmm.strip(offering) <> ''");
  db.sql("update profiles set offering = offering || ', podcast'");
  EXPECT_EQ(summary(run(db, {"classify-niche"}), "candidates"), 0);
  EXPECT_EQ(summary(run(db, {"classify-style"}), "candidates"), 0);
  EXPECT_EQ(std::to_string(summary(run(db, {"classify-offers"}), "candidates")), with_offering);
}

TEST(Classify, AnotherTaxonomyMakesExactlyThatTasksRowsStale) {
  CliDb const db(Rows::slice);
  classify_all(db);
  auto const rows = db.sql("select count(*) from jvmm.ledger where stage = 'classify_niche'");
  auto const offers =
      db.sql("select md5(string_agg(offer_types::text || content_style::text, '' order by id)) from profiles");
  EXPECT_EQ(std::to_string(summary(run(db, {"classify-niche", "--taxonomy-niche", "niche-20"}), "candidates")), rows);
  EXPECT_EQ(summary(run(db, {"classify-offers"}), "candidates"), 0);
  EXPECT_EQ(summary(run(db, {"classify-style"}), "candidates"), 0);
  EXPECT_EQ(db.sql("select md5(string_agg(offer_types::text || content_style::text, '' order by id)) from profiles"),
            offers);
  EXPECT_EQ(
      db.sql("select count(*) from profiles where enrichment_metadata #>> '{field_meta,niche_categories,taxonomy}' "
             "not like 'niche-20@%'"),
      "0");
}

TEST(Classify, TheLedgerIsAskedForFailedOldAndForcedRows) {
  CliDb const db(Rows::slice);
  classify_all(db);
  EXPECT_EQ(summary(run(db, {"classify-niche", "--stale-days", "3"}), "candidates"), 0);
  db.sql(
      "update jvmm.ledger set updated_at = now() - interval '10 days' where stage = 'classify_niche' and "
      "outcome = 'done' and profile_id in (select profile_id from jvmm.ledger where stage = 'classify_niche' and "
      "outcome = 'done' order by 1 limit 5)");
  EXPECT_EQ(summary(run(db, {"classify-niche", "--stale-days", "3"}), "candidates"), 5);
  EXPECT_GT(summary(run(db, {"classify-niche", "--force"}), "candidates"), 60);
  auto const one = db.sql("select min(id::text) from profiles where niche is not null");
  EXPECT_EQ(summary(run(db, {"classify-niche", "--force", "--profile-ids", one}), "candidates"), 1);
  db.sql(
      "update jvmm.ledger set outcome = 'failed', kind = 'bad_answer' where stage = 'classify_niche' and profile_id = "
      "'" +
      one + "'");
  EXPECT_EQ(summary(run(db, {"classify-niche"}), "candidates"), 0) << "a failure is not tried again every night";
  EXPECT_EQ(summary(run(db, {"retry", "--stage", "classify_niche"}), "candidates"), 1);
  EXPECT_EQ(db.sql("select outcome from jvmm.ledger where stage = 'classify_niche' and profile_id = '" + one + "'"),
            "done");
  expect_failure(db.run({"retry", "--stage", "rescore"}), 64, {"classify_niche"});
}

// --- whose data win -------------------------------------------------------------------------------------------------

TEST(Classify, WhatTheClientConfirmedIsKept) {
  CliDb const db;
  constexpr char const* k_meta =
      ", enrichment_metadata = '{{\"field_meta\": {{\"niche_categories\": {{\"source\": \"{}\"}}}}, \"tier\": 2}}'";
  constexpr char const* k_value = ", niche_categories = '[{\"category\": \"Creative Arts & Expression\"}]'";
  db.add_profile(1, k_real_estate + std::string(k_value) + fmt::format(fmt::runtime(k_meta), "client_confirmed"));
  db.add_profile(2, k_real_estate + std::string(k_value) + fmt::format(fmt::runtime(k_meta), "manual_edit"));
  db.add_profile(3, k_real_estate + std::string(k_value) + fmt::format(fmt::runtime(k_meta), "ai_research"));
  db.add_profile(4, k_real_estate + std::string(k_value));
  auto const report = run(db, {"classify-niche"});
  EXPECT_EQ(number(report, "kept"), 2);
  EXPECT_THAT(column_of(db, 1, "niche_categories"), HasSubstr("Creative"));
  EXPECT_THAT(column_of(db, 2, "niche_categories"), HasSubstr("Creative"));
  EXPECT_THAT(column_of(db, 3, "niche_categories"), HasSubstr("Real Estate"));
  EXPECT_THAT(column_of(db, 4, "niche_categories"), HasSubstr("Real Estate"));
  EXPECT_EQ(entry_of(db, 1, "niche_categories"), "{\"source\": \"client_confirmed\"}");
  EXPECT_EQ(column_of(db, 1, "enrichment_metadata ->> 'tier'"), "2");
  EXPECT_EQ(db.sql("select profile_id || ' ' || reason from jvmm.review where settled_at is null"),
            profile_id(1) + " conflict")
      << "what the client confirmed and the texts deny is shown to a person; an editor's word is not";
}

TEST(Classify, AnEditWhileARunIsAtWorkIsTakenByTheNext) {
  CliDb const db;
  db.add_profile(1, k_real_estate);
  run(db, {"classify-niche", "--write-niche", "never"});
  db.sql("update profiles set niche = 'Yoga and meditation', what_you_do = null");
  EXPECT_EQ(summary(run(db, {"classify-niche", "--write-niche", "never"}), "candidates"), 1);
  EXPECT_THAT(column_of(db, 1, "niche_categories"), Not(HasSubstr("Real Estate")));
}

// --- the niche as text ----------------------------------------------------------------------------------------------

TEST(ClassifyNicheText, IsWrittenOnlyWhereThereIsNone) {
  CliDb const db;
  db.add_profile(1, "what_you_do = 'real estate investing and rental property'");
  db.add_profile(2, "niche = 'houses', what_you_do = 'real estate investing and rental property'");
  db.add_profile(3,
                 "niche = ' ', what_you_do = 'real estate investing and rental property', "
                 "enrichment_metadata = '{\"field_meta\": {\"niche\": {\"source\": \"client_confirmed\"}}}'");
  run(db, {"classify-niche"});
  EXPECT_EQ(column_of(db, 1, "niche"), "Real Estate & Property Investing");
  EXPECT_THAT(entry_of(db, 1, "niche"), HasSubstr("\"source\": \"hf_classification\""));
  EXPECT_EQ(column_of(db, 2, "niche"), "houses");
  EXPECT_EQ(column_of(db, 3, "niche"), " ") << "the client emptied it";
  EXPECT_EQ(summary(run(db, {"classify-niche"}), "candidates"), 0) << "what was written is not read";
  db.sql("update profiles set what_you_do = 'personal training, fitness and nutrition' where id = '" + profile_id(1) +
         "'");
  run(db, {"classify-niche"});
  EXPECT_THAT(column_of(db, 1, "niche"), Not(HasSubstr("Real Estate"))) << "what we wrote follows its source";
  db.sql("update profiles set what_you_do = 'Stuff' where id = '" + profile_id(1) + "'");
  run(db, {"classify-niche"});
  EXPECT_EQ(column_of(db, 1, "niche"), "");
  EXPECT_EQ(entry_of(db, 1, "niche"), "");
}

TEST(ClassifyNicheText, AnEditOfWhatWasWrittenIsReadAndKept) {
  CliDb const db;
  db.add_profile(1, "what_you_do = 'real estate investing and rental property'");
  run(db, {"classify-niche"});
  db.sql("update profiles set niche = 'Yoga teacher training'");
  EXPECT_EQ(summary(run(db, {"classify-niche", "--write-niche", "priority"}), "candidates"), 1);
  EXPECT_EQ(column_of(db, 1, "niche"), "Yoga teacher training");
}

TEST(ClassifyNicheText, OverLowerSourcesKeepsTheTextAndTheAnswer) {
  CliDb const db;
  db.add_profile(1,
                 "niche = 'real estate investing', enrichment_metadata = "
                 "'{\"field_meta\": {\"niche\": {\"source\": \"ai_research\"}}}'");
  db.add_profile(2,
                 "niche = 'real estate investing', enrichment_metadata = "
                 "'{\"field_meta\": {\"niche\": {\"source\": \"exa_research\"}}}'");
  Arguments const command{"classify-niche", "--write-niche", "priority"};
  run(db, command);
  EXPECT_EQ(column_of(db, 1, "niche"), "Real Estate & Property Investing");
  EXPECT_THAT(entry_of(db, 1, "niche"), HasSubstr("\"replaced\": \"real estate investing\""));
  EXPECT_EQ(column_of(db, 2, "niche"), "real estate investing");
  EXPECT_EQ(summary(run(db, command), "candidates"), 0);
  run(db, {"classify-niche", "--write-niche", "priority", "--force"});
  EXPECT_EQ(column_of(db, 1, "niche_categories -> 0 ->> 'category'"), "Real Estate & Property Investing")
      << "the text that was replaced is still what is read";
  EXPECT_THAT(entry_of(db, 1, "niche"), HasSubstr("\"replaced\": \"real estate investing\""));
}

TEST(ClassifyNicheText, IsLeftAloneWhereItIsForbidden) {
  CliDb const db;
  db.add_profile(1, "what_you_do = 'real estate investing and rental property'");
  run(db, {"classify-niche", "--write-niche", "never"});
  EXPECT_EQ(column_of(db, 1, "niche"), "");
  EXPECT_EQ(entry_of(db, 1, "niche"), "");
}

// --- pages ----------------------------------------------------------------------------------------------------------

constexpr char const* k_page = "Step 1: do this. Step 2: do that. Here is the exact checklist, step by step.";

TEST(ClassifyStyle, ReadsPagesFromTheTable) {
  CliDb const db;
  db.add_profile(1, "");
  db.sql(fmt::format("insert into jvmm.page (profile_id, content) values ('{}', '{}')", profile_id(1), k_page));
  run(db, {"classify-style"});
  EXPECT_EQ(column_of(db, 1, "content_style ->> 'primary'"), "tactical and step-by-step practical");
  EXPECT_EQ(summary(run(db, {"classify-style"}), "candidates"), 0);
  db.sql("update jvmm.page set content = content || ' And so on.'");
  EXPECT_EQ(summary(run(db, {"classify-style"}), "candidates"), 1);
  db.sql("delete from jvmm.page");
  run(db, {"classify-style"});
  EXPECT_EQ(column_of(db, 1, "content_style"), "{}");
}

TEST(ClassifyStyle, ReadsPagesFromAFolder) {
  CliDb const db;
  db.add_profile(1, "");
  db.add_profile(2, "bio = 'Step by step.'");
  testing::TempDir const dir;
  dir.write(profile_id(1) + ".txt", k_page);
  Arguments const command{"classify-style", "--pages", dir.path().string()};
  EXPECT_EQ(summary(run(db, command), "done"), 2);
  EXPECT_EQ(column_of(db, 1, "content_style ->> 'primary'"), "tactical and step-by-step practical");
  EXPECT_EQ(summary(run(db, command), "candidates"), 0);
  dir.write(profile_id(1) + ".txt", std::string("other words \0 and \xff bytes", 27));
  EXPECT_EQ(summary(run(db, command), "candidates"), 1);
  expect_failure(db.run({"classify-style", "--pages", "/nowhere"}, by_words()), 66, {"/nowhere", "ID.txt"});
}

// --- plans ----------------------------------------------------------------------------------------------------------

TEST(Classify, ADryRunAndAPreviewWriteNothing) {
  CliDb const db(Rows::slice);
  auto const before = db.trace_all();
  auto const plan = run(db, {"classify-niche", "--dry-run"});
  EXPECT_GT(json::Ref(plan, "plan")["plan"]["profiles"].integer(), 60);
  auto const preview = run(db, {"classify-offers", "--preview", "5"});
  EXPECT_EQ(json::Ref(preview, "preview")["preview"].items().size(), 5u);
  EXPECT_EQ(db.trace_all(), before);
  auto const report = run(db, {"classify-niche"});
  EXPECT_EQ(summary(report, "candidates"), json::Ref(plan, "plan")["plan"]["profiles"].integer());
}

TEST(Classify, RefusesWhatCannotBe) {
  CliDb const db(Rows::provenance);
  auto const before = db.trace_all();
  expect_failure(db.run({"classify-niche", "--cascade-niche", "magic"}), 78, {"magic", "embedding, rules, nli"});
  expect_failure(db.run({"classify-niche", "--cascade-niche", "rules, rules"}), 78, {"twice"});
  expect_failure(db.run({"classify-niche", "--cascade-niche", "head"}), 78, {"no head was promoted"});
  expect_failure(db.run({"classify-niche", "--cascade-niche", "rules,nli"}), 78, {"zero_shot", "tei:"});
  expect_failure(db.run({"classify-niche", "--cascade-niche", "rules,chat"}), 78, {"chat"});
  expect_failure(db.run({"classify-niche", "--taxonomy-niche", "offers-17"}, by_words()), 64, {"taxonomy_niche"});
  expect_failure(db.run({"classify-niche", "--taxonomy-niche", "./none.json"}, by_words()), 66, {"none.json"});
  expect_failure(db.run({"classify-niche", "--write-niche", "always"}, by_words()), 64, {"never"});
  expect_failure(db.run({"classify-niche", "--max-cost", "1"}, by_words()), 64, {"no meaning"});
  EXPECT_EQ(db.trace_all(), before);
}

// --- taking back ----------------------------------------------------------------------------------------------------

std::string content(CliDb const& db) {
  return db.sql("select string_agg(p::text, E'\\n' order by id) from profiles p");
}

TEST(ClassifyUndo, RestoresEveryByte) {
  for (auto const* command : {"classify-niche", "classify-offers", "classify-style"}) {
    CliDb const db(Rows::slice);
    db.add_profile(1, k_real_estate + std::string(", niche_categories = null, enrichment_metadata = '\"text\"'"));
    db.add_profile(
        2,
        "what_you_do = 'real estate investing', offer_types = '[{\"type\": \"podcast\", \"confidence\": 1}]', "
        "content_style = 'null', classification_updated_at = '2025-01-02T03:04:05.678901+02:00'");
    auto const before = content(db);
    auto const report = run(db, {command});
    EXPECT_NE(content(db), before);
    auto const undone = db.run_json({"undo", "1"});
    EXPECT_EQ(content(db), before) << command;
    EXPECT_EQ(number(undone, "restored"), summary(report, "done"));
    EXPECT_EQ(db.sql("select count(*) from jvmm.ledger"), "0");
    EXPECT_EQ(db.sql("select count(*) from jvmm.review where settled_at is null"), "0");
    EXPECT_EQ(summary(run(db, {command}), "candidates"), summary(report, "candidates"));
  }
}

TEST(ClassifyUndo, LeavesWhatWasEditedSince) {
  CliDb const db;
  db.add_profile(1, "what_you_do = 'real estate investing and rental property'");
  db.add_profile(2, "what_you_do = 'real estate investing and rental property'");
  run(db, {"classify-niche"});
  db.sql("update profiles set niche = 'mine' where id = '" + profile_id(1) + "'");
  auto const edited = db.sql("select p::text from profiles p where id = '" + profile_id(1) + "'");
  auto const report = db.run_json({"undo", "1"});
  EXPECT_EQ(number(report, "restored"), 1);
  EXPECT_EQ(number(report, "changed_since"), 1);
  EXPECT_EQ(db.sql("select p::text from profiles p where id = '" + profile_id(1) + "'"), edited);
  EXPECT_EQ(column_of(db, 2, "niche"), "");
}

// --- the same whatever the way --------------------------------------------------------------------------------------

TEST(Classify, GivesTheSameBytesForAnyBatchOrderAndNumberOfRuns) {
  CliDb const whole(Rows::slice), small(Rows::slice), stopped(Rows::slice), shards(Rows::slice);
  classify_all(whole);
  classify_all(small, by_words(), {"--batch-size", "1"});
  for (auto const* command : {"classify-niche", "classify-offers", "classify-style"}) {
    for (int part = 2; part >= 0; --part)
      run(shards, {command, "--shard", fmt::format("{}/3", part), "--batch-size", "7"});
    while (stopped.run({command, "--limit", "11", "--batch-size", "4"}, by_words()).exit_code == 75) {
    }
  }
  EXPECT_EQ(classified_end_state(small), classified_end_state(whole));
  EXPECT_EQ(classified_end_state(shards), classified_end_state(whole));
  EXPECT_EQ(classified_end_state(stopped), classified_end_state(whole));
}

}  // namespace
}  // namespace jvmm::test
