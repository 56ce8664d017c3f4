// 'jvmm rescore --clients': clients with everybody, and the marks on their reports.

#include <fmt/format.h>

#include "cli/match_rows.hpp"
#include "support/temp_dir.hpp"

namespace jvmm::test {
namespace {

using json::Ref;
using ::testing::HasSubstr;

constexpr char const* k_early = "2025-01-01";

/// Eight profiles whose vectors are alike and whose words are not, and 'calibrated' with low tiers. 1 and 2 are
/// clients.
struct Clients {
  Clients() {
    add_scorable_profiles(db, 8);
    set_vectors();
    db.sql(
        fmt::format("insert into matching_memberreport (member_name, member_email, company_name, access_code, month, "
                    "expires_at, supabase_profile_id, client_profile, created_at) "
                    "select 'Member ' || i, 'm@x.com', 'c', 'code' || i, '2026-11-01', '2027-01-01', "
                    "('10000000-0000-4000-8000-00000000000' || i)::uuid, '{{\"kept\": {{\"a\": 1}}}}', '{}' "
                    "from generate_series(1, 3) i; update matching_memberreport set is_active = false "
                    "where member_name = 'Member 3'",
                    k_early));
  }

  void set_vectors() const {
    db.sql(
        "update profiles set embeddings_model = 'm', embedding_seeking = v, embedding_offering = v, "
        "embedding_who_you_serve = v, booking_link = case when right(id::text, 1) >= '6' then 'https://book.me/x' end, "
        "bio = repeat('host ', right(id::text, 1)::int * 20) from (select id as profile, "
        "('[1,' || right(id::text, 1) || repeat(',0', 382) || ']')::vector as v from profiles) given "
        "where profile = id");
  }

  Arguments arguments(Arguments const& further) const {
    Arguments all{"rescore", "--scoring", scoring, "--now", k_scored_as_of};
    all.insert(all.end(), further.begin(), further.end());
    return all;
  }
  json::Value run(Arguments const& further = {"--clients", "active"}, int exit_code = 0) const {
    return db.run_json(arguments(further), exit_code);
  }
  std::string count(std::string const& where = "true") const {
    return db.sql("select count(*) from match_suggestions where " + where);
  }

