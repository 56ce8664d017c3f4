#include "classify/keyword_category.hpp"

#include <algorithm>
#include <array>

namespace jvmm::classify {
namespace {

struct Rule {
  std::string_view word, category;
};

/// In the order in which they are tried.
constexpr std::array<Rule, 12> k_rules{{{"Fitness", "Health & Fitness"},
                                        {"Health (Traditional)", "Health & Fitness"},
                                        {"Natural Health", "Health & Fitness"},
                                        {"Mental Health", "Mental Health"},
                                        {"Business Skills", "Business"},
                                        {"Personal Finances", "Finance"},
                                        {"Relationships", "Relationships"},
                                        {"Spirituality", "Spirituality"},
                                        {"Service Provider", "Service Provider"},
                                        {"Self Improvement", "Self Improvement"},
                                        {"Lifestyle", "Lifestyle"},
                                        {"Success", "Success"}}};

constexpr std::array<std::string_view, 6> k_business{
    "Business Coaching & Consulting", "Business Coaching",           "Marketing & Sales",
    "Leadership & Management",        "Entrepreneurship & Startups", "Corporate Training & HR"};
constexpr std::array<std::string_view, 4> k_health{"Health & Wellness", "Fitness & Nutrition",
                                                   "Alternative & Holistic Health", "Alternative Health"};
constexpr std::array<std::string_view, 3> k_mental{"Mental Health & Therapy", "Grief & Trauma Recovery",
                                                   "Grief & Trauma"};
constexpr std::array<std::string_view, 4> k_self{"Mindset & Personal Development", "Productivity & Performance",
                                                 "Life Coaching (General)", "Communication & Public Speaking"};
constexpr std::array<std::string_view, 2> k_relationships{"Relationships & Dating", "Parenting & Family"};
constexpr std::array<std::string_view, 1> k_spirituality{"Spirituality & Energy Work"};
constexpr std::array<std::string_view, 4> k_lifestyle{"Creative Arts & Expression", "Creative Arts",
                                                      "Women's Empowerment", "Men's Development"};
constexpr std::array<std::string_view, 4> k_finance{"Financial Education & Wealth Building", "Financial Education",
                                                    "Real Estate & Property Investing", "Real Estate"};
constexpr std::array<std::string_view, 2> k_service{"Service Provider / Agency", "Technology & SaaS"};
constexpr std::array<std::string_view, 2> k_success{"Career Development & Transitions", "Career Development"};

struct Meaning {
  std::string_view category;
  std::span<std::string_view const> labels;
};

constexpr std::array<Meaning, 10> k_meanings{{{"Business", k_business},
                                              {"Finance", k_finance},
                                              {"Health & Fitness", k_health},
                                              {"Lifestyle", k_lifestyle},
                                              {"Mental Health", k_mental},
                                              {"Relationships", k_relationships},
                                              {"Self Improvement", k_self},
                                              {"Service Provider", k_service},
                                              {"Spirituality", k_spirituality},
                                              {"Success", k_success}}};

}  // namespace

std::string_view keyword_category(std::string_view niche) {
  for (auto const& [word, category] : k_rules)
    if (niche.find(word) != std::string_view::npos) return category;
  return k_unknown_category;
}

std::span<std::string_view const> labels_of_category(std::string_view category) {
  for (auto const& meaning : k_meanings)
    if (meaning.category == category) return meaning.labels;
  return {};
}

bool is_meant_by_category(std::string_view label) {
  return std::any_of(k_meanings.begin(), k_meanings.end(), [&](Meaning const& meaning) {
    return std::find(meaning.labels.begin(), meaning.labels.end(), label) != meaning.labels.end();
  });
}

}  // namespace jvmm::classify
