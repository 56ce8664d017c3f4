#include "checks/profile_check.hpp"

#include <gtest/gtest.h>

namespace jvmm::checks {
namespace {

ProfileValues profile(std::map<Column, std::string> const& values) {
  ProfileValues out;
  for (auto const& [column, value] : values)
    out.values[index(column)] = value;
  return out;
}

std::string code(PerColumn<ColumnCheck> const& checks, Column column) {
  auto const& check = checks[index(column)];
  return check.ok() ? "" : std::string(check.gravest().code);
}

TEST(CheckProfile, AnEmptyOneIsFine) {
  for (auto const& check : check_profile({}))
    EXPECT_TRUE(check.ok());
}

TEST(CheckProfile, ABadEmailSaysNothingAboutTheRest) {
  auto const checks = check_profile(profile({{Column::email, "none of your business"}, {Column::bio, "A fine bio."}}));
  EXPECT_EQ(judge(Column::email, checks[index(Column::email)]).verdict, Verdict::quarantined);
  EXPECT_EQ(judge(Column::bio, checks[index(Column::bio)]).confidence, 1.0);
}

TEST(CheckProfile, ALinkedinPageMovesFromWebsiteOnceItIsKept) {
  auto const empty = check_profile(profile({{Column::website, "linkedin.com/in/ann"}}));
  EXPECT_EQ(code(empty, Column::linkedin), "linkedin_from_website");
  EXPECT_EQ(empty[index(Column::linkedin)].proposal->value, "https://linkedin.com/in/ann");
  EXPECT_FALSE(empty[index(Column::website)].proposal->safe);
  auto const kept = check_profile(
      profile({{Column::website, "linkedin.com/in/ann"}, {Column::linkedin, "https://linkedin.com/in/ann"}}));
  EXPECT_TRUE(kept[index(Column::website)].proposal->safe);
  auto const other = check_profile(
      profile({{Column::website, "linkedin.com/in/ann"}, {Column::linkedin, "https://linkedin.com/in/bob"}}));
  EXPECT_FALSE(other[index(Column::website)].proposal->safe);
  EXPECT_EQ(code(other, Column::linkedin), "");
}

TEST(CheckProfile, AQuoteGroundsItsOwnColumnOnly) {
  PageEvidence page{"We run a yearly summit for harbour pilots in the north.",
                    std::nullopt,
                    {{"offering", {"a yearly summit for harbour pilots"}}}};
  auto const checks = check_profile(profile({{Column::offering, "Conference for mariners"},
                                             {Column::seeking, "Sponsors for ships"},
                                             {Column::niche, "Sea"}}),
                                    &page);
  EXPECT_EQ(code(checks, Column::offering), "");
  EXPECT_EQ(code(checks, Column::seeking), "ungrounded");
  EXPECT_EQ(judge(Column::seeking, checks[index(Column::seeking)]).confidence, 0.5);
  EXPECT_EQ(code(checks, Column::niche), "");
}

TEST(CheckProfile, OnlyColumnsTakenFromThePageAreCompared) {
  PageEvidence page{"nothing", std::vector<std::string>{"bio"}, {}};
  auto const checks =
      check_profile(profile({{Column::seeking, "Sponsors for ships"}, {Column::bio, "Sailor and singer"}}), &page);
  EXPECT_EQ(code(checks, Column::seeking), "");
  EXPECT_EQ(code(checks, Column::bio), "ungrounded");
}

TEST(CheckProfile, StoredClassificationsAreJudged) {
  CheckOptions options;
  options.labels[Column::niche_categories] = {{"A"}, 0.5};
  auto const checks = check_profile(profile({{Column::niche_categories, R"([{"category": "B", "confidence": 0.9}])"},
                                             {Column::offer_types, "{}"},
                                             {Column::content_style, R"({"primary": "x", "confidence": 0.2})"}}),
                                    nullptr, options);
  EXPECT_EQ(code(checks, Column::niche_categories), "out_of_taxonomy");
  EXPECT_EQ(code(checks, Column::offer_types), "bad_shape");
  EXPECT_EQ(code(checks, Column::content_style), "low_confidence");
  EXPECT_EQ(judge(Column::content_style, checks[index(Column::content_style)]).confidence, 0.6);
}

}  // namespace
}  // namespace jvmm::checks