  testing::TempDir folder;
  std::string scoring = folder
                            .write("low.json", R"({"name": "low", "version": 1, "extends": "calibrated",
                                   "tiers": {"premier": 48, "strong": 47}})")
                            .string();
  CliDb db;
};

/// Scores and reasons of all pairs, by profiles.
std::string pairs(CliDb const& db) {
  return db.sql(
      "select string_agg(concat_ws('|', profile_id, suggested_profile_id, score_ab, score_ba, harmonic_mean, "
      "match_reason), E'\\n' order by profile_id, suggested_profile_id) from match_suggestions");
}

/// Makes every pair look old, runs, and says which pairs were written, as "12 17".
std::string written_after(Clients const& clients, std::string const& change, Arguments const& further = {}) {
  clients.db.sql(fmt::format("update match_suggestions set suggested_at = '{}'; {}", k_early, change));
  Arguments arguments{"--clients", "active"};
  arguments.insert(arguments.end(), further.begin(), further.end());
  clients.run(arguments);
  return clients.db.sql(
      "select coalesce(string_agg(right(profile_id::text, 1) || right(suggested_profile_id::text, 1), ' ' "
      "order by profile_id, suggested_profile_id), '') from match_suggestions where suggested_at > '2026-01-01'");
}

TEST(ClientsStores, EveryEligibleProspectAsRescoringWould) {
  Clients const clients, oracle;
  clients.db.add_profile(9, "");
  auto const report = clients.run();
  EXPECT_EQ(clients.count(), "14");
  EXPECT_EQ(Ref(report, "report")["clients"]["clients"].integer(), 2);
  EXPECT_EQ(clients.count("source <> 'contact_ingestion' or status <> 'pending' or match_score <> harmonic_mean or "
                          "profile_id = suggested_profile_id or match_context ->> 'source' <> 'contact_ingestion' or "
                          "(match_context ? 'breakdown_ab') <> (harmonic_mean >= 47)"),
            "0");
  int number = 0;
  for (int const client : {1, 2})
    for (int prospect = 1; prospect <= 8; ++prospect)
      if (prospect != client) add_match(oracle.db, ++number, client, prospect);
  oracle.run({});
  EXPECT_EQ(pairs(clients.db), pairs(oracle.db));
  EXPECT_EQ(summary(clients.run({}), "candidates"), 0) << "plain rescore finds nothing to do";
}

TEST(ClientsStores, TheSameIdsInEveryDatabaseAndTheSameClientsByIdOrFile) {
  Clients const active, named;
  active.run();
  auto const file = named.folder.write("ids", profile_id(2) + "\n");
  named.run({"--clients", profile_id(1) + "," + file.string()});
  auto const rows = [](CliDb const& db) {
    return db.sql("select string_agg(id || match_context::text, ',' order by id) from match_suggestions");
  };
  EXPECT_EQ(rows(active.db), rows(named.db));
}

TEST(ClientsStores, NothingTheSecondTime) {
  Clients const clients;
  clients.run();
  auto const trace = [&] {
    return clients.db.trace("match_suggestions") + clients.db.trace("jvmm.ledger") +
           clients.db.trace("matching_memberreport") + clients.db.trace("profiles");
  };
  auto const before = trace();
  EXPECT_EQ(summary(clients.run(), "candidates"), 0);
  EXPECT_EQ(trace(), before);
}

TEST(ClientsStores, NewScoresAndLeavesTheUsersState) {
  Clients const clients;
  add_match(
      clients.db, 1, 1, 4,
      "status = 'dismissed', source = 'x', trust_level = 'gold', notes = 'n', match_score = 12.34, "
      "suggested_at = '2025-01-01', viewed_at = '2025-01-02', match_context = '{\"note\": 7, \"breakdown_ab\": 1}'");
  add_match(clients.db, 2, 1, 5, "match_context = '[1, 2]'");
  clients.run();
  EXPECT_EQ(of_match(clients.db, 1, "concat_ws(' ', status, source, trust_level, notes, viewed_at::date)"),
            "dismissed x gold n 2025-01-02");
  EXPECT_EQ(of_match(clients.db, 1,
                     "match_score = harmonic_mean and suggested_at > '2026-01-01' and match_reason <> '' "
                     "and match_context -> 'note' = '7' and not match_context ? 'source' "
                     "and match_context -> 'scoring' ? 'input' and score_ab > 0"),
            "t");
  EXPECT_EQ(of_match(clients.db, 2, "match_context -> 'unreadable'"), "[1, 2]");
}

TEST(ClientsStaleness, IsOfThePairsOfWhatWasEdited) {
  Clients const clients;
  clients.run();
  auto const edit = [](int profile) {
    return fmt::format("update profiles set offering = 'podcast and more' where id = '{}'", profile_id(profile));
  };
  EXPECT_EQ(written_after(clients, ""), "");
  EXPECT_EQ(written_after(clients, edit(5)), "15 25");
  EXPECT_EQ(written_after(clients, edit(2)), "12 21 23 24 25 26 27 28");
  EXPECT_EQ(written_after(clients, "", {"--force", "--profile-ids", profile_id(7)}), "17 27");
}

TEST(ClientsRules, MinScoreIsOfNewPairs) {
  Clients const all, some;
  all.run();
  auto const good =
      all.db.sql("select percentile_disc(0.8) within group (order by harmonic_mean) from match_suggestions");
  some.run({"--clients", "active", "--min-score", good});
  EXPECT_EQ(some.count(), all.count("harmonic_mean >= " + good));
  EXPECT_EQ(some.count("harmonic_mean < " + good), "0");
  auto const before = some.db.trace("match_suggestions");
  some.run({"--clients", "active", "--min-score", good});
  EXPECT_EQ(some.db.trace("match_suggestions"), before);
  some.run({"--clients", "active", "--min-score", "100", "--force"});
  EXPECT_EQ(some.count(), all.count("harmonic_mean >= " + good)) << "what is stored stays";
  some.run();
  EXPECT_EQ(pairs(some.db), pairs(all.db));
}

TEST(ClientsRules, APrescreenLosesWhatOnlyVectorsTell) {
  Clients const plain, screened;
  auto const other_words =
      "update profiles set offering = 'zither', seeking = 'quince jam', booking_link = null where id = '" +
      profile_id(6) + "'";
  plain.db.sql(other_words);
  screened.db.sql(other_words);
  plain.run();
  screened.run({"--clients", "active", "--prescreen"});
  EXPECT_EQ(plain.count("suggested_profile_id = '" + profile_id(6) + "' and harmonic_mean > 45"), "2");
  EXPECT_EQ(screened.count("suggested_profile_id = '" + profile_id(6) + "'"), "0");
}

TEST(ClientsRules, DuplicatesAreNotSuggestedUnlessAsked) {
  Clients const clients;
  clients.db.sql("update profiles set email = 'ada@engines.com', name = 'Ada Lovelace' where id in ('" + profile_id(1) +
                 "', '" + profile_id(4) + "')");
  auto const report = clients.run();
  EXPECT_EQ(Ref(report, "report")["clients"]["left_out"].integer(), 1);
  EXPECT_EQ(clients.count(), "13");
  clients.run({"--clients", "active", "--suggest-duplicates"});
  EXPECT_EQ(clients.count(), "14");
}

TEST(ClientsRules, PairsThatAreNoneAreRetired) {
  Clients const clients;
  clients.run();
  clients.db.sql(
      "update profiles set seeking = null, offering = null, who_you_serve = null, what_you_do = null "
      "where id in ('" +
      profile_id(1) + "', '" + profile_id(5) + "')");
  clients.run();
  EXPECT_EQ(clients.db.sql("select concat_ws(' ', score_ab, score_ba, harmonic_mean, match_score, "
                           "'[' || match_reason || ']', match_context ? 'ineligible_reason') from match_suggestions "
                           "where profile_id = '" +
                           profile_id(1) + "' and suggested_profile_id = '" + profile_id(5) + "'"),
            "0.00 0.00 0.00 0.00 [] t");
  EXPECT_EQ(clients.count("harmonic_mean = 0"), "1");
}

std::string report_of(Clients const& clients, int member, std::string const& expression) {
  return clients.db.sql(
      fmt::format("select {} from matching_memberreport where member_name = 'Member {}'", expression, member));
}

TEST(ClientsReports, AreMarkedForNewHighQualityMatchesOnly) {
  Clients const clients;
  auto const report = clients.run();
  auto const good = clients.db.sql(
      "select jsonb_agg(p.name || ' (' || harmonic_mean || ')' order by harmonic_mean desc, p.id) from "
      "match_suggestions m "
      "join profiles p on p.id = suggested_profile_id where profile_id = '" +
      profile_id(1) + "' and harmonic_mean >= 48");
  ASSERT_NE(good, "") << "the tiers of this test are too high";
  EXPECT_LT(std::count(good.begin(), good.end(), '('), 7);
  EXPECT_EQ(report_of(clients, 1, "client_profile -> '_new_matches'"), good);
  EXPECT_EQ(report_of(clients, 1, "client_profile - '_new_matches' - '_regen_flagged_at'"),
            "{\"kept\": {\"a\": 1}, \"_regen_reason\": \"new_high_quality_matches\", \"_needs_regeneration\": true}");
  EXPECT_EQ(report_of(clients, 1, "(client_profile ->> '_regen_flagged_at')::timestamptz > now() - interval '1 hour'"),
            "t");
  EXPECT_EQ(report_of(clients, 3, "client_profile"), "{\"kept\": {\"a\": 1}}");
  EXPECT_GE(Ref(report, "report")["clients"]["flagged_reports"].items().size(), 1u);

  auto const before = clients.db.trace("matching_memberreport");
  clients.run();
  EXPECT_EQ(clients.db.trace("matching_memberreport"), before);
  clients.db.sql("update matching_memberreport set client_profile = '{}', created_at = now()");
  clients.run();
  EXPECT_EQ(report_of(clients, 1, "client_profile"), "{}") << "a report made since has seen these matches";

  clients.db.sql("update profiles set phone = '1' where id = '" + profile_id(8) + "'");
  clients.run();
  EXPECT_EQ(report_of(clients, 1, "client_profile #>> '{_new_matches,0}' like 'Profile 8 (%'"), "t");
  EXPECT_EQ(report_of(clients, 1, "jsonb_array_length(client_profile -> '_new_matches')"), "1");
}

TEST(ClientsReports, AreNotMarkedForLowOrDismissedMatches) {
  Clients const clients;
  clients.db.sql(
      "insert into match_suggestions (id, profile_id, suggested_profile_id, status) select gen_random_uuid(), '" +
      profile_id(1) + "', id, 'dismissed' from profiles where id <> '" + profile_id(1) + "'");
  clients.run();
  EXPECT_EQ(report_of(clients, 1, "client_profile"), "{\"kept\": {\"a\": 1}}");
  Clients const strict;
  strict.db.run_json({"rescore", "--clients", "active", "--scoring", "calibrated", "--now", k_scored_as_of});
  EXPECT_EQ(strict.count(), "14");
  EXPECT_EQ(report_of(strict, 1, "client_profile ? '_new_matches'"),
            strict.count("harmonic_mean >= 64 and profile_id = '" + profile_id(1) + "'") == "0" ? "f" : "t");
}

TEST(ClientsReports, OfOddFormEndNothing) {
  Clients const clients;
  clients.db.sql("update matching_memberreport set client_profile = '{\"_regen_flagged_at\": \"yesterday\"}'");
  clients.run();
  EXPECT_EQ(report_of(clients, 1, "client_profile ? '_new_matches'"), "t");
}

TEST(ClientsStores, AProfileThatCannotBeReadCostsItselfOnly) {
  Clients const clients;
  clients.db.sql(
      "update profiles set content_platforms = (repeat('[', 3000) || repeat(']', 3000))::jsonb where id = '" +
      profile_id(7) + "'");
  auto const report = clients.run({"--clients", "active"}, 1);
  EXPECT_EQ(summary(report, "failed"), 1);
  EXPECT_EQ(clients.count("suggested_profile_id = '" + profile_id(7) + "'"), "0");
  EXPECT_EQ(clients.count("suggested_profile_id = '" + profile_id(6) + "'"), "2");
  EXPECT_EQ(clients.db.sql("select outcome from jvmm.ledger where stage = 'rescore-clients' and profile_id = '" +
                           profile_id(7) + "'"),
            "failed");
}

TEST(ClientsRefuses, WhatIsNotThere) {
  Clients const clients;
  expect_failure(clients.db.run(clients.arguments({"--clients", profile_id(77)})), 65,
                 {"no profile " + profile_id(77)});
  expect_failure(clients.db.run(clients.arguments({"--clients", "active", "--preview", "2"})), 64, {"--preview"});
  expect_failure(clients.db.run(clients.arguments({"--clients", "active", "--update-pressure"})), 64,
                 {"--update-pressure"});
  clients.db.sql("update matching_memberreport set is_active = false");
  expect_failure(clients.db.run(clients.arguments({"--clients", "active"})), 65, {"no member report is active"});
  clients.db.sql("drop table matching_memberreport cascade");
  expect_failure(clients.db.run(clients.arguments({"--clients", "active"})), 78, {"matching_memberreport"});
  clients.run({"--clients", profile_id(1)});
  EXPECT_EQ(clients.count(), "7");
}

TEST(ClientsDryRun, CountsAndWritesNothing) {
  Clients const clients;
  auto const all = [&] {
    return clients.db.trace_all() + clients.db.trace("match_suggestions") + clients.db.trace("matching_memberreport");
  };
  auto const before = all();
  auto const plan = clients.run({"--clients", "active", "--dry-run"});
  EXPECT_EQ(Ref(plan, "plan")["plan"]["pairs"].integer(), 14);
  EXPECT_EQ(all(), before);
}

TEST(ClientsLimit, StopsWith75AndTheSameCommandGoesOn) {
  Clients const clients, whole;
  clients.run({"--clients", "active", "--limit", "3"}, 75);
  EXPECT_LE(std::stoi(clients.count()), 6);
  clients.run();
  whole.run();
  EXPECT_EQ(pairs(clients.db), pairs(whole.db));
}

}  // namespace
}  // namespace jvmm::test
