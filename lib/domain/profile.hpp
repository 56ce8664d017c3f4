#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "domain/embedding_field.hpp"
#include "json/ref.hpp"

namespace jvmm {

/// A label with how sure its classifier was, 0..1.
struct Labelled {
  std::string label;
  double confidence = 0;
};

/// A row of `profiles` as scoring reads it. An absent optional is null: not the empty text, not zero. Texts are as
/// stored: not stripped, not lower-cased. docs/scoring.md names the column of each.
struct Profile {
  ProfileId id;
  std::optional<std::string> name, email, phone, company, website, linkedin, booking_link, niche, what_you_do,
      who_you_serve, seeking, offering, bio, audience_type, network_role, revenue_tier, business_size,
      signature_programs, current_projects, status, seniority, business_focus;
  std::optional<std::size_t> tags;  ///< how many elements
  json::Value jv_history, content_platforms;
  std::optional<double> list_size, social_reach;  ///< people
  std::optional<double> audience_engagement_score, promotion_willingness_score, email_list_activity_score,
      profile_confidence;  ///< 0..1 where the data are sane
  std::optional<double> pagerank_score, degree_centrality, betweenness_centrality;
  std::optional<double> recommendation_pressure_30d;
  std::optional<bool> intent_signal, engagement_likelihood;
  std::optional<SystemTime> profile_updated_at, last_active_at, updated_at;

  // What enrichment adds.
  std::vector<Labelled> offer_types;
  bool has_credentials = false;             ///< the object has at least one key
  std::optional<double> credibility_score;  ///< 0..1
  std::optional<Labelled> content_style;    ///< the primary style; of the shipped taxonomy by its code, "data_driven"
  std::optional<std::string> audience_persona;

  /// Vectors as stored; empty: absent. Of any width, not normalised.
  PerField<std::vector<float>> embeddings;
  std::optional<std::string> embeddings_model;
};

/// A text column and the member that holds it.
struct ProfileText {
  std::string_view column;
  std::optional<std::string> Profile::* member;
};

/// The texts that somebody wrote about a profile: all but audience_persona and embeddings_model, which are computed.
std::span<ProfileText const> profile_texts();

/// Reads a row in the shape of tests/data/fixtures/README.md or of `to_jsonb(profiles)`. Unknown members are ignored,
/// missing ones are null; json columns may hold anything. Vectors are not read.
/// **Throws** bad_input with the path for an id that is no uuid and for a scalar column of another type.
Profile parse_profile(json::Ref const& row);

/// Vectors of a row in the shape of tests/data/golden/README.md: lists of numbers or the text form of a vector column.
/// What is empty or cannot be read is absent.
void parse_embeddings(json::Ref const& row, Profile& profile);

}  // namespace jvmm
