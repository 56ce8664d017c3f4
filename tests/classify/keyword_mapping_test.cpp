#include "classify/keyword_mapping.hpp"

#include <gtest/gtest.h>

#include "classify/taxonomy.hpp"

namespace jvmm::classify {
namespace {

TEST(KeywordMapping, HasElevenCategoriesOfLabelsThatExist) {
  auto const taxonomy = shipped_taxonomy("niche-25");
  auto const& mapping = shipped_keyword_mapping();
  EXPECT_EQ(mapping.categories.size(), 11U);
  for (auto const& category : mapping.categories)
    for (auto const& label : category.labels)
      EXPECT_TRUE(find_label(taxonomy, label)) << label;
}

TEST(KeywordMapping, ReadsTheNicheAloneAndKnowsLittle) {
  auto const& mapping = shipped_keyword_mapping();
  auto const category = [&](Input const& input) {
    auto const* const found = keyword_category(mapping, input);
    return found ? found->name : "Unknown";
  };
  EXPECT_EQ(category({.niche = "HEALTH and fitness"}), "Health & Wellness");
  EXPECT_EQ(category({.niche = "grief support"}), "Unknown");
  EXPECT_EQ(category({.what_you_do = "health"}), "Unknown");
  EXPECT_EQ(category({}), "Unknown");
}

}  // namespace
}  // namespace jvmm::classify
