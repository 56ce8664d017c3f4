#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "domain/profile.hpp"
#include "scoring/prepared.hpp"
#include "scoring/scoring_profile.hpp"

namespace jvmm::scoring {

/// Numbers for labels, from 1, in the order in which they are met; those known beforehand come first. 0: no label.
class LabelCodes {
 public:
  LabelCodes() = default;
  explicit LabelCodes(std::vector<std::string> known);

  std::uint32_t code(std::string const& label);
  std::vector<std::string> const& labels() const { return m_labels; }

 private:
  std::unordered_map<std::string, std::uint32_t> m_codes;
  std::vector<std::string> m_labels;
};

/// Scores by two codes; absent: the factor does not fire. Codes beyond the table are "another label".
class CodeTable {
 public:
  CodeTable() = default;
  CodeTable(std::size_t codes, std::optional<double> fill) : m_codes(codes), m_scores(codes * codes, fill) {}

  std::optional<double>& at(std::size_t a, std::size_t b) { return m_scores[a * m_codes + b]; }
  std::optional<double> at(std::size_t a, std::size_t b) const { return m_scores[a * m_codes + b]; }
  std::size_t codes() const { return m_codes; }

 private:
  std::size_t m_codes = 0;
  std::vector<std::optional<double>> m_scores;
};

/// The factors of synergy (and content style) that look at a label of each side, as tables by code, and the codes.
class SynergyTables {
 public:
  explicit SynergyTables(ScoringProfile const& profile);

  /// Fills in role, tier, size, platforms, style, persona and offers.
  void encode(Profile const& from, Prepared& to);

  /// Each is symmetric. Absent: does not fire.
  std::optional<double> role(std::uint16_t a, std::uint16_t b) const { return m_role.at(a, b); }
  std::optional<double> tier(std::uint16_t a, std::uint16_t b) const { return m_tier.at(a, b); }
  std::optional<double> size(std::uint16_t a, std::uint16_t b) const { return m_size.at(a, b); }
  std::optional<double> platforms(std::uint16_t a, std::uint16_t b) const;
  std::optional<double> persona(std::uint32_t a, std::uint32_t b) const;
  std::optional<double> style(std::uint16_t a, std::uint16_t b) const;
  std::optional<double> offers(Prepared const& a, Prepared const& b) const;

  std::string_view role_name(std::uint16_t code) const;  ///< "?" for none
  std::size_t role_codes() const { return m_role.codes(); }
  std::size_t tier_codes() const { return m_tier.codes(); }
  std::size_t size_codes() const { return m_size.codes(); }
  std::size_t style_codes() const { return m_styles.labels().size() + 1; }

 private:
  std::uint16_t role_code(Profile const& profile) const;
  std::uint16_t platform_mask(Profile const& profile) const;
  void encode_offers(Profile const& from, Prepared& to);
  std::optional<double> best_offer(Prepared const& a, Prepared const& b) const;

  ScoringProfile const& m_profile;
  LabelCodes m_roles, m_styles, m_personas, m_offers;
  CodeTable m_role, m_tier, m_size, m_style, m_persona, m_offer;
  std::vector<std::optional<double>> m_by_shared;  ///< score by number of shared platforms
  std::uint64_t m_owner_offers = 0, m_owner_with = 0;
  std::size_t m_known_offers = 0;  ///< codes up to this have a bit in Prepared::offer_types
};

/// Names of the platforms in a mask, joined by ", ".
std::string platform_names(ScoringProfile const& profile, std::uint16_t mask);

}  // namespace jvmm::scoring
