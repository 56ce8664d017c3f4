#include "store/reviews.hpp"

#include <gtest/gtest.h>

#include <map>

#include "support/migrated_db.hpp"

namespace jvmm::store {
namespace {

constexpr auto k_stage = "check_profiles";

class Reviews : public testing::Test {
 protected:
  /// A profile of that number with an e-mail and a niche.
  static ProfileId id(int number) {
    auto const digits = std::to_string(number);
    return *ProfileId::parse("00000000-0000-0000-0000-" + std::string(12 - digits.size(), '0') + digits);
  }
  void add_profile(int number, std::string const& email = "old@x.org") {
    m_db.sql("insert into profiles (id, name, email) values ('" + id(number).text() + "', 'P', '" + email + "')");
  }
  Held email(int number, std::string const& proposed = R"("new@x.org")", std::string const& reason = "email_case") {
    auto const hash = m_db.sql(
        "select jvmm.review_input('check_profiles', 'email', to_jsonb(p)) from profiles p "
        "where id = '" +
        id(number).text() + "'");
    return {id(number), k_stage, "email", reason, "why", proposed, hash};
  }
  void hold(std::vector<Held> const& held, std::string const& fingerprint = "f") {
    auto connection = m_db.connect();
    db::WriteTx tx(connection);
    store::hold(tx, RunId{7}, fingerprint, held);
    tx.commit();
  }
  std::vector<Review> listed(ReviewFilter const& filter = {}, std::int64_t after = 0, std::int64_t count = 100) {
    auto connection = m_db.connect();
    db::ReadTx tx(connection);
    return list_reviews(tx, filter, after, count);
  }
  std::map<std::int64_t, Settlement> accept(std::vector<std::int64_t> const& ids) {
    return settle([&](db::WriteTx& tx) { return accept_reviews(tx, ids, "ada", "looked at it"); });
  }
  std::map<std::int64_t, Settlement> reject(std::vector<std::int64_t> const& ids) {
    return settle([&](db::WriteTx& tx) { return reject_reviews(tx, ids, "ada", {}); });
  }
  std::string email_of(int number) {
    return m_db.sql("select coalesce(email, '(null)') from profiles where id = '" + id(number).text() + "'");
  }

  test::TempDb const m_db{test::migrated(4)};

 private:
  template <class F>
  std::map<std::int64_t, Settlement> settle(F&& work) {
    auto connection = m_db.connect();
    db::WriteTx tx(connection);
    std::map<std::int64_t, Settlement> out;
    for (auto const& settled : work(tx))
      EXPECT_TRUE(out.emplace(settled.id, settled.outcome).second) << "entry " << settled.id << " twice";
    tx.commit();
    return out;
  }
};

TEST_F(Reviews, AnOpenEntrySaysWhatIsHeldAndWhatTheColumnHeld) {
  add_profile(1);
  hold({email(1)});
  auto const all = listed();
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].profile, id(1));
  EXPECT_EQ(all[0].name, "P");
  EXPECT_EQ(all[0].column, "email");
  EXPECT_EQ(all[0].reason, "email_case");
  EXPECT_EQ(all[0].proposed_json, R"("new@x.org")");
  EXPECT_EQ(all[0].current_json, R"("old@x.org")");
  EXPECT_EQ(all[0].run, 7);
  EXPECT_FALSE(all[0].verdict);
}

TEST_F(Reviews, TheSameAgainKeepsItsIdAndAnotherReplacesIt) {
  add_profile(1);
  hold({email(1)});
  auto const first = listed()[0].id;
  hold({email(1)});
  ASSERT_EQ(listed().size(), 1u);
  EXPECT_EQ(listed()[0].id, first);
  hold({email(1, R"("third@x.org")")});
  auto const open = listed();
  ASSERT_EQ(open.size(), 1u);
  EXPECT_NE(open[0].id, first);
  EXPECT_EQ(listed({.settled = true})[0].verdict, "superseded");
}

TEST_F(Reviews, OfSeveralForOneColumnTheLastCounts) {
  add_profile(1);
  hold({email(1, "\"a\""), email(1, "\"b\"")});
  ASSERT_EQ(listed().size(), 1u);
  EXPECT_EQ(listed()[0].proposed_json, "\"b\"");
}

