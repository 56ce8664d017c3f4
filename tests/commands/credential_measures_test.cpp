// Precision, recall, grounding and decoys of credentials against labels.

#include <gtest/gtest.h>

#include "commands/evaluate/credential_measures.hpp"

namespace jvmm::commands {
namespace {

using credentials::Field;
using credentials::Kind;
using credentials::Value;

Value said(Kind kind, std::string name, Field field = Field::social_proof, std::size_t start = 0, std::size_t end = 0) {
  Value out;
  out.kind = kind;
  out.name = std::move(name);
  out.field = field;
  out.place = {start, end};
  return out;
}

CredentialMeasure const& of(CredentialMeasures const& measures, Kind kind) {
  return measures.kinds[static_cast<std::size_t>(kind)];
}

TEST(CredentialMeasures, CountTruthAndValuesEachOnTheirOwnSide) {
  CredentialCase one;
  one.source.social_proof = "Featured in CNN, CNN Money and Forbes";
  one.truth[static_cast<std::size_t>(Kind::media_appearances)] = {"CNN", "The Times"};
  one.said = {said(Kind::media_appearances, "CNN", Field::social_proof, 12, 15),
              said(Kind::media_appearances, "CNN Money", Field::social_proof, 17, 26),
              said(Kind::media_appearances, "Forbes", Field::social_proof, 31, 37)};
  auto const found = measure_credentials({&one, 1});
  auto const& media = of(found, Kind::media_appearances);
  EXPECT_EQ(media.truth, 2u);
  EXPECT_EQ(media.found, 1u);
  EXPECT_EQ(media.said, 3u);
  EXPECT_EQ(media.wrong, 1u);
  EXPECT_EQ(media.ungrounded, 0u);
  EXPECT_DOUBLE_EQ(media.recall(), 0.5);
  EXPECT_NEAR(media.precision(), 2.0 / 3, 1e-12);
  EXPECT_DOUBLE_EQ(found.lowest(), 0.5);
  EXPECT_DOUBLE_EQ(of(found, Kind::books).precision(), 1);
}

TEST(CredentialMeasures, CompareWithoutCaseEntitiesAndPunctuation) {
  CredentialCase one;
  one.source.bio = "won INC. 5000; Tom &amp; Ann Show";
  one.truth[static_cast<std::size_t>(Kind::awards)] = {"Inc 5000"};
  one.truth[static_cast<std::size_t>(Kind::podcast_appearances)] = {"Tom & Ann Show"};
  one.said = {said(Kind::awards, "INC. 5000", Field::bio, 4, 13),
              said(Kind::podcast_appearances, "Tom &amp; Ann Show", Field::bio, 15, 33)};
  auto const found = measure_credentials({&one, 1});
  EXPECT_EQ(found.all.found, 2u);
  EXPECT_EQ(found.all.wrong, 0u);
  EXPECT_EQ(found.all.ungrounded, 0u);
}

TEST(CredentialMeasures, ANameThatIsNotAtItsPlaceIsUngrounded) {
  CredentialCase one;
  one.source.bio = "Featured in CNN";
  one.said = {said(Kind::media_appearances, "CNN", Field::bio, 11, 14),
              said(Kind::media_appearances, "CNN", Field::bio, 12, 99),
              said(Kind::media_appearances, "CNN", Field::social_proof, 12, 15),
              said(Kind::media_appearances, "CNN", Field::bio)};
  EXPECT_EQ(measure_credentials({&one, 1}).all.ungrounded, 4u);
}

TEST(CredentialMeasures, ADecoyIsAcceptedWhereAValueStandsInIt) {
  CredentialCase one;
  one.source.social_proof = "Quoted by CNN. I would love to be on CNN. not a TEDx speaker";
  one.decoys = {"I would love to be on CNN", "Not a TEDx speaker"};
  one.said = {said(Kind::media_appearances, "CNN", Field::social_proof, 10, 13)};
  EXPECT_EQ(measure_credentials({&one, 1}).decoys_accepted, 0u) << "the same name elsewhere is no acceptance";
  one.said.push_back(said(Kind::speaking_events, "TEDx", Field::social_proof, 48, 52));
  auto const found = measure_credentials({&one, 1});
  EXPECT_EQ(found.decoys, 2u);
  EXPECT_EQ(found.decoys_accepted, 1u);
}

TEST(CredentialMeasures, NothingSaidOfNothingTrueIsPerfect) {
  auto const found = measure_credentials({});
  EXPECT_DOUBLE_EQ(found.lowest(), 1);
  EXPECT_EQ(found.profiles, 0u);
}

}  // namespace
}  // namespace jvmm::commands
