#include "credentials/merge.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "credentials/credibility.hpp"
#include "credentials/document.hpp"
#include "credentials/normalised_text.hpp"

namespace jvmm::credentials {
namespace {

Value value(Source const& source, Kind kind, Field field, std::string const& name, Method method, double confidence) {
  auto const at = source.field(field)->find(name);  // ASCII: bytes are code points
  return {kind, name, std::nullopt, field, {at, at + name.size()}, method, confidence};
}

Source const k_source{"Seen in The Forbes, FORBES and Tom &amp; Co.", "Wrote Calm Profit (2020). In forbes."};

TEST(Merge, KeepsOneOfWhatNamesTheSame) {
  auto const a = value(k_source, Kind::media_appearances, Field::social_proof, "The Forbes", Method::rules, 0.9);
  auto const b = value(k_source, Kind::media_appearances, Field::social_proof, "FORBES", Method::ner, 0.9);
  auto const c = value(k_source, Kind::media_appearances, Field::bio, "forbes", Method::chat, 0.8);
  EXPECT_EQ(merge({c, b, a}, k_source), std::vector{a});
}

TEST(Merge, KeepsTheBetterOfSpansThatOverlapWhateverTheirKind) {
  auto const whole = value(k_source, Kind::books, Field::bio, "Calm Profit", Method::rules, 0.9);
  auto const part = value(k_source, Kind::awards, Field::bio, "Profit", Method::chat, 0.6);
  EXPECT_EQ(merge({part, whole}, k_source), std::vector{whole});
}

TEST(Merge, TakesTheYearFromTheDouble) {
  auto const a = value(k_source, Kind::books, Field::bio, "Calm Profit", Method::rules, 0.9);
  auto b = a;
  b.method = Method::chat;
  b.confidence = 0.6;
  b.year = 2020;
  auto const merged = merge({a, b}, k_source);
  ASSERT_EQ(merged.size(), 1U);
  EXPECT_EQ(merged[0].year, 2020);
  EXPECT_EQ(merged[0].method, Method::rules);
}

TEST(Merge, DropsWhatTheTextDoesNotHold) {
  auto wrong = value(k_source, Kind::books, Field::bio, "Calm Profit", Method::chat, 0.9);
  wrong.name = "Calm Losses";
  auto beyond = value(k_source, Kind::books, Field::bio, "Calm Profit", Method::chat, 0.9);
  beyond.place = {20, 2'000};
  auto empty = beyond;
  empty.place = {5, 5};
  EXPECT_TRUE(merge({wrong, beyond, empty}, k_source).empty());
  EXPECT_TRUE(merge({beyond}, Source{}).empty());
}

TEST(Merge, DoesNotDependOnTheOrder) {
  std::vector<Value> values;
  for (auto const* const name : {"The Forbes", "FORBES", "Forbes", "Tom &amp; Co", "Tom", "Co"})
    for (auto const kind : {Kind::media_appearances, Kind::awards})
      for (auto const method : {Method::rules, Method::chat})
        values.push_back(value(k_source, kind, Field::social_proof, name, method, 0.7));
  std::mt19937 random(3);
  auto const first = merge(values, k_source);
  for (int i = 0; i < 200; ++i) {
    std::shuffle(values.begin(), values.end(), random);
    ASSERT_EQ(merge(values, k_source), first);
  }
}

Value named(Kind kind, std::string name) {
  return {kind, std::move(name), std::nullopt, Field::bio, {0, 1}, Method::rules, 0.9};
}

TEST(Credibility, CountsAsTheTableSays) {
  EXPECT_EQ(credibility_score({}), 0);
  EXPECT_EQ(credibility_score(std::vector{named(Kind::books, "A")}), 0.25);
  EXPECT_EQ(credibility_score(std::vector{named(Kind::books, "A"), named(Kind::books, "B"), named(Kind::books, "C")}),
            0.4);
  EXPECT_EQ(credibility_score(std::vector{named(Kind::media_appearances, "NYT"),
                                          named(Kind::media_appearances, "The New York Times")}),
            0.2);
  EXPECT_EQ(credibility_score(std::vector{named(Kind::media_appearances, "The Oban Gazette")}), 0);
  EXPECT_EQ(credibility_score(std::vector{named(Kind::speaking_events, "TEDxOban")}), 0.35);
  EXPECT_EQ(credibility_score(std::vector{named(Kind::speaking_events, "Tedium Live")}), 0.2);
  EXPECT_EQ(credibility_score(std::vector{named(Kind::podcast_appearances, "X")}), 0);
}

TEST(Credibility, IsAtMostOneAndHasTiers) {
  std::vector<Value> all;
  for (auto const kind : k_kinds)
    for (auto const* const name : {"Forbes", "Wired", "CNN", "TEDx"})
      all.push_back(named(kind, name));
  EXPECT_EQ(credibility_score(all), 1);
  EXPECT_EQ(credibility_tier(0), "");
  EXPECT_EQ(credibility_tier(0.1), "low");
  EXPECT_EQ(credibility_tier(0.3), "medium");
  EXPECT_EQ(credibility_tier(0.59), "medium");
  EXPECT_EQ(credibility_tier(0.6), "high");
}

TEST(CredentialDocument, IsEmptyWithoutSourceText) {
  EXPECT_EQ(to_json({}, Source{}), "{}");
  EXPECT_EQ(to_json({}, Source{"  \n", std::nullopt}), "{}");
}

TEST(CredentialDocument, HasAllKeysWhereThereIsText) {
  EXPECT_EQ(to_json({}, Source{std::nullopt, "Hello"}),
            R"({"books":[],"media_appearances":[],"speaking_events":[],"certifications":[],"awards":[],)"
            R"("podcast_appearances":[],"credibility_score":0.0,"credibility_tier":null})");
}

}  // namespace
}  // namespace jvmm::credentials
