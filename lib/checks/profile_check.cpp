#include "checks/profile_check.hpp"

#include <algorithm>

#include "checks/address.hpp"
#include "checks/grounding.hpp"
#include "checks/text_field.hpp"

namespace jvmm::checks {
namespace {

constexpr PerColumn<std::string_view> k_names{"email",
                                              "website",
                                              "linkedin",
                                              "seeking",
                                              "offering",
                                              "who_you_serve",
                                              "what_you_do",
                                              "bio",
                                              "niche",
                                              "signature_programs",
                                              "social_proof",
                                              "current_projects",
                                              "niche_categories",
                                              "offer_types",
                                              "content_style"};

constexpr std::size_t k_most_niches = 3, k_most_offers = 5, k_most_styles = 2;

std::size_t most_labels(Column column) {
  if (column == Column::niche_categories) return k_most_niches;
  return column == Column::offer_types ? k_most_offers : k_most_styles;
}

bool is_classification(Column column) {
  return column >= Column::niche_categories;
}

ColumnCheck check_labels(Column column, std::string_view json, CheckOptions const& options) {
  ColumnCheck check;
  auto labels = read_labels(name(column), json);
  if (!labels) {
    check.add("bad_shape", Severity::error, "not of the form that classifications are stored in");
    return check;
  }
  Classification classification{.labels = std::move(*labels), .max_labels = most_labels(column)};
  // One confidence for both styles: how far they are apart is not known.
  if (column == Column::content_style) classification.uniform_spread = 0;
  if (auto const rules = options.labels.find(column); rules != options.labels.end()) {
    classification.taxonomy = rules->second.taxonomy;
    classification.threshold = rules->second.threshold;
  }
  return check_classification(classification);
}

ColumnCheck check_column(Column column, std::optional<std::string> const& value, CheckOptions const& options) {
  if (!value) return {};
  switch (column) {
    case Column::email:
      return check_email(*value);
    case Column::website:
      return check_website(*value);
    case Column::linkedin:
      return check_linkedin(*value);
    default:
      return is_classification(column) ? check_labels(column, *value, options) : check_text(*value);
  }
}

/// The value as it would be after its proposal.
std::optional<std::string> mended(std::optional<std::string> const& value, ColumnCheck const& check) {
  return check.proposal ? check.proposal->value : value;
}

/// A LinkedIn page in `website` belongs into `linkedin`; it may only go there once it is kept there.
void move_linkedin(ProfileValues const& profile, PerColumn<ColumnCheck>& checks) {
  auto& website = checks[index(Column::website)];
  auto& linkedin = checks[index(Column::linkedin)];
  auto const& stored = profile.values[index(Column::website)];
  auto const moved = std::ranges::find(website.findings, "website_is_linkedin", &Finding::code);
  if (moved == website.findings.end() || !stored) return;
  auto const cleaned = website.proposal && website.proposal->value ? *website.proposal->value : *stored;
  auto const address = linkedin_address(cleaned);
  auto const there = mended(profile.values[index(Column::linkedin)], linkedin);
  website.proposal = Proposal{std::nullopt, address && there == address};
  if (!address || (there && !there->empty())) return;
  linkedin.add("linkedin_from_website", Severity::warning, "empty, and website has a LinkedIn page");
  linkedin.proposal = Proposal{*address, true};
}

void ground(ProfileValues const& profile, PageEvidence const& evidence, PerColumn<ColumnCheck>& checks) {
  Page const page(evidence.text);
  for (std::size_t i = 0; i < k_columns; ++i) {
    auto const column = column_at(i);
    if (!is_grounded(column)) continue;
    if (evidence.fields && std::ranges::find(*evidence.fields, name(column)) == evidence.fields->end()) continue;
    auto const value = mended(profile.values[i], checks[i]);
    if (!value) continue;
    auto const quotes = evidence.quotes.find(std::string(name(column)));
    auto found =
        check_grounding(*value, quotes == evidence.quotes.end() ? std::vector<std::string>{} : quotes->second, page);
    std::ranges::move(found.findings, std::back_inserter(checks[i].findings));
  }
}

bool has_code(ColumnCheck const& check, std::string_view code) {
  return std::ranges::find(check.findings, code, &Finding::code) != check.findings.end();
}

}  // namespace

std::string_view name(Column column) {
  return k_names[index(column)];
}

bool is_grounded(Column column) {
  return column >= Column::seeking && column <= Column::bio;
}

std::string_view name(Verdict verdict) {
  switch (verdict) {
    case Verdict::verified:
      return "verified";
    case Verdict::unverified:
      return "unverified";
    case Verdict::quarantined:
      return "quarantined";
  }
  return "";
}

Judgement judge(Column column, ColumnCheck const& check) {
  if (check.ok()) return {};
  auto const gravest = check.gravest().severity;
  if (column == Column::email && gravest == Severity::error) return {Verdict::quarantined, 0};
  if (has_code(check, "ungrounded")) return {Verdict::unverified, 0.5};
  bool const mendable = check.proposal && check.proposal->safe && gravest < Severity::error;
  if (gravest > Severity::note && !mendable) return {Verdict::unverified, 0.6};
  if (has_code(check, "page_empty")) return {Verdict::unverified, 0.7};
  return {};
}

PerColumn<ColumnCheck> check_profile(ProfileValues const& profile, PageEvidence const* page,
                                     CheckOptions const& options) {
  PerColumn<ColumnCheck> checks;
  for (std::size_t i = 0; i < k_columns; ++i)
    checks[i] = check_column(column_at(i), profile.values[i], options);
  move_linkedin(profile, checks);
  if (page) ground(profile, *page, checks);
  return checks;
}

}  // namespace jvmm::checks
