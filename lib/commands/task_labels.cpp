#include "commands/task_labels.hpp"

#include <array>
#include <span>

#include "base/error.hpp"

namespace jvmm::commands {
namespace {

constexpr std::array<char const*, 25> k_niches{"Business Coaching & Consulting",
                                               "Health & Wellness",
                                               "Mindset & Personal Development",
                                               "Relationships & Dating",
                                               "Spirituality & Energy Work",
                                               "Fitness & Nutrition",
                                               "Financial Education & Wealth Building",
                                               "Marketing & Sales",
                                               "Leadership & Management",
                                               "Parenting & Family",
                                               "Career Development & Transitions",
                                               "Creative Arts & Expression",
                                               "Real Estate & Property Investing",
                                               "Technology & SaaS",
                                               "Education & Online Learning",
                                               "Productivity & Performance",
                                               "Women's Empowerment",
                                               "Mental Health & Therapy",
                                               "Alternative & Holistic Health",
                                               "Grief & Trauma Recovery",
                                               "Communication & Public Speaking",
                                               "Entrepreneurship & Startups",
                                               "Corporate Training & HR",
                                               "Life Coaching (General)",
                                               "Service Provider / Agency"};
constexpr std::array<char const*, 17> k_offers{"online_course",
                                               "coaching_1on1",
                                               "group_coaching",
                                               "mastermind",
                                               "done_for_you_service",
                                               "software_saas",
                                               "book_author",
                                               "speaking",
                                               "consulting",
                                               "certification_program",
                                               "membership_community",
                                               "affiliate_network",
                                               "agency",
                                               "digital_product",
                                               "live_events",
                                               "podcast",
                                               "retreat_workshop"};
constexpr std::array<char const*, 7> k_styles{
    "educational and teaching-focused",  "inspirational and motivational", "tactical and step-by-step practical",
    "storytelling and narrative-driven", "data-driven and evidence-based", "provocative and contrarian",
    "nurturing and empathetic"};

std::span<char const* const> keys_of(classify::Task task) {
  if (task == classify::Task::niche) return k_niches;
  if (task == classify::Task::offer_types) return k_offers;
  return k_styles;
}

}  // namespace

TaskLabels task_labels(classify::Task task, std::string const& name_or_file) {
  TaskLabels out{std::string(classify::default_taxonomy(task)), {}, {}};
  if (!name_or_file.empty() && name_or_file != out.taxonomy)
    throw Error(Kind::usage, "there is no taxonomy '" + name_or_file + "'");
  for (auto const* key : keys_of(task)) {
    out.names.push_back({key});
    out.prompt.push_back({key, {}});
  }
  return out;
}

}  // namespace jvmm::commands