TEST_F(Reviews, AProposalIsNotReplacedByAnotherStagesFindingWithoutOne) {
  add_profile(1);
  hold({{id(1), "classify_niche", "niche_categories", "conflict", "", "[]", "h"}});
  hold({{id(1), k_stage, "niche_categories", "bad_shape", "", "", "h2"}});
  ASSERT_EQ(listed().size(), 1u);
  EXPECT_EQ(listed()[0].stage, "classify_niche");
  hold({{id(1), k_stage, "niche_categories", "bad_shape", "", "{}", "h2"}});
  ASSERT_EQ(listed().size(), 1u);
  EXPECT_EQ(listed()[0].stage, k_stage);
}

TEST_F(Reviews, WhatAPersonDecidedIsNotHeldAgainUntilInputOrMakerChanges) {
  for (int profile : {1, 2}) {
    add_profile(profile);
    hold({email(profile, profile == 1 ? R"("new@x.org")" : "")});
  }
  auto const open = listed();
  reject({open[0].id});
  accept({open[1].id});  // nothing to write: a person has seen it
  hold({email(1), email(2, "")});
  EXPECT_TRUE(listed().empty());
  hold({email(1)}, "another maker");
  EXPECT_EQ(listed().size(), 1u);
  m_db.sql("update profiles set email = 'changed@x.org'");
  hold({email(2, "")});
  EXPECT_EQ(listed().size(), 2u);
}

TEST_F(Reviews, HoldOnlyWithdrawsTheStagesOtherEntriesOfTheProfilesExamined) {
  for (int profile : {1, 2})
    add_profile(profile);
  hold({email(1),
        email(2),
        {id(1), k_stage, "bio", "placeholder", "", "null", "h"},
        {id(1), "classify_style", "content_style", "low_confidence", "", "{}", "h"}});
  auto connection = m_db.connect();
  db::WriteTx tx(connection);
  std::vector<ProfileId> const examined{id(1)};
  std::vector<Held> const held{email(1)};
  hold_only(tx, RunId{8}, "f", k_stage, examined, held);
  tx.commit();
  std::map<std::string, int> columns;
  for (auto const& review : listed())
    ++columns[review.column];
  EXPECT_EQ(columns, (std::map<std::string, int>{{"content_style", 1}, {"email", 2}}));
}

TEST_F(Reviews, WithdrawTakesOneColumnOfOneStage) {
  add_profile(1);
  hold({email(1), {id(1), k_stage, "bio", "placeholder", "", "null", "h"}});
  auto connection = m_db.connect();
  db::WriteTx tx(connection);
  std::vector<ProfileId> const profiles{id(1)};
  withdraw(tx, k_stage, "email", profiles);
  tx.commit();
  ASSERT_EQ(listed().size(), 1u);
  EXPECT_EQ(listed()[0].column, "bio");
}

TEST_F(Reviews, NothingIsHeldOfAProfileThatIsGone) {
  hold({{id(9), k_stage, "email", "r", "", "", "h"}});
  EXPECT_TRUE(listed().empty());
}

TEST_F(Reviews, ListsByIdInPagesAndByFilter) {
  for (int profile = 1; profile <= 5; ++profile) {
    add_profile(profile);
    hold({email(profile, "\"x\"", profile % 2 ? "odd" : "even")});
  }
  auto const first = listed({}, 0, 2);
  ASSERT_EQ(first.size(), 2u);
  EXPECT_EQ(listed({}, first.back().id, 100).size(), 3u);
  EXPECT_EQ(listed({.reason = "odd"}).size(), 3u);
  EXPECT_EQ(listed({.profiles = {id(2), id(3)}}).size(), 2u);
  EXPECT_EQ(listed({.column = "bio"}).size(), 0u);
  auto connection = m_db.connect();
  db::ReadTx tx(connection);
  auto const counts = count_open_reviews(tx);
  ASSERT_EQ(counts.size(), 2u);
  EXPECT_EQ(counts[0].reason, "even");
  EXPECT_EQ(counts[0].open, 2);
}

