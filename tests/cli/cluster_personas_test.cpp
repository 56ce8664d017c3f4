// cluster-personas through the program: personas are found, kept, given to profiles, and taken back. The model is
// hashing:384, so that nothing waits for one: phrases that keep company are found whatever their vectors say.

#include <fmt/format.h>

#include "cli/html_problem.hpp"
#include "cli/persona_world.hpp"
#include "support/temp_dir.hpp"

namespace jvmm::test {
namespace {

using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::IsSupersetOf;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

std::vector<std::string> keys_of(json::Value const& list) {
  std::vector<std::string> out;
  for (auto const& persona : json::Ref(list, "list")["personas"].items())
    out.emplace_back(persona["key"].string());
  return out;
}

TEST(ClusterPersonas, FindsThemNamesThemAndSaysWhoHasWhich) {
  PersonaWorld const world;
  auto const report = world.cluster();
  json::Ref const found(report, "report");
  EXPECT_EQ(found["generation"].integer(), 1);
  EXPECT_EQ(found["discovery"]["personas"].integer(), 4);
  EXPECT_EQ(keys_of(report).size(), 4u);
  EXPECT_EQ(world.sql("select count(distinct audience_persona) from profiles"), "4");
  // The four audiences of the world are told apart without a mistake.
  EXPECT_EQ(world.sql("select max(n) from (select count(distinct audience_persona) as n from profiles "
                      "where audience_persona is not null group by business_focus) as audiences"),
            "1");
  EXPECT_EQ(world.sql("select count(*) from profiles p left join jvmm.current_persona c on c.key = p.audience_persona "
                      "where p.audience_persona is not null and c.key is null"),
            "0");
  auto const entry = world.sql_json(
      "select enrichment_metadata #> '{field_meta,audience_persona}' from profiles "
      "where audience_persona is not null order by id limit 1");
  json::Ref const meta(entry, "entry");
  EXPECT_EQ(meta["source"].string(), "hf_classification");
  EXPECT_EQ(meta["model"].string(), "hashing:384");
  EXPECT_EQ(meta["method"].string(), "phrases");
  EXPECT_EQ(meta["pipeline_version"].integer(), 2);
  EXPECT_EQ(meta["input_hash"].string().size(), 32u);
}

TEST(ClusterPersonas, AudienceEmbeddingsAreUnitVectorsWithProvenance) {
  PersonaWorld const world;
  world.cluster();
  EXPECT_EQ(world.sql("select count(*) = (select count(*) from profiles where who_you_serve is not null) "
                      "and bool_and(abs(vector_norm(vector) - 1) < 1e-5 and vector_dims(vector) = 384 "
                      "and provenance ->> 'source' = 'hf_embedding' and provenance ->> 'model' = model "
                      "and provenance ->> 'input_hash' = input_hash) from jvmm.embedding"),
            "t");
  EXPECT_EQ(world.sql("select count(*) from jvmm.embedding e join profiles p on p.id = e.profile_id "
                      "where p.name = 'Silent'"),
            "0");
}

TEST(ClusterPersonas, RunAgainWritesNothing) {
  PersonaWorld const world;
  world.cluster();
  auto const profiles = world.db().trace("profiles"), embeddings = world.db().trace("jvmm.embedding");
  auto const models = world.db().trace("jvmm.persona_model");
  auto const again = world.cluster();
  EXPECT_TRUE(json::Ref(again, "report")["unchanged"].boolean());
  EXPECT_EQ(json::Ref(again, "report")["summary"]["candidates"].integer(), 0);
  EXPECT_EQ(world.db().trace("profiles"), profiles);
  EXPECT_EQ(world.db().trace("jvmm.embedding"), embeddings);
  EXPECT_EQ(world.db().trace("jvmm.persona_model"), models);
  // Found anew from the same rows they are the same, and no profile is written.
  world.cluster({"--force"});
  EXPECT_EQ(world.sql("select max(generation) from jvmm.persona_model"), "2");
  EXPECT_EQ(world.db().trace("profiles"), profiles);
}

TEST(ClusterPersonas, GivesTheSameWhateverTheBatchesThreadsAndOrder) {
  PersonaWorld const whole, small(PersonaWorld::Order::reversed);
  whole.cluster();
  small.cluster({"--batch-size", "7", "--threads", "1"});
  EXPECT_EQ(whole.end_state(), small.end_state());
}

TEST(ClusterPersonas, NewProfilesAreAssignedWithoutFindingPersonasAnew) {
  PersonaWorld const world;
  world.cluster();
  world.add("New", "nurses on night shifts and hospital ward managers", "");
  world.add("Edited later", "beginner landlords", "");
  auto const report = world.cluster({"--assign-only"});
  json::Ref const found(report, "report");
  EXPECT_TRUE(found["discovery"].value().is_null());
  EXPECT_EQ(found["summary"]["done"].integer(), 2);
  auto const nurses = world.persona_of("New"), landlords = world.persona_of("Edited later");
  EXPECT_EQ(nurses, world.sql("select audience_persona from profiles where business_focus = 'nurses' limit 1"));
  EXPECT_NE(landlords, nurses);
  world.sql("update profiles set who_you_serve = 'nurses on night shifts' where name = 'Edited later'");
  world.cluster({"--assign-only"});
  EXPECT_EQ(world.persona_of("Edited later"), nurses);
  // A text that went away takes the persona with it.
  world.sql("update profiles set who_you_serve = null where name = 'Edited later'");
  world.cluster({"--assign-only"});
  EXPECT_EQ(world.persona_of("Edited later"), "");
  EXPECT_EQ(world.sql("select max(generation) from jvmm.persona_model"), "1");
}

TEST(ClusterPersonas, KeysAndNamesStayWhenProfilesAreAdded) {
  PersonaWorld const world;
  auto const before = keys_of(world.cluster());
  auto const personas = world.sql("select string_agg(key || name, ',' order by key) from jvmm.current_persona");
  for (int i = 0; i < 8; ++i)
    world.add(fmt::format("Added {}", i), "beginner landlords and house flippers", "");
  auto const report = world.cluster();
  EXPECT_THAT(keys_of(report), UnorderedElementsAre(before[0], before[1], before[2], before[3]));
  EXPECT_EQ(world.sql("select string_agg(key || name, ',' order by key) from jvmm.current_persona"), personas);
  json::Ref const identity = json::Ref(report, "report")["discovery"]["identity"];
  EXPECT_EQ(identity["kept"].items().size(), 4u);
  EXPECT_EQ(identity["rows"].integer(), identity["rows_kept"].integer());
}

TEST(ClusterPersonas, WhatAHumanNamesAndMergesStays) {
  PersonaWorld const world;
  world.cluster();
  auto const nurses = world.sql("select audience_persona from profiles where business_focus = 'nurses' limit 1");
  auto const couples = world.sql("select audience_persona from profiles where business_focus = 'couples' limit 1");
  world.json({"cluster-personas", "rename", nurses, "Hospital staff"});
  world.json({"cluster-personas", "merge", couples, nurses});
  EXPECT_EQ(world.sql("select count(*) from profiles where audience_persona = '" + couples + "'"), "0");
  EXPECT_EQ(
      world.sql("select string_agg(distinct audience_persona, '') from profiles where business_focus = 'couples'"),
      nurses);
  EXPECT_EQ(world.sql("select merged_into from jvmm.persona where key = '" + couples + "'"), nurses);
  for (auto const* how : {"--force", "--rescan"}) {
    auto const report = world.cluster({how});
    EXPECT_EQ(json::Ref(report, "report")["discovery"]["identity"]["merges"].items().size(), 1u);
    EXPECT_EQ(world.sql("select name from jvmm.current_persona where key = '" + nurses + "'"), "Hospital staff");
    EXPECT_EQ(world.sql("select count(*) from jvmm.current_persona"), "3");
    EXPECT_EQ(world.sql("select count(*) from profiles where audience_persona = '" + couples + "'"), "0");
  }
  auto const list = world.json({"cluster-personas", "list", "--all"});
  EXPECT_THAT(keys_of(list), IsSupersetOf({nurses, couples}));
  auto const shown = world.json({"cluster-personas", "show", nurses});
  EXPECT_TRUE(json::Ref(shown, "shown")["renamed_by_human"].boolean());
  EXPECT_FALSE(json::Ref(shown, "shown")["terms"].items().empty());
  expect_failure(world.run({"cluster-personas", "merge", nurses, nurses}), 65, {nurses});
  expect_failure(world.run({"cluster-personas", "rename", "nobody", "X"}), 65, {"nobody"});
  expect_failure(world.run({"cluster-personas", "rename", nurses, " "}), 65, {"name"});
  expect_failure(world.run({"cluster-personas", "show", "nobody"}), 65, {"nobody"});
}

TEST(ClusterPersonas, WhatTheClientSaysStays) {
  PersonaWorld const world;
  world.sql(
      "update profiles set audience_persona = 'our own', enrichment_metadata = "
      "'{\"field_meta\": {\"audience_persona\": {\"source\": \"client_confirmed\"}}}' "
      "where business_focus = 'nurses'");
  auto const report = world.cluster();
  EXPECT_EQ(json::Ref(report, "report")["kept"].integer(), PersonaWorld::k_each);
  EXPECT_EQ(world.sql("select string_agg(distinct audience_persona, '') from profiles where business_focus = 'nurses'"),
            "our own");
}

TEST(ClusterPersonas, WhatJvmmWroteItselfIsNotRead) {
  PersonaWorld const world;
  world.sql(
      "insert into profiles (id, name, niche, enrichment_metadata) values "
      "('90000000-0000-4000-8000-000000000001', 'Own', 'Health & Wellness', '{\"field_meta\": {\"niche\": "
      "{\"source\": \"hf_classification\"}}}'), "
      "('90000000-0000-4000-8000-000000000002', 'Theirs', 'Health & Wellness', null)");
  world.cluster();
  EXPECT_EQ(world.sql("select string_agg(p.name, ' ') from jvmm.embedding e join profiles p on p.id = e.profile_id "
                      "where p.name in ('Own', 'Theirs')"),
            "Theirs");
}

TEST(ClusterPersonas, ReadsTheIdealCustomerOfClients) {
  PersonaWorld const world;
  world.add("Client", "", "");
  world.sql(
      "insert into matching_memberreport (member_name, member_email, company_name, access_code, month, expires_at, "
      "is_active, "
      "supabase_profile_id, client_profile) select 'x', 'x@x.org', 'x', 'code', '2026-01-01', '2027-01-01', true, id, "
      "'{\"ideal_customer\": {\"who\": \"nurses on night shifts\"}, \"_regen_reason\": \"target\"}' "
      "from profiles where name = 'Client'");
  world.cluster();
  EXPECT_EQ(world.persona_of("Client"),
            world.sql("select audience_persona from profiles where business_focus = 'nurses' limit 1"));
  world.sql("update matching_memberreport set client_profile = '{\"ideal_customer\": \"beginner landlords\"}'");
  world.cluster({"--assign-only"});
  EXPECT_EQ(world.persona_of("Client"),
            world.sql("select audience_persona from profiles where business_focus = 'landlords' limit 1"));
  world.sql("drop table matching_memberreport cascade");
  world.cluster({"--assign-only"});
  EXPECT_EQ(world.persona_of("Client"), "");
}

TEST(ClusterPersonas, DryRunAndPreviewWriteNothing) {
  PersonaWorld const world;
  auto const before = world.db().trace_all();
  auto const plan = world.cluster({"--dry-run"});
  EXPECT_EQ(json::Ref(plan, "plan")["plan"]["to_embed"].integer(), 4 * PersonaWorld::k_each);
  auto const preview = world.cluster({"--preview", "5"});
  EXPECT_EQ(json::Ref(preview, "preview")["discovery"]["personas"].integer(), 4);
  EXPECT_EQ(json::Ref(preview, "preview")["preview"].items().size(), 5u);
  EXPECT_EQ(world.db().trace_all(), before);
  world.cluster();
  world.add("New", "nurses on night shifts", "");
  auto const after = world.db().trace_all();
  auto const one = world.cluster({"--assign-only", "--preview", "5"});
  ASSERT_EQ(json::Ref(one, "preview")["preview"].items().size(), 1u);
  EXPECT_EQ(json::Ref(one, "preview")["preview"][0]["after"].string(),
            world.sql("select audience_persona from profiles where business_focus = 'nurses' limit 1"));
  auto const key = world.sql("select key from jvmm.current_persona order by key limit 1");
  auto const other = world.sql("select key from jvmm.current_persona order by key desc limit 1");
  world.json({"cluster-personas", "rename", key, "Called otherwise", "--dry-run"});
  world.json({"cluster-personas", "merge", key, other, "--dry-run"});
  EXPECT_EQ(world.db().trace_all(), after);
}

TEST(ClusterPersonas, UndoBringsBackThePersonasBefore) {
  PersonaWorld const world;
  world.cluster();
  world.sql(
      "update profiles set who_you_serve = 'beginner landlords and house flippers' "
      "where id in (select id from profiles where business_focus = 'nurses' order by id limit 3)");
  world.cluster();
  auto const run = world.sql("select max(id) from jvmm.run where stage = 'cluster_personas'");
  EXPECT_EQ(world.sql("select generation from jvmm.persona_model where state = 'current'"), "2");
  auto const moved = world.sql("select md5(string_agg(audience_persona, ',' order by id)) from profiles");
  world.json({"undo", run});
  EXPECT_EQ(world.sql("select generation from jvmm.persona_model where state = 'current'"), "1");
  EXPECT_NE(world.sql("select md5(string_agg(audience_persona, ',' order by id)) from profiles"), moved);
  EXPECT_EQ(
      world.sql("select count(*) from profiles where audience_persona is not null and audience_persona <> "
                "(select min(q.audience_persona) from profiles q where q.business_focus = profiles.business_focus)"),
      "0");
}

TEST(ClusterPersonas, UndoOfTheFirstLeavesNone) {
  PersonaWorld const world;
  auto const before = world.sql("select md5(string_agg(to_jsonb(p)::text, '' order by id)) from profiles p");
  world.cluster();
  auto const stages = world.sql(
      "select string_agg(id::text, ' ' order by id desc) from jvmm.run "
      "where stage in ('audience', 'cluster_personas')");
  for (std::size_t at = 0; at < stages.size();) {
    auto const end = std::min(stages.find(' ', at), stages.size());
    world.json({"undo", stages.substr(at, end - at)});
    at = end + 1;
  }
  EXPECT_EQ(world.sql("select md5(string_agg(to_jsonb(p)::text, '' order by id)) from profiles p"), before);
  EXPECT_EQ(world.sql("select count(*) from jvmm.embedding"), "0");
  EXPECT_EQ(world.sql("select count(*) from jvmm.current_persona"), "0");
  expect_failure(world.run({"cluster-personas", "--assign-only"}), 78, {"no personas", "without --assign-only"});
}

TEST(ClusterPersonas, AnotherModelIsRefused) {
  PersonaWorld const world;
  world.cluster();
  world.add("New", "nurses on night shifts", "");
  auto const before = world.db().trace("profiles");
  auto const refused = world.run({"cluster-personas", "--assign-only", "--model", "hashing:64"});
  EXPECT_EQ(refused.exit_code, 78) << refused;
  EXPECT_THAT(refused.err, HasSubstr("hashing:64"));
  EXPECT_THAT(refused.err, HasSubstr("vectors of two models"));
  EXPECT_EQ(world.db().trace("profiles"), before);
  // Found anew with it they keep their identities.
  auto const report = world.cluster({"--model", "hashing:64"});
  EXPECT_EQ(json::Ref(report, "report")["discovery"]["identity"]["kept"].items().size(), 4u);
}

TEST(ClusterPersonas, GoalsAreMetOrRefusedWithTheReason) {
  PersonaWorld const world;
  expect_failure(world.run({"cluster-personas", "--target-k", "500"}), 65, {"500"});
  expect_failure(world.run({"cluster-personas", "--max-outliers", "many"}), 64, {"--max-outliers"});
  expect_failure(world.run({"cluster-personas", "--method", "magic"}), 64, {"--method", "magic"});
  expect_failure(world.run({"cluster-personas", "--method", "phrases", "--spectral"}), 64, {"--spectral", "kmeans"});
  expect_failure(world.run({"cluster-personas", "--target-k", "1"}), 64, {"--target-k"});
  expect_failure(world.run({"cluster-personas", "--assign-only", "--target-k", "4"}), 64, {"--assign-only"});
  expect_failure(world.run({"cluster-personas", "--limit", "4"}), 64, {"--assign-only"});
  EXPECT_EQ(world.sql("select count(*) from jvmm.current_persona"), "0");
}

TEST(ClusterPersonas, FoundInASampleTheyAreGivenToEverybody) {
  PersonaWorld const world;
  auto const report = world.cluster({"--sample", "60"});
  auto const found = json::Ref(report, "report")["discovery"];
  EXPECT_EQ(found["everybody"].integer(), 120);
  EXPECT_EQ(found["rows"].integer(), 60);
  EXPECT_EQ(world.sql("select string_agg(distinct n::text, ' ') from (select count(*) as n from profiles where "
                      "audience_persona is not null group by audience_persona, business_focus) as personas"),
            "30");
  EXPECT_EQ(json::Ref(world.cluster({"--sample", "60"}), "report")["summary"]["candidates"].integer(), 0);
  EXPECT_THAT(world.run({"cluster-personas", "--method", "phrases", "--target-k", "4", "--sample", "70"}).out,
              HasSubstr("found among 70 of 120 profiles"));
  expect_failure(world.run({"cluster-personas", "--sample", "0"}), 64, {"--sample"});
}

TEST(ClusterPersonas, ByNameTheyAreFoundInVectorsAndNewProfilesAssignedByThem) {
  for (Arguments const& method :
       {Arguments{"kmeans", "--target-k", "4"}, {"kmeans", "--spectral", "--target-k", "4"}}) {
    PersonaWorld const world;
    Arguments arguments{"cluster-personas", "--method"};
    arguments.insert(arguments.end(), method.begin(), method.end());
    auto const report = world.json(arguments);
    auto const found = json::Ref(report, "report")["discovery"];
    EXPECT_EQ(found["method"].string(), "kmeans");
    EXPECT_EQ(found["personas"].integer(), 4);
    EXPECT_EQ(world.sql("select count(*) from profiles where audience_persona is null"), "1");
    world.add("New", "We serve nurses on night shifts; midwives", "");
    world.cluster({"--assign-only"});
    EXPECT_NE(world.persona_of("New"), "");
  }
}

TEST(ClusterPersonas, BadInputIsToldAndLeavesWhatThereIs) {
  {
    CliDb const none;
    expect_failure(none.run({"cluster-personas"}), 65, {"audience"});
    EXPECT_EQ(none.sql("select count(*) from jvmm.persona_model"), "0");
    EXPECT_EQ(none.sql("select count(*) from jvmm.lease where expires_at > now()"), "0");
    expect_failure(none.run({"cluster-personas", "--assign-only"}), 78, {"no personas"});
    EXPECT_EQ(none.run({"cluster-personas", "list"}).exit_code, 0);
    expect_failure(none.run({"cluster-personas", "show", "x"}), 65, {"no personas"});
    none.add_profile(1, "bio = 'A bio'");
    expect_failure(none.run({"similar", profile_id(1), "--complementary"}), 65, {"no personas", "cluster-personas"});
  }
  PersonaWorld const world;
  world.cluster();
  auto const personas = world.db().trace("jvmm.persona");
  expect_failure(world.run({"cluster-personas", "--target-k", "900"}), 65, {"900"});
  EXPECT_EQ(world.db().trace("jvmm.persona"), personas);
  EXPECT_EQ(world.sql("select outcome from jvmm.run order by id desc limit 1"), "failed");
}

TEST(ClusterPersonas, AreReplacedWholeOrNotAtAll) {
  PersonaWorld const world, undisturbed;
  auto const edit =
      "update profiles set who_you_serve = 'beginner landlords and house flippers' where business_focus = "
      "'nurses' and name like '% 1_'";
  undisturbed.cluster();
  undisturbed.sql(edit);
  undisturbed.cluster();
  world.cluster();
  world.sql(edit);
  world.sql("create function refuse() returns trigger language plpgsql as $$ begin raise exception 'frozen'; end $$");
  std::string const tables[]{"persona_model", "persona", "persona_complement", "persona_assignment"};
  auto const state = [&] {
    std::string all;
    for (auto const& table : tables)
      all += world.db().trace("jvmm." + table);
    return all + world.db().trace("profiles");
  };
  auto const before = state();
  for (auto const& table : tables) {
    world.sql("create trigger refuse before insert on jvmm." + table + " for each row execute function refuse()");
    auto const result = world.run({"cluster-personas", "--method", "phrases", "--target-k", "4"});
    EXPECT_EQ(result.exit_code, 65) << result;
    EXPECT_EQ(state(), before) << table;
    EXPECT_EQ(world.sql("select outcome from jvmm.run order by id desc limit 1"), "failed");
    world.sql("drop trigger refuse on jvmm." + table);
  }
  world.cluster();
  EXPECT_EQ(world.end_state(), undisturbed.end_state());
}

TEST(ClusterPersonas, RetryTakesOnlyWhatFailed) {
  PersonaWorld const world;
  world.cluster();
  world.add("Refused", "nurses on night shifts", "");
  world.sql(
      "create function refuse() returns trigger language plpgsql as $$ begin raise exception 'frozen'; end $$; "
      "create trigger refuse before update on profiles for each row when (old.name = 'Refused') "
      "execute function refuse()");
  world.json({"cluster-personas", "--assign-only"}, 1);
  EXPECT_EQ(world.sql("select stage from jvmm.ledger where outcome = 'failed'"), "cluster_personas");
  world.sql("drop trigger refuse on profiles");
  EXPECT_EQ(json::Ref(world.cluster({"--assign-only"}), "report")["summary"]["candidates"].integer(), 0);
  auto const report = world.json({"retry", "--stage", "cluster_personas"});
  EXPECT_EQ(json::Ref(report, "report")["summary"]["done"].integer(), 1);
  EXPECT_NE(world.persona_of("Refused"), "");
}

TEST(ClusterPersonas, StatusReportSimilarAndExplainTellOfThem) {
  PersonaWorld const world;
  world.json({"backfill-embeddings"});
  world.cluster();
  auto const status = world.json({"status"});
  EXPECT_EQ(json::Ref(status, "status")["personas"]["personas"].integer(), 4);
  auto const report = world.json({"report"});
  EXPECT_EQ(json::Ref(report, "report")["sections"]["personas"]["personas"].items().size(), 4u);
  auto const html = world.run({"report"}).out;
  EXPECT_THAT(html, HasSubstr("<h2>Personas</h2>"));
  EXPECT_THAT(html, HasSubstr("<circle"));
  auto const nurse = world.sql("select id from profiles where business_focus = 'nurses' order by id limit 1");
  auto const landlord = world.sql("select id from profiles where business_focus = 'landlords' order by id limit 1");
  auto const similar = world.json({"similar", nurse, "--complementary", "--top", "500"});
  auto const own = world.sql("select audience_persona from profiles where id = '" + nurse + "'");
  for (auto const& hit : json::Ref(similar, "similar")["results"].items()) {
    EXPECT_NE(hit["persona"].string(), own);
    EXPECT_GT(hit["complement"].number(), 5);
  }
  // Those who serve nurses seek landlords: their audiences complete each other, which the score says.
  EXPECT_EQ(json::Ref(similar, "similar")["results"][0]["persona"].string(),
            world.sql("select audience_persona from profiles where id = '" + landlord + "'"));
  EXPECT_THAT(std::string(json::Ref(similar, "similar")["results"][0]["reason"].string()), HasSubstr("landlords"));
  auto const explained = world.json({"explain", nurse, landlord});
  EXPECT_GT(json::Ref(explained, "explained")["personas"]["complement"].number(), 5);
  EXPECT_THAT(std::string(json::Ref(explained, "explained")["scoring"]["basis"].string()), HasSubstr(" p:"));
  EXPECT_THAT(world.run({"explain", nurse, landlord}).out, HasSubstr("Persona Complementarity"));
  auto const silent = world.sql("select id from profiles where name = 'Silent'");
  expect_failure(world.run({"similar", silent, "--complementary"}), 65, {"no persona"});
  expect_failure(world.run({"similar", nurse, "--complementary", "--duplicates"}), 64, {"--complementary"});
  expect_failure(world.run({"similar", nurse, "--complementary", "--with", "books"}), 64, {"--complementary"});
}

TEST(ClusterPersonas, TheReportsMapStandsHostileNamesAndOddCentroids) {
  PersonaWorld const world;
  world.cluster();
  auto const keys = keys_of(world.json({"cluster-personas", "list"}));
  world.json({"cluster-personas", "rename", keys[0], R"(<script>alert("x")</script> & 'y' </title>)"});
  auto const read = [&](std::size_t circles) {
    auto const html = world.run({"report"}).out;
    EXPECT_EQ(html_problem(html), "");
    EXPECT_THAT(html, Not(HasSubstr("<script>alert")));
    EXPECT_THAT(html, Not(HasSubstr("nan")));
    std::size_t found = 0;
    for (auto at = html.find("<circle"); at != std::string::npos; at = html.find("<circle", at + 1))
      ++found;
    EXPECT_EQ(found, circles);
  };
  read(4);
  world.sql(
      "update jvmm.persona set centroid = (select centroid from jvmm.persona where centroid is not null limit 1)");
  read(4);
  world.sql("update jvmm.persona set centroid = null where key = '" + keys[1] + "'");
  read(4);
  world.sql("update jvmm.persona set centroid = null");
  read(4);
  for (std::size_t i = 1; i < keys.size(); ++i)
    world.json({"cluster-personas", "merge", keys[i], keys[0]});
  read(1);
}

TEST(ClusterPersonas, ChangedComplementsMakeStoredScoresStale) {
  PersonaWorld const world;
  world.json({"backfill-embeddings"});
  world.sql(
      "insert into match_suggestions (profile_id, suggested_profile_id, match_score) select a.id, b.id, 20 from "
      "(select id from profiles where business_focus = 'nurses' order by id limit 1) a, "
      "(select id from profiles where business_focus = 'landlords' order by id limit 5) b");
  EXPECT_EQ(summary(world.json({"rescore"}), "done"), 5);
  EXPECT_EQ(summary(world.json({"rescore"}), "done"), 0);
  world.cluster();
  EXPECT_EQ(summary(world.json({"rescore"}), "done"), 5);
  EXPECT_EQ(summary(world.json({"rescore"}), "done"), 0);
  world.sql("update jvmm.persona_complement set score = 1");
  EXPECT_EQ(summary(world.json({"rescore"}), "done"), 5);
}

}  // namespace
}  // namespace jvmm::test
