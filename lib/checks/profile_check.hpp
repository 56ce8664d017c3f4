#pragma once

#include <array>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checks/classification.hpp"
#include "checks/finding.hpp"

namespace jvmm::checks {

/// The columns of profiles that are checked, in the order in which results are shown.
enum class Column {
  email,
  website,
  linkedin,
  seeking,
  offering,
  who_you_serve,
  what_you_do,
  bio,
  niche,
  signature_programs,
  social_proof,
  current_projects,
  niche_categories,
  offer_types,
  content_style,
};
inline constexpr std::size_t k_columns = 15;
std::string_view name(Column column);
constexpr std::size_t index(Column column) {
  return static_cast<std::size_t>(column);
}
constexpr Column column_at(std::size_t index) {
  return static_cast<Column>(index);
}

/// Those whose content may come from a web page, and are compared with it: seeking to bio.
bool is_grounded(Column column);

template <class T>
using PerColumn = std::array<T, k_columns>;

/// The text of a profile's page, and what is known of how values were taken from it.
struct PageEvidence {
  std::string text;
  std::optional<std::vector<std::string>> fields;          ///< columns taken from it; absent: all that can be
  std::map<std::string, std::vector<std::string>> quotes;  ///< by column
};

/// By what stored classifications are judged.
struct LabelRules {
  std::vector<std::string> taxonomy;  ///< empty: any label
  double threshold = 0.3;
};

struct ProfileValues {
  PerColumn<std::optional<std::string>> values;  ///< of the last three columns: as JSON
};

struct CheckOptions {
  std::map<Column, LabelRules> labels;
};

/// How far a value can be relied on.
enum class Verdict { verified, unverified, quarantined };
std::string_view name(Verdict verdict);

struct Judgement {
  Verdict verdict = Verdict::verified;
  double confidence = 1;
};

/// quarantined 0: an e-mail that is none. unverified 0.5: not in its page; 0.6: any other finding that cannot be mended
/// safely; 0.7: a page without text. verified 1: nothing, or only what can be mended safely.
Judgement judge(Column column, ColumnCheck const& check);

/// All checks of one profile; a failure in one column says nothing about the others. `page` null: no layer 2.
/// **Cost** linear in the texts, and grounding's. **Threads** safe.
PerColumn<ColumnCheck> check_profile(ProfileValues const& profile, PageEvidence const* page = nullptr,
                                     CheckOptions const& options = {});

}  // namespace jvmm::checks