TEST_F(Reviews, AcceptingWritesTheProposalWithItsProvenanceAndNothingElse) {
  add_profile(1);
  m_db.sql(R"(update profiles set bio = 'none', enrichment_metadata =
              '{"tier": 1, "field_meta": {"seeking": {"source": "client_confirmed"}}}')");
  hold({email(1), {id(1), k_stage, "bio", "placeholder", "", "null", m_db.sql("select md5('none')")}});
  auto const open = listed();
  EXPECT_EQ(
      accept({open[0].id, open[1].id, open[0].id}),
      (std::map<std::int64_t, Settlement>{{open[0].id, Settlement::accepted}, {open[1].id, Settlement::accepted}}));
  EXPECT_EQ(email_of(1), "new@x.org");
  EXPECT_EQ(m_db.sql("select bio is null from profiles"), "t");
  EXPECT_EQ(m_db.sql("select enrichment_metadata #>> '{field_meta,email,source}' || ' ' || "
                     "(enrichment_metadata #>> '{field_meta,email,method}') || ' ' || "
                     "(enrichment_metadata #>> '{field_meta,seeking,source}') || ' ' || "
                     "(enrichment_metadata ->> 'tier') from profiles"),
            "manual_edit accepted client_confirmed 1");
  auto const settled = listed({.settled = true})[0];
  EXPECT_EQ(settled.verdict, "accepted");
  EXPECT_EQ(settled.settled_by, "ada");
  EXPECT_EQ(settled.note, "looked at it");
}

TEST_F(Reviews, AcceptingAClassificationWritesJson) {
  add_profile(1);
  auto const input =
      m_db.sql("select jvmm.review_input('classify_niche', 'niche_categories', to_jsonb(p)) from profiles p");
  hold({{id(1), "classify_niche", "niche_categories", "low_confidence", "",
         R"([{"category": "A & B", "confidence": 0.2}])", input}});
  accept({listed()[0].id});
  EXPECT_EQ(m_db.sql("select niche_categories #>> '{0,category}' from profiles"), "A & B");
  EXPECT_EQ(m_db.sql("select classification_updated_at is not null from profiles"), "t");
}

TEST_F(Reviews, AnEditSinceWins) {
  add_profile(1);
  hold({email(1)});
  m_db.sql("update profiles set email = 'mine@x.org'");
  auto const open = listed()[0].id;
  EXPECT_EQ(accept({open})[open], Settlement::superseded);
  EXPECT_EQ(email_of(1), "mine@x.org");
  EXPECT_TRUE(listed().empty());
}

TEST_F(Reviews, AnEditOfAnotherColumnDoesNotMatter) {
  add_profile(1);
  hold({email(1)});
  m_db.sql("update profiles set bio = 'edited'");
  auto const open = listed()[0].id;
  EXPECT_EQ(accept({open})[open], Settlement::accepted);
}

TEST_F(Reviews, WhatAClientConfirmedIsNotOverwritten) {
  add_profile(1);
  m_db.sql(R"(update profiles set enrichment_metadata = '{"field_meta": {"email": {"source": "client_confirmed"}}}')");
  hold({email(1)});
  auto const open = listed()[0].id;
  EXPECT_EQ(accept({open})[open], Settlement::protected_);
  EXPECT_EQ(email_of(1), "old@x.org");
  EXPECT_EQ(listed().size(), 1u);
}

TEST_F(Reviews, DecidingTwiceOrOnNothingIsSaid) {
  add_profile(1);
  hold({email(1)});
  auto const open = listed()[0].id;
  EXPECT_EQ(reject({open})[open], Settlement::rejected);
  EXPECT_EQ(reject({open})[open], Settlement::settled_before);
  EXPECT_EQ(accept({open, 999}),
            (std::map<std::int64_t, Settlement>{{open, Settlement::settled_before}, {999, Settlement::unknown}}));
  EXPECT_EQ(email_of(1), "old@x.org");
}

TEST_F(Reviews, ADeletedProfileAndAColumnThatCannotBeWritten) {
  for (int profile : {1, 2})
    add_profile(profile);
  hold({email(1), {id(2), "other", "company", "r", "", "\"x\"", ""}});
  m_db.sql("delete from profiles where id = '" + id(1).text() + "'");
  auto const open = listed();
  EXPECT_EQ(open[0].name, "(deleted)");
  auto const outcome = accept({open[0].id, open[1].id});
  EXPECT_EQ(outcome.at(open[0].id), Settlement::superseded);
  EXPECT_EQ(outcome.at(open[1].id), Settlement::not_writable);
}

TEST_F(Reviews, HostileTextsAreKeptAsTheyAre) {
  add_profile(1);
  std::string const odd = "';--\n\xE2\x80\xAE \xF0\x9F\x98\x80 {}[]\"";
  auto held = email(1);
  held.detail = odd;
  hold({held});
  EXPECT_EQ(listed()[0].detail, odd);
}

}  // namespace
}  // namespace jvmm::store
