// 'jvmm rescore' for stored matches: what is scored, what it writes, and what it leaves alone.

#include <fmt/format.h>

#include "cli/match_rows.hpp"

namespace jvmm::test {
namespace {

using json::Ref;
using ::testing::HasSubstr;

struct Chain {
  explicit Chain(int matches = 4) {
    add_scorable_profiles(db, matches + 1);
    add_chain(db, matches);
  }
  CliDb db;
};

/// All that can be seen of the writes of a rescore.
std::string trace(CliDb const& db) {
  return db.trace("match_suggestions") + db.trace("jvmm.ledger") + db.trace("profiles") + db.trace("jvmm.calibration") +
         db.trace("jvmm.scoring_profile");
}

TEST(Rescore, ScoresWhatHasNoScore) {
  Chain const chain;
  EXPECT_EQ(rescored(chain.db), 4);
  EXPECT_EQ(chain.db.sql("select count(*) from match_suggestions where score_ab > 0 and score_ba > 0 and "
                         "harmonic_mean > 0 and match_reason <> '' and match_context ? 'breakdown_ba'"),
            "4");
}

TEST(Rescore, WritesNothingTheSecondTime) {
  Chain const chain;
  rescore(chain.db);
  auto const before = trace(chain.db);
  auto const report = rescore(chain.db);
  EXPECT_EQ(summary(report, "candidates"), 0);
  EXPECT_EQ(trace(chain.db), before);
}

TEST(Rescore, TouchesNothingOfTheUsers) {
  Chain const chain;
  chain.db.sql(
      "update match_suggestions set match_score = 12.34, scale_symmetry_score = 3, trust_level = 'gold', source = 'x', "
      "status = 'contacted', suggested_at = '2025-01-01', viewed_at = '2025-01-02', contacted_at = '2025-01-03', "
      "email_sent_at = '2025-01-04', draft_intro_clicked_at = '2025-01-05', expires_at = '2025-01-06', "
      "notes = E'line\\nline', rich_analysis = '{}', analysis_generated_at = '2025-01-07', user_feedback = 'good', "
      "feedback_at = '2025-01-08'");
  auto const state = [&] {
    return chain.db.sql(
        "select string_agg((to_jsonb(m) - array['score_ab', 'score_ba', 'harmonic_mean', 'match_reason', "
        "'match_context'])::text, ',' order by id) from match_suggestions m");
  };
  auto const before = state(), profiles = chain.db.trace("profiles");
  EXPECT_EQ(rescored(chain.db), 4);
  EXPECT_EQ(state(), before);
  EXPECT_EQ(chain.db.trace("profiles"), profiles);
}

TEST(Rescore, ScoresDismissedMatchesToo) {
  Chain const chain;
  chain.db.sql("update match_suggestions set status = 'dismissed'");
  EXPECT_EQ(rescored(chain.db), 4);
  EXPECT_EQ(chain.db.sql("select count(*) from match_suggestions where status = 'dismissed' and harmonic_mean > 0"),
            "4");
}

TEST(RescoreContext, KeepsKeysThatNoScoreOwns) {
  Chain const chain(3);
  chain.db.sql(
      "update match_suggestions set match_context = '{\"note\": {\"of\": [\"a user\"]}, \"breakdown_ab\": 1, "
      "\"experimental_scores\": 2, \"ineligible_reason\": \"old\"}' where id = '" +
      match_id(1) + "'");
  chain.db.sql(
      "update match_suggestions set match_context = to_jsonb('{\"note\": 7, \"breakdown_ab\": 1}'::text) "
      "where id = '" +
      match_id(2) + "'");
  rescore(chain.db);
  EXPECT_EQ(of_match(chain.db, 1, "match_context -> 'note'"), "{\"of\": [\"a user\"]}");
  EXPECT_EQ(of_match(chain.db, 1, "match_context ? 'experimental_scores' or match_context ? 'ineligible_reason'"), "f");
  EXPECT_EQ(of_match(chain.db, 2, "match_context -> 'note'"), "7");
  EXPECT_EQ(chain.db.sql("select count(*) from match_suggestions where jsonb_typeof(match_context -> 'breakdown_ab') "
                         "= 'object'"),
            "3");
}

TEST(RescoreContext, WhatIsNoObjectBecomesAKeyOfOne) {
  Chain const chain(5);
  int match = 0;
  for (auto const* context : {"'[1, 2]'", "'42'", "'\"no json\"'", "'null'", "'\"[1]\"'"})
    chain.db.sql(fmt::format("update match_suggestions set match_context = {}::jsonb where id = '{}'", context,
                             match_id(++match)));
  EXPECT_EQ(rescored(chain.db), 5);
  auto const unreadable = [&](int n) { return of_match(chain.db, n, "coalesce(match_context -> 'unreadable', '0')"); };
  EXPECT_EQ(unreadable(1), "[1, 2]");
  EXPECT_EQ(unreadable(2), "42");
  EXPECT_EQ(unreadable(3), "\"no json\"");
  EXPECT_EQ(unreadable(4), "0");
  EXPECT_EQ(unreadable(5), "\"[1]\"");
  rescore(chain.db, {"--force"});
  EXPECT_EQ(unreadable(1), "[1, 2]");
}

/// A chain whose scores are up to date, with --scoring calibrated as vectors are at hand.
struct Scored : Chain {
  explicit Scored(int matches = 4) : Chain(matches) { rescore(db); }

