#include "classify/keyword_category.hpp"

#include <gtest/gtest.h>

namespace jvmm::classify {
namespace {

TEST(KeywordCategory, TheFirstRuleThatHitsDecides) {
  EXPECT_EQ(keyword_category("Business Skills, Mental Health"), "Mental Health");
  EXPECT_EQ(keyword_category("Success, Fitness"), "Health & Fitness");
  EXPECT_EQ(keyword_category("Personal Finances"), "Finance");
  EXPECT_EQ(keyword_category("Health (Traditional)"), "Health & Fitness");
}

TEST(KeywordCategory, CapitalsCount) {
  EXPECT_EQ(keyword_category("business skills"), "Unknown");
  EXPECT_EQ(keyword_category("Lifestyles of the busy"), "Lifestyle");
  EXPECT_EQ(keyword_category("Health"), "Unknown");
  EXPECT_EQ(keyword_category(""), "Unknown");
}

TEST(KeywordCategory, EveryCategoryStandsForLabelsButUnknown) {
  for (auto const* niche : {"Fitness", "Mental Health", "Business Skills", "Personal Finances", "Relationships",
                            "Spirituality", "Service Provider", "Self Improvement", "Lifestyle", "Success"})
    EXPECT_FALSE(labels_of_category(keyword_category(niche)).empty()) << niche;
  EXPECT_TRUE(labels_of_category("Unknown").empty());
}

}  // namespace
}  // namespace jvmm::classify
