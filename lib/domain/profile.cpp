#include "domain/profile.hpp"

#include <charconv>
#include <cmath>
#include <limits>
#include <utility>

namespace jvmm {
namespace {

template <class T>
using Column = std::pair<std::string_view, std::optional<T> Profile::*>;

constexpr ProfileText k_texts[] = {
    {"name", &Profile::name},
    {"email", &Profile::email},
    {"phone", &Profile::phone},
    {"company", &Profile::company},
    {"website", &Profile::website},
    {"linkedin", &Profile::linkedin},
    {"booking_link", &Profile::booking_link},
    {"niche", &Profile::niche},
    {"what_you_do", &Profile::what_you_do},
    {"who_you_serve", &Profile::who_you_serve},
    {"seeking", &Profile::seeking},
    {"offering", &Profile::offering},
    {"bio", &Profile::bio},
    {"audience_type", &Profile::audience_type},
    {"network_role", &Profile::network_role},
    {"revenue_tier", &Profile::revenue_tier},
    {"business_size", &Profile::business_size},
    {"signature_programs", &Profile::signature_programs},
    {"current_projects", &Profile::current_projects},
    {"status", &Profile::status},
    {"seniority", &Profile::seniority},
    {"business_focus", &Profile::business_focus},
};

constexpr ProfileText k_computed[] = {
    {"audience_persona", &Profile::audience_persona},
    {"embeddings_model", &Profile::embeddings_model},
};

constexpr Column<double> k_numbers[] = {
    {"list_size", &Profile::list_size},
    {"social_reach", &Profile::social_reach},
    {"audience_engagement_score", &Profile::audience_engagement_score},
    {"promotion_willingness_score", &Profile::promotion_willingness_score},
    {"email_list_activity_score", &Profile::email_list_activity_score},
    {"profile_confidence", &Profile::profile_confidence},
    {"pagerank_score", &Profile::pagerank_score},
    {"degree_centrality", &Profile::degree_centrality},
    {"betweenness_centrality", &Profile::betweenness_centrality},
    {"recommendation_pressure_30d", &Profile::recommendation_pressure_30d},
};

constexpr Column<bool> k_booleans[] = {
    {"intent_signal", &Profile::intent_signal},
    {"engagement_likelihood", &Profile::engagement_likelihood},
};

constexpr Column<SystemTime> k_times[] = {
    {"profile_updated_at", &Profile::profile_updated_at},
    {"last_active_at", &Profile::last_active_at},
    {"updated_at", &Profile::updated_at},
};

ProfileId parse_id(json::Ref const& value) {
  auto const id = ProfileId::parse(value.string());
  if (!id) throw value.unexpected("a uuid");
  return *id;
}

SystemTime parse_time(json::Ref const& value) {
  auto const time = parse_iso8601(value.string());
  if (!time) throw value.unexpected("a time with offset (2026-11-01T08:00:00+00:00)");
  return *time;
}

json::Value value_or_null(json::Ref const& row, std::string_view column) {
  auto const found = row.find(column);
  return found ? found->value() : json::Value();
}

std::optional<double> number_in(json::Value const* value) {
  if (!value) return std::nullopt;
  if (auto const* number = value->get_if<double>()) return *number;
  if (auto const* number = value->get_if<std::int64_t>()) return static_cast<double>(*number);
  if (auto const* number = value->get_if<std::uint64_t>()) return static_cast<double>(*number);
  return std::nullopt;
}

/// Absent unless both members are there and of their type.
std::optional<Labelled> labelled(json::Value const& value, std::string_view label_member) {
  auto const* const label = value.find(label_member);
  auto const* const text = label ? label->get_if<std::string>() : nullptr;
  auto const confidence = number_in(value.find("confidence"));
  if (!text || !confidence) return std::nullopt;
  return Labelled{*text, *confidence};
}

// The styles as the shipped taxonomy calls them, and the codes that scoring profiles use.
constexpr std::pair<std::string_view, std::string_view> k_style_codes[] = {
    {"educational and teaching-focused", "educational"}, {"inspirational and motivational", "inspirational"},
    {"tactical and step-by-step practical", "tactical"}, {"storytelling and narrative-driven", "storytelling"},
    {"data-driven and evidence-based", "data_driven"},   {"provocative and contrarian", "provocative"},
    {"nurturing and empathetic", "nurturing"},
};

std::optional<Labelled> style(json::Value const& value) {
  auto found = labelled(value, "primary");
  for (auto const& [label, code] : k_style_codes)
    if (found && found->label == label) found->label = code;
  return found;
}

void read_enrichment(json::Ref const& row, Profile& profile) {
  auto const offer_types = value_or_null(row, "offer_types");
  if (auto const* const list = offer_types.get_if<json::Array>())
    for (auto const& element : *list)
      if (auto offer_type = labelled(element, "type")) profile.offer_types.push_back(*std::move(offer_type));

  auto const credentials = value_or_null(row, "credentials");
  auto const* const members = credentials.get_if<json::Object>();
  profile.has_credentials = members && !members->empty();
  profile.credibility_score = number_in(credentials.find("credibility_score"));
  if (auto const column = row.find("credibility_score")) profile.credibility_score = column->number();

  profile.content_style = style(value_or_null(row, "content_style"));
}

bool append_component(std::vector<float>& vector, double component) {
  if (!(std::abs(component) <= static_cast<double>(std::numeric_limits<float>::max()))) return false;
  vector.push_back(static_cast<float>(component));
  return true;
}

std::vector<float> vector_of(json::Array const& list) {
  std::vector<float> vector;
  vector.reserve(list.size());
  for (auto const& element : list) {
    auto const component = number_in(&element);
    if (!component || !append_component(vector, *component)) return {};
  }
  return vector;
}

std::string_view without_blanks(std::string_view text) {
  constexpr auto k_blanks = " \t\r\n";
  auto const begin = text.find_first_not_of(k_blanks);
  return begin == std::string_view::npos ? "" : text.substr(begin, text.find_last_not_of(k_blanks) - begin + 1);
}

std::vector<float> vector_of(std::string_view text) {
  text = without_blanks(text);
  if (text.size() < 2 || text.front() != '[' || text.back() != ']') return {};
  text = text.substr(1, text.size() - 2);
  std::vector<float> vector;
  for (bool more = true; more;) {
    auto const comma = text.find(',');
    more = comma != std::string_view::npos;
    auto const number = without_blanks(text.substr(0, comma));
    double component = 0;
    auto const [end, error] = std::from_chars(number.data(), number.data() + number.size(), component);
    if (error != std::errc() || end != number.data() + number.size()) return {};
    if (!append_component(vector, component)) return {};
    if (more) text.remove_prefix(comma + 1);
  }
  return vector;
}

}  // namespace

std::span<ProfileText const> profile_texts() {
  return k_texts;
}

Profile parse_profile(json::Ref const& row) {
  Profile profile;
  profile.id = parse_id(row["id"]);
  for (auto const& [column, member] : k_texts)
    if (auto const value = row.find(column)) profile.*member = value->string();
  for (auto const& [column, member] : k_computed)
    if (auto const value = row.find(column)) profile.*member = value->string();
  for (auto const& [column, member] : k_numbers)
    if (auto const value = row.find(column)) profile.*member = value->number();
  for (auto const& [column, member] : k_booleans)
    if (auto const value = row.find(column)) profile.*member = value->boolean();
  for (auto const& [column, member] : k_times)
    if (auto const value = row.find(column)) profile.*member = parse_time(*value);
  if (auto const tags = row.find("tags")) profile.tags = tags->items().size();
  profile.jv_history = value_or_null(row, "jv_history");
  profile.content_platforms = value_or_null(row, "content_platforms");
  read_enrichment(row, profile);
  return profile;
}

void parse_embeddings(json::Ref const& row, Profile& profile) {
  for (EmbeddingField field : k_embedding_fields) {
    auto const value = value_or_null(row, "embedding_" + std::string(name(field)));
    auto& vector = profile.embeddings[index(field)];
    vector.clear();
    if (auto const* const list = value.get_if<json::Array>()) vector = vector_of(*list);
    if (auto const* const text = value.get_if<std::string>()) vector = vector_of(*text);
  }
}

}  // namespace jvmm