  /// The numbers of the matches that a run scores after `change`.
  std::string stale_after(std::string const& change, Arguments const& arguments = {}) const {
    if (!change.empty()) db.sql(change);
    auto const before = db.sql("select max(id) from jvmm.run");
    auto const count = rescored(db, arguments);
    auto const found = db.sql(
        "select coalesce(string_agg(right(profile_id::text, 1), ' ' order by profile_id), '') from jvmm.ledger "
        "where stage = 'rescore' and run_id > " +
        before);
    EXPECT_EQ(static_cast<std::size_t>(count), (found.size() + 1) / 2);
    EXPECT_EQ(rescored(db, arguments), 0) << "the next run finds nothing";
    return found;
  }
};

std::string update(int profile, std::string const& set) {
  return fmt::format("update profiles set {} where id = '{}'", set, profile_id(profile));
}

TEST(RescoreStaleness, OfATextIsOfItsProfilesMatchesOnly) {
  Scored const scored;
  auto const others = of_match(scored.db, 1, "score_ab") + of_match(scored.db, 4, "score_ab");
  EXPECT_EQ(scored.stale_after(update(3, "offering = 'podcast guests, podcast guests and more podcast guests'")),
            "2 3");
  EXPECT_EQ(of_match(scored.db, 1, "score_ab") + of_match(scored.db, 4, "score_ab"), others);
  EXPECT_EQ(scored.stale_after(update(1, "phone = '1'")), "1");
  EXPECT_EQ(scored.stale_after(update(5, "name = 'Another Name'")), "4") << "the reason names it";
}

TEST(RescoreStaleness, OfWhatNoScoreReadsIsNone) {
  Scored const scored;
  EXPECT_EQ(scored.stale_after("update profiles set notes = 'x', avatar_url = 'y', service_provided = 'z', "
                               "enrichment_metadata = '{}', role = 'admin'"),
            "");
  EXPECT_EQ(scored.stale_after("update match_suggestions set notes = 'x', status = 'viewed', match_score = 5"), "");
}

TEST(RescoreStaleness, OfAThresholdOfTimeIsOfThoseThatPassIt) {
  Scored const scored;
  scored.stale_after(update(2, "profile_updated_at = '2026-10-20'") + ";" +
                     update(4, "profile_updated_at = '2026-01-01'"));
  EXPECT_EQ(scored.stale_after("", {"--now", "2026-11-02T00:00:00Z"}), "") << "no threshold lies between";
  EXPECT_EQ(scored.stale_after("", {"--now", "2026-12-15T00:00:00Z"}), "1 2");
}

TEST(RescoreStaleness, OfAnOutcomeIsOfThePartnersMatches) {
  Scored const scored;
  auto const record = [](char const* outcome) {
    return fmt::format(
        "with r as (insert into matching_partnerrecommendation (user_id, partner_id, context) "
        "values (1, '{}', 'guest_match') returning id) insert into matching_matchlearningsignal "
        "(match_id, outcome, outcome_timestamp, signal_type) select id, '{}', now(), 'feedback_tier2' from r",
        profile_id(2), outcome);
  };
  auto const good = record("connected_promising");
  EXPECT_EQ(scored.stale_after(good + ";" + good), "") << "two are no record yet";
  EXPECT_EQ(scored.stale_after(good), "1 2");
  EXPECT_EQ(scored.stale_after(record("no_response")), "1 2");
}

TEST(RescoreStaleness, OfTheScoringIsOfAll) {
  Scored const scored;
  EXPECT_EQ(scored.stale_after("", {"--scoring", "calibrated"}), "1 2 3 4");
  EXPECT_EQ(scored.stale_after(""), "1 2 3 4") << "and back";
}

TEST(RescoreStaleness, OfScoresThatSomebodyElseWroteIsMended) {
  Scored const scored;
  auto const before = all_scores(scored.db);
  scored.db.sql("update match_suggestions set score_ab = score_ab + 0.01 where id = '" + match_id(1) +
                "'; update match_suggestions set match_reason = 'because' where id = '" + match_id(3) +
                "'; update match_suggestions set harmonic_mean = null where id = '" + match_id(4) + "'");
  EXPECT_EQ(scored.stale_after(""), "1 3 4");
  EXPECT_EQ(all_scores(scored.db), before);
}

/// A chain with vectors of a model. 'calibrated' needs no calibration.
struct Embedded : Scored {
  Embedded() {
    db.sql(
        "update profiles set embeddings_model = 'm', embedding_seeking = v, embedding_offering = v, "
        "embedding_who_you_serve = v from (select id as profile, ('[1,' || right(id::text, 1) || repeat(',0', 382) || "
        "']')::vector as v from profiles) given where profile = id");
    rescore(db, k_calibrated);
  }
  inline static Arguments const k_calibrated{"--scoring", "calibrated"};
};

TEST(RescoreStaleness, OfAVectorIsOfItsProfilesMatchesOnly) {
  Embedded const embedded;
  auto const change = update(3, "embedding_seeking = ('[0,1' || repeat(',0', 382) || ']')::vector");
  EXPECT_EQ(embedded.stale_after(change, Embedded::k_calibrated), "2 3");
}

TEST(RescoreStaleness, OfTheModelIsOfAll) {
  Embedded const embedded;
  EXPECT_EQ(embedded.stale_after("update profiles set embeddings_model = 'n'", Embedded::k_calibrated), "1 2 3 4");
}

TEST(RescoreRetired, PairsThatAreNoneGetZeroAndTheReasonAndComeBack) {
  Scored const scored;
  auto const before = all_scores(scored.db);
  auto const sparse = [](int profile) {
    return update(profile, "seeking = null, offering = null, who_you_serve = null, what_you_do = null");
  };
  scored.db.sql("create table kept as select * from profiles");
  EXPECT_EQ(scored.stale_after(sparse(1) + ";" + sparse(2)), "1 2");
  EXPECT_EQ(of_match(scored.db, 1, "concat_ws(' ', score_ab, score_ba, harmonic_mean, '[' || match_reason || ']')"),
            "0.00 0.00 0.00 []");
  EXPECT_THAT(of_match(scored.db, 1, "match_context ->> 'ineligible_reason'"), HasSubstr("Insufficient"));
  EXPECT_EQ(of_match(scored.db, 1, "match_context ? 'breakdown_ab'"), "f");
  EXPECT_NE(of_match(scored.db, 2, "harmonic_mean"), "0.00") << "one side is enough for the gate";
  EXPECT_EQ(scored.stale_after("update profiles p set seeking = k.seeking, offering = k.offering, "
                               "who_you_serve = k.who_you_serve, what_you_do = k.what_you_do from kept k "
                               "where k.id = p.id"),
            "1 2");
  EXPECT_EQ(all_scores(scored.db), before);
}

TEST(RescoreRetired, PairsWithoutTheirProfileAreRetired) {
  Scored const scored;
  auto const before = all_scores(scored.db);
  scored.db.sql("create table kept as select * from profiles where id = '" + profile_id(5) + "'");
  EXPECT_EQ(scored.stale_after("delete from profiles where id = '" + profile_id(5) + "'"), "4");
  EXPECT_EQ(of_match(scored.db, 4, "harmonic_mean || (match_context ->> 'ineligible_reason')"),
            "0.00profile " + profile_id(5) + " does not exist");
  EXPECT_EQ(scored.stale_after("insert into profiles select * from kept"), "4");
  EXPECT_EQ(all_scores(scored.db), before);
}

TEST(RescoreOptions, ForceDoesAll) {
  Scored const scored;
  EXPECT_EQ(rescored(scored.db, {"--force"}), 4);
  EXPECT_EQ(rescored(scored.db), 0);
}

TEST(RescoreOptions, LimitStopsWith75AndTheSameCommandGoesOn) {
  Chain const chain(5);
  EXPECT_EQ(rescored(chain.db, {"--limit", "2"}, 75), 2);
  EXPECT_EQ(rescored(chain.db, {"--limit", "2"}, 75), 2);
  EXPECT_EQ(rescored(chain.db, {"--limit", "2"}), 1);
  EXPECT_EQ(rescored(chain.db), 0);
}

TEST(RescoreOptions, ProfileIdsAreOfEitherSide) {
  Chain const chain;
  EXPECT_EQ(rescored(chain.db, {"--profile-ids", profile_id(2)}), 2);
  EXPECT_EQ(chain.db.sql("select string_agg(right(id::text, 1), ' ' order by id) from match_suggestions "
                         "where harmonic_mean is not null"),
            "1 2");
}

TEST(RescoreOptions, SinceIsOfEitherProfile) {
  Chain const chain;
  chain.db.sql("update profiles set updated_at = '2026-11-10' where id = '" + profile_id(5) + "'");
  EXPECT_EQ(rescored(chain.db, {"--since", "2026-11-09"}), 1);
  EXPECT_NE(of_match(chain.db, 4, "harmonic_mean"), "");
}

TEST(RescoreOptions, ShardsTogetherDoAll) {
  Chain const chain(1);
  for (int i = 0; i < 16; ++i)
    chain.db.sql(
        fmt::format("insert into match_suggestions (id, profile_id, suggested_profile_id) values "
                    "('{:x}0000000-0000-4000-8000-000000000000', '{}', gen_random_uuid())",
                    i, profile_id(1)));
  EXPECT_EQ(rescored(chain.db, {"--shard", "0/2"}), 9);
  EXPECT_EQ(rescored(chain.db, {"--shard", "1/2"}), 8);
  EXPECT_EQ(rescored(chain.db), 0);
}

TEST(RescoreOptions, DryRunAndPreviewWriteNothing) {
  Chain const chain;
  auto const before = trace(chain.db) + chain.db.trace_all();
  auto const plan = rescore(chain.db, {"--dry-run"});
  EXPECT_EQ(Ref(plan, "plan")["plan"]["matches"].integer(), 4);
  auto const preview = rescore(chain.db, {"--preview", "2"});
  EXPECT_EQ(trace(chain.db) + chain.db.trace_all(), before);
  auto const shown = Ref(preview, "preview")["preview"].items();
  ASSERT_EQ(shown.size(), 2u);
  rescore(chain.db);
  for (auto const& each : shown)
    EXPECT_EQ(
        chain.db.sql("select (harmonic_mean, match_reason) = ($r$" + std::to_string(each["harmonic_mean"].number()) +
                     "$r$::numeric(5,2), $r$" + std::string(each["match_reason"].string()) +
                     "$r$) from match_suggestions where id = '" + std::string(each["match"].string()) + "'"),
        "t");
}

TEST(RescoreOptions, AShadowIsReportedAndNothingOfItWritten) {
  Chain const plain, shadowed;
  rescore(plain.db);
  auto const report = rescore(shadowed.db, {"--shadow", "engine-2026-02-16"});
  EXPECT_EQ(all_scores(shadowed.db), all_scores(plain.db));
  auto const shadow = Ref(report, "report")["report"]["shadow"];
  EXPECT_EQ(shadow["scoring"]["name"].string(), "engine-2026-02-16");
  EXPECT_EQ(shadow["impact"]["pairs"].integer(), 4);
  auto const mean = shadowed.db.sql_json("select to_jsonb(avg(harmonic_mean)) from match_suggestions");
  EXPECT_NEAR(shadow["impact"]["before"]["mean"].number(), Ref(mean, "mean").number(), 0.005);
  EXPECT_NE(shadow["impact"]["after"]["mean"].number(), shadow["impact"]["before"]["mean"].number());
  EXPECT_EQ(shadowed.db.sql("select count(*) from jvmm.scoring_profile"), "1");
}

TEST(RescoreReport, SaysWhatChangedAndKeepsItWithTheRun) {
  Chain const chain;
  chain.db.sql(
      "update match_suggestions set match_score = 70.5; update match_suggestions set harmonic_mean = 3 "
      "where id = '" +
      match_id(1) + "'");
  auto const report = rescore(chain.db);
  auto const impact = Ref(report, "report")["report"]["impact"];
  EXPECT_EQ(impact["pairs"].integer(), 4);
  EXPECT_EQ(impact["before"]["min"].number(), 3);
  EXPECT_EQ(impact["before"]["max"].number(), 70.5);
  EXPECT_EQ(impact["gains"].items().size(), 1u);
  EXPECT_EQ(impact["losses"].items().size(), 3u);
  EXPECT_EQ(impact["gains"].items()[0]["a"].string(), "Profile 1");
  EXPECT_EQ(chain.db.sql("select summary #>> '{impact,pairs}' from jvmm.run where command = 'rescore'"), "4");
  auto const text = chain.db.run({"rescore", "--force", "--now", k_scored_as_of});
  EXPECT_EQ(text.exit_code, 0) << text;
  EXPECT_THAT(text.out, HasSubstr("4 matches scored by smooth/1"));
  EXPECT_THAT(text.out, HasSubstr("tiers: 0 up, 0 down, 0 rescued"));
}

}  // namespace
}  // namespace jvmm::test
