// 'jvmm rescore --all-pairs' with --profile-ids or --since: the table of a whole run, for less work.

#include <fmt/format.h>

#include <functional>
#include <random>

#include "cli/match_rows.hpp"
#include "cli/published.hpp"

namespace jvmm::test {
namespace {

using json::Ref;
using ::testing::HasSubstr;

constexpr int k_profiles = 30;

struct Published {
  explicit Published(Arguments given = {}) : options(std::move(given)) {
    add_scorable_profiles(db, k_profiles);
    embed(db);
    all_pairs(db, options);
  }

  json::Value run(Arguments further) const {
    further.insert(further.end(), options.begin(), options.end());
    return all_pairs(db, further);
  }

  CliDb db;
  Arguments options;
};

std::int64_t lists(json::Value const& report) {
  return Ref(report, "report")["all_pairs"]["population"]["lists"].integer();
}

/// The same change to two databases with the same generation: what `some` gives is what a whole run gives.
void expect_as_whole_run(std::function<void(CliDb const&)> const& change, Arguments const& some, std::int64_t at_most,
                         Arguments const& options = {}) {
  Published const updated(options), whole(options);
  change(updated.db);
  change(whole.db);
  auto const report = updated.run(some);
  EXPECT_LE(lists(report), at_most);
  auto const all = lists(whole.run({"--force"}));
  EXPECT_EQ(all, std::stoi(whole.db.sql("select count(*) from jvmm.ranked_profile")));
  EXPECT_EQ(published(updated.db), published(whole.db));
  EXPECT_EQ(updated.db.sql("select string_agg(profile_id || hash, ',' order by profile_id) from jvmm.ranked_profile"),
            whole.db.sql("select string_agg(profile_id || hash, ',' order by profile_id) from jvmm.ranked_profile"));
  EXPECT_EQ(summary(rescore(updated.db, {"--scoring", "calibrated"}), "failed"), 0);
  rescore(whole.db, {"--scoring", "calibrated"});
  EXPECT_EQ(all_matches(updated.db), all_matches(whole.db)) << "and pairs that left the best are the same too";
}

void edit_two(CliDb const& db) {
  edit(db, 3, "offering = 'podcast guests and launch partner number 7', seeking = 'courses on bees'");
  edit(db, 9, "who_you_serve = 'coaches and consultants of kind 12 and 13'");
}

TEST(AllPairsUpdate, OfEditedProfiles) {
  expect_as_whole_run(edit_two, {"--profile-ids", profile_id(3), profile_id(9)}, 20);
}

TEST(AllPairsUpdate, OfThoseEditedSince) {
  expect_as_whole_run(edit_two, {"--since", "2026-10-30"}, 20);
}

TEST(AllPairsUpdate, FindsWhatElseChanged) {
  expect_as_whole_run(edit_two, {"--profile-ids", profile_id(20)}, 20);
}

TEST(AllPairsUpdate, OfNewAndDeletedProfilesAndThoseThatCannotBePairedAnyMore) {
  auto const change = [](CliDb const& db) {
    db.sql(
        "insert into profiles (id, name, seeking, offering, who_you_serve, what_you_do, list_size, updated_at) "
        "select '15000000-0000-4000-8000-000000000001', 'New One', seeking, offering, who_you_serve, what_you_do, 70, "
        "'2026-10-31' from profiles where id = '" +
        profile_id(6) + "'; delete from profiles where id = '" + profile_id(2) + "'");
    edit(db, 4, "seeking = null, offering = null, who_you_serve = null, what_you_do = null");
  };
  expect_as_whole_run(change, {"--since", "2026-10-30"}, k_profiles);
}

TEST(AllPairsUpdate, WithThresholds) {
  expect_as_whole_run(edit_two, {"--since", "2026-10-30"}, 25, {"--min-score", "46"});
  expect_as_whole_run(edit_two, {"--since", "2026-10-30"}, 25, {"--top", "2", "--all-above", "50"});
}

TEST(AllPairsUpdate, OfADuplicateThatAppears) {
  auto const change = [](CliDb const& db) {
    db.sql("update profiles set email = 'ada@engines.com', name = 'Ada Lovelace' where id in ('" + profile_id(1) +
           "', '" + profile_id(2) + "')");
  };
  expect_as_whole_run(change, {"--profile-ids", profile_id(1)}, k_profiles);
}

TEST(AllPairsUpdate, OfNothingLeavesWhatIsPublished) {
  Published const some;
  auto const before = published(some.db);
  auto const trace = some.db.trace("match_suggestions");
  auto const next_day = [&](Arguments further) {
    Arguments arguments{"rescore", "--all-pairs", "--top", "5", "--scoring", "calibrated", "--now"};
    arguments.insert(arguments.end(), further.begin(), further.end());
    return some.db.run_json(arguments);
  };
  auto const report = next_day({"2026-11-02T00:00:00Z", "--since", "2026-11-01"});
  EXPECT_EQ(lists(report), 0);
  EXPECT_EQ(published(some.db), before) << "no list is new, so none is gone";
  EXPECT_EQ(some.db.trace("match_suggestions"), trace);
  edit_two(some.db);
  next_day({"2026-11-03T00:00:00Z", "--since", "2026-10-30"});
  EXPECT_NE(published(some.db), before);
}

TEST(AllPairsUpdate, NightAfterNight) {
  Published const nightly, whole;
  std::mt19937 random(7);
  auto const number = [&](int below) { return 1 + static_cast<int>(random() % static_cast<unsigned>(below)); };
  for (int night = 0; night < 4; ++night) {
    for (int edits = number(3); edits > 0; --edits) {
      auto const set = fmt::format("offering = 'courses and podcast number {}', seeking = 'launch partner {}'",
                                   number(30), number(30));
      auto const profile = number(k_profiles);
      edit(nightly.db, profile, set);
      edit(whole.db, profile, set);
    }
    if (night == 2) {
      nightly.db.sql("delete from profiles where id = '" + profile_id(11) + "'");
      whole.db.sql("delete from profiles where id = '" + profile_id(11) + "'");
    }
    nightly.run({"--since", "2026-10-30"});
    whole.run({});
    ASSERT_EQ(published(nightly.db), published(whole.db)) << "night " << night;
  }
}

TEST(AllPairsUpdate, IsAWholeRunWhereNothingFits) {
  Published const some;
  edit_two(some.db);
  auto const other_top = some.db.run(all_pairs_arguments({"--top", "4", "--since", "2026-10-30"}));
  EXPECT_EQ(other_top.exit_code, 0) << other_top;
  EXPECT_THAT(other_top.err, HasSubstr("everybody is compared"));
  EXPECT_EQ(some.db.sql("select count(*) from match_suggestions where match_context -> 'generation' <> '0'"),
            std::to_string(4 * k_profiles));

  some.db.sql("update match_suggestions set match_context = '{\"mine\": 1}' where profile_id = '" + profile_id(8) +
              "'");
  edit(some.db, 5, "offering = 'something quite different'");
  auto const damaged = some.db.run(all_pairs_arguments({"--top", "4", "--since", "2026-10-30"}));
  EXPECT_EQ(damaged.exit_code, 0) << damaged;
  EXPECT_THAT(damaged.err, HasSubstr("somebody deleted some or wrote their match_context"));
  auto const mended = published(some.db);
  some.run({"--top", "4", "--force"});
  EXPECT_EQ(published(some.db), mended);
}

}  // namespace
}  // namespace jvmm::test
