#include "scoring/synergy_tables.hpp"

#include <algorithm>
#include <bit>

#include "scoring/one_sided.hpp"
#include "scoring/profile_fields.hpp"
#include "text/canonical.hpp"
#include "text/casing.hpp"

namespace jvmm::scoring {
namespace {

// Labels that a graph's analysis writes where the role of a joint venture belongs (schema.md 7).
constexpr std::string_view k_graph_roles[] = {"hub", "bridge", "specialist", "newcomer"};

std::vector<std::string> canonical_roles(ScoringProfile const& profile) {
  std::vector<std::string> all;
  for (auto const& [raw, canonical] : profile.roles)
    all.push_back(canonical);
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

/// Scores by two labels, code 0 left at `fill`.
CodeTable by_label(std::vector<std::string> const& labels, LabelTable const& scores, std::optional<double> fill,
                   std::optional<double> otherwise) {
  CodeTable table(labels.size() + 1, fill);
  for (std::size_t a = 0; a < labels.size(); ++a)
    for (std::size_t b = 0; b < labels.size(); ++b) {
      auto const found = scores.find(labels[a], labels[b]);
      table.at(a + 1, b + 1) = found ? found : otherwise;
    }
  return table;
}

/// Code 0: unknown, 1: unranked, then the ranks in the order of the table.
CodeTable by_rank(FactorSettings const& settings) {
  auto const& ranks = settings.table;
  CodeTable table(ranks.size() + 2, settings.neutral);
  for (std::size_t a = 1; a < table.codes(); ++a)
    for (std::size_t b = 1; b < table.codes(); ++b) {
      if (a == 1 || b == 1) {
        table.at(a, b) = settings.unranked;
        continue;
      }
      auto const gap = static_cast<std::size_t>(std::abs(ranks[a - 2].second - ranks[b - 2].second));
      table.at(a, b) = settings.rank_scores[std::min(gap, settings.rank_scores.size() - 1)];
    }
  return table;
}

bool have_common(std::vector<std::uint32_t> const& a, std::vector<std::uint32_t> const& b) {
  return std::ranges::any_of(a, [&](auto code) { return std::ranges::binary_search(b, code); });
}

std::uint16_t rank_code(std::string_view text, FactorSettings const& settings) {
  auto const key = as_key(text, settings.match);
  for (std::size_t i = 0; i < settings.table.size(); ++i)
    if (settings.table[i].first == key) return static_cast<std::uint16_t>(i + 2);
  return 1;
}

}  // namespace

LabelCodes::LabelCodes(std::vector<std::string> known) {
  for (auto const& label : known)
    code(label);
}

std::uint32_t LabelCodes::code(std::string const& label) {
  auto const [found, added] = m_codes.try_emplace(label, static_cast<std::uint32_t>(m_labels.size() + 1));
  if (added) m_labels.push_back(label);
  return found->second;
}

SynergyTables::SynergyTables(ScoringProfile const& profile)
    : m_profile(profile),
      m_roles(canonical_roles(profile)),
      m_styles(profile.style_compatibility.labels()),
      m_personas(profile.persona_complementarity.labels()),
      m_offers(profile.offer_compatibility.labels()) {
  using enum FactorId;
  auto const neutral = profile[role_compatibility].neutral;
  m_role = by_label(m_roles.labels(), profile.role_compatibility, neutral, neutral);
  m_tier = by_rank(profile[revenue_tier]);
  m_size = by_rank(profile[business_scale]);
  m_style = by_label(m_styles.labels(), profile.style_compatibility, std::nullopt, std::nullopt);
  m_persona = by_label(m_personas.labels(), profile.persona_complementarity, std::nullopt, std::nullopt);
  m_offer = by_label(m_offers.labels(), profile.offer_compatibility, std::nullopt, profile.offer_default);
  for (std::size_t shared = 0; shared <= 16; ++shared) {
    auto const score = profile[platform_overlap].steps(static_cast<double>(shared));
    m_by_shared.push_back(shared > 0 && score ? score : profile[platform_overlap].neutral);
  }
  auto const mask = [this](std::vector<std::string> const& labels) {
    std::uint64_t bits = 0;
    for (auto const& label : labels)
      bits |= std::uint64_t{1} << (m_offers.code(label) - 1);
    return bits;
  };
  if (auto const& owner = profile[offer_type_compatibility].list_owner) {
    m_owner_offers = mask(owner->offers);
    m_owner_with = mask(owner->with);
  }
  m_known_offers = m_offers.labels().size();
}

std::uint16_t SynergyTables::role_code(Profile const& profile) const {
  if (!profile.network_role) return 0;
  auto const raw = text::lower(*profile.network_role);
  auto const key = text::strip(raw);
  if (!m_profile.graph_roles_count && std::ranges::find(k_graph_roles, key) != std::end(k_graph_roles)) return 0;
  auto const found = m_profile.roles.find(key);
  if (found == m_profile.roles.end()) return 0;
  auto const& labels = m_roles.labels();
  return static_cast<std::uint16_t>(std::lower_bound(labels.begin(), labels.end(), found->second) - labels.begin() + 1);
}

std::uint16_t SynergyTables::platform_mask(Profile const& profile) const {
  auto const platforms = decoded(profile.content_platforms, m_profile.decode_json_strings);
  std::uint16_t mask = 0;
  for (std::size_t i = 0; i < m_profile.platforms.size(); ++i)
    for (auto const& key : m_profile.platforms[i].keys)
      if (auto const* const value = platforms.find(key); value && truthy(*value))
        mask = static_cast<std::uint16_t>(mask | (1U << i));
  return mask;
}

void SynergyTables::encode_offers(Profile const& from, Prepared& to) {
  auto const& settings = m_profile[FactorId::offer_type_compatibility];
  if (!settings.enabled) return;
  to.lists_offers = !from.offer_types.empty();
  for (auto const& offer : from.offer_types) {
    if (offer.confidence < settings.min_confidence) continue;
    if (auto const code = m_offers.code(offer.label); code <= m_known_offers)
      to.offer_types |= std::uint64_t{1} << (code - 1);
    else
      to.other_offers.push_back(code);
  }
  std::ranges::sort(to.other_offers);
  to.list_owner = settings.list_owner && ((from.list_size && *from.list_size >= settings.list_owner->min_list_size) ||
                                          (to.offer_types & m_owner_offers) != 0);
}

void SynergyTables::encode(Profile const& from, Prepared& to) {
  using enum FactorId;
  to.role = role_code(from);
  if (auto const tier = known_tier(from, m_profile.unknown_any_case))
    to.tier = rank_code(*tier, m_profile[revenue_tier]);
  if (from.business_size)
    if (auto const code = rank_code(*from.business_size, m_profile[business_scale]); code > 1) to.size = code;
  to.platforms = platform_mask(from);
  auto const& style = m_profile[content_style];
  if (style.enabled && from.content_style && from.content_style->confidence >= style.min_confidence)
    to.style = static_cast<std::uint16_t>(m_styles.code(from.content_style->label));
  if (m_profile[persona_complementarity].enabled && from.audience_persona && !from.audience_persona->empty())
    to.persona = m_personas.code(*from.audience_persona);
  encode_offers(from, to);
}

std::optional<double> SynergyTables::platforms(std::uint16_t a, std::uint16_t b) const {
  return m_by_shared[static_cast<std::size_t>(std::popcount(static_cast<std::uint16_t>(a & b)))];
}

std::optional<double> SynergyTables::persona(std::uint32_t a, std::uint32_t b) const {
  if (a == 0 || b == 0) return std::nullopt;
  if (a == b) return m_profile[FactorId::persona_complementarity].same;
  return a < m_persona.codes() && b < m_persona.codes() ? m_persona.at(a, b) : std::nullopt;
}

std::optional<double> SynergyTables::style(std::uint16_t a, std::uint16_t b) const {
  auto const& settings = m_profile[FactorId::content_style];
  if (a == 0 || b == 0) return std::nullopt;
  if (a == b) return settings.same;
  auto const found = a < m_style.codes() && b < m_style.codes() ? m_style.at(a, b) : std::nullopt;
  return found ? found : settings.neutral;
}

std::optional<double> SynergyTables::best_offer(Prepared const& a, Prepared const& b) const {
  auto const none = [](Prepared const& p) { return p.offer_types == 0 && p.other_offers.empty(); };
  if (none(a) || none(b)) return std::nullopt;
  double best = a.other_offers.empty() && b.other_offers.empty() ? 0 : m_profile.offer_default;
  for (auto rest_a = a.offer_types; rest_a; rest_a &= rest_a - 1)
    for (auto rest_b = b.offer_types; rest_b; rest_b &= rest_b - 1) {
      auto const i = static_cast<std::size_t>(std::countr_zero(rest_a)) + 1;
      auto const j = static_cast<std::size_t>(std::countr_zero(rest_b)) + 1;
      bool const in_table = i < m_offer.codes() && j < m_offer.codes();
      best = std::max(best, in_table ? *m_offer.at(i, j) : m_profile.offer_default);
    }
  bool const shared = (a.offer_types & b.offer_types) || have_common(a.other_offers, b.other_offers);
  return shared ? std::max(best, m_profile.offer_same) : best;
}

std::optional<double> SynergyTables::offers(Prepared const& a, Prepared const& b) const {
  std::optional<double> score;
  if (a.lists_offers && b.lists_offers) score = best_offer(a, b).value_or(m_profile.offer_empty);
  bool const owner =
      (a.list_owner && (b.offer_types & m_owner_with)) || (b.list_owner && (a.offer_types & m_owner_with));
  if (owner) score = std::max(score.value_or(0), m_profile[FactorId::offer_type_compatibility].list_owner->score);
  return score;
}

std::string_view SynergyTables::role_name(std::uint16_t code) const {
  return code == 0 ? std::string_view("?") : std::string_view(m_roles.labels()[code - 1]);
}

std::string platform_names(ScoringProfile const& profile, std::uint16_t mask) {
  std::string names;
  for (std::size_t i = 0; i < profile.platforms.size(); ++i)
    if (mask & (1U << i)) names += (names.empty() ? "" : ", ") + profile.platforms[i].name;
  return names;
}

}  // namespace jvmm::scoring
