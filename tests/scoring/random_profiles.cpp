#include "scoring/random_profiles.hpp"

#include <algorithm>
#include <chrono>

#include "json/parse.hpp"

namespace jvmm::scoring {
namespace {

using Random = std::mt19937;
using Text = std::optional<std::string>;
using Number = std::optional<double>;

SystemTime const k_now = *parse_iso8601("2026-11-01T00:00:00Z");

std::size_t below(Random& random, std::size_t count) {
  return random() % count;
}

template <class T, std::size_t N>
T const& pick(Random& random, T const (&from)[N]) {
  return from[below(random, N)];
}

Text text(Random& random) {
  constexpr char const* words[] = {"podcast",      "coaching", "founders", "caf\u00e9", "women's", "leadership",
                                   "\u6771\u4eac", "with",     "retreats", "AI",        "book",    "\U0001f600"};
  switch (below(random, 6)) {
    case 0:
      return std::nullopt;
    case 1:
      return pick(random, {"", " ", "\u00a0\t", "x", "1234567890"});
    default:
      break;
  }
  std::string made;
  for (auto count = 1 + below(random, 12); count > 0; --count)
    made += std::string(pick(random, words)) + (below(random, 4) ? " " : ", ");
  return made;
}

Number number(Random& random, std::initializer_list<double> values) {
  auto const at = below(random, values.size() + 1);
  return at == values.size() ? std::nullopt : Number(values.begin()[at]);
}

Text label(Random& random, std::initializer_list<char const*> values) {
  auto const at = below(random, values.size() + 1);
  return at == values.size() ? std::nullopt : Text(values.begin()[at]);
}

std::optional<SystemTime> time(Random& random) {
  if (below(random, 3) == 0) return std::nullopt;
  return k_now - std::chrono::hours(24) * (static_cast<int>(below(random, 400)) - 20);
}

std::vector<float> vector(Random& random) {
  std::vector<float> made(8);
  if (below(random, 3) == 0) return {};
  for (int left = 4; left > 0;) {
    auto& x = made[below(random, made.size())];
    if (x != 0) continue;
    x = below(random, 4) ? 0.5F : -0.5F;
    --left;
  }
  return made;
}

json::Value platforms(Random& random) {
  return json::parse(
      pick(random, {R"({"podcast_name": "P", "youtube_channel": "Y"})", "null", "5", "[]", "{}",
                    R"({"podcast_name": "", "newsletter_name": "N"})", R"("{\"youtube\": \"Y\"}")",
                    R"({"podcast_name": "Q", "youtube": "Y", "tiktok_handle": "T", "newsletter_name": "N"})"}));
}

json::Value history(Random& random) {
  return json::parse(pick(random, {"null", "[]", "[{}]", "[1, 2, 3, 4]", "{}", "\"[1, 2]\"", "7"}));
}

void add_enrichment(Random& random, Profile& p) {
  for (auto count = below(random, 3); count > 0; --count)
    p.offer_types.push_back(
        {pick(random, {"podcast", "online_course", "affiliate_network", "agency", "unheard_of", "digital_product"}),
         static_cast<double>(below(random, 11)) / 10});
  p.has_credentials = below(random, 2);
  p.credibility_score = number(random, {0, .25, .5, 1});
  if (below(random, 2))
    p.content_style = Labelled{pick(random, {"educational", "provocative", "nurturing", "odd"}),
                               static_cast<double>(below(random, 11)) / 10};
  p.audience_persona = label(random, {"seekers", "artists", "", "singles"});
}

void add_labels(Random& random, Profile& p) {
  p.network_role = label(random, {"Coach", " coach / mentor ", "hub", "Promoter", "Newcomer", "BROADCASTER", ""});
  p.revenue_tier = label(random, {"micro", "premium", "enterprise", "solo", "unknown", "Unknown", " ", ""});
  p.business_size = label(random, {"small", " Large ", "medium", "solo", ""});
  p.status = label(random, {"Member", "member", "Qualified ", "Pending", ""});
  p.seniority = label(random, {"owner", " VP", "entry", "intern"});
}

void add_numbers(Random& random, Profile& p) {
  p.list_size = number(random, {0, 1, 999, 1000, 10'000, 100'000, 1e9});
  p.social_reach = number(random, {0, 1, 999, 50'000, 1e9});
  p.audience_engagement_score = number(random, {0, .1, .75, 1, 3});
  p.promotion_willingness_score = number(random, {0, .5, 1, 17});
  p.email_list_activity_score = number(random, {0, .25, 1});
  p.profile_confidence = number(random, {0, .5, 1});
  p.pagerank_score = number(random, {0, .0004, .0005, .001, .002, .005, 1});
  p.degree_centrality = number(random, {0, .0625, .5});
  p.betweenness_centrality = number(random, {0, .03125, 1});
  p.recommendation_pressure_30d = number(random, {0, 1, 4, 11});
}

}  // namespace

Profile random_profile(Random& random) {
  ProfileId::Bytes id{};
  for (auto& byte : id)
    byte = static_cast<std::uint8_t>(random());
  Profile p;
  p.id = ProfileId(id);
  for (auto* field : {&p.name, &p.email, &p.phone, &p.company, &p.website, &p.linkedin, &p.booking_link, &p.niche,
                      &p.what_you_do, &p.who_you_serve, &p.seeking, &p.offering, &p.bio, &p.audience_type,
                      &p.signature_programs, &p.current_projects})
    *field = text(random);
  if (below(random, 2)) p.tags = below(random, 3);
  add_labels(random, p);
  add_numbers(random, p);
  add_enrichment(random, p);
  if (below(random, 2)) p.intent_signal = below(random, 2);
  if (below(random, 2)) p.engagement_likelihood = below(random, 2);
  p.profile_updated_at = time(random);
  p.last_active_at = time(random);
  p.jv_history = history(random);
  p.content_platforms = platforms(random);
  for (auto& embedding : p.embeddings)
    embedding = vector(random);
  return p;
}

std::vector<Profile> random_profiles(std::size_t count, unsigned seed) {
  Random random(seed);
  std::vector<Profile> all;
  while (all.size() < count)
    all.push_back(random_profile(random));
  return all;
}

ScoringContext context_for(std::vector<Profile> const& profiles) {
  ScoringContext context;
  context.now = k_now;
  context.offering_seeking = context.audience = SimilarityMap{{{0, 0}, {.25, 3}, {.5, 6}, {1, 10}}};
  context.network = network_cuts(profiles, {99, 95, 85, 60});
  for (std::size_t i = 0; i < profiles.size(); i += 3)
    context.outcomes[profiles[i].id] = {{"connected_promising", static_cast<double>(i % 5)}, {"no_response", 1.0}};
  return context;
}

}  // namespace jvmm::scoring
