#pragma once

#include <array>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "json/value.hpp"
#include "scoring/factor.hpp"
#include "scoring/pair_model.hpp"
#include "text/tokens.hpp"

namespace jvmm::scoring {

/// Number → score: the first step that is reached, else `otherwise`, else nothing.
struct Steps {
  enum class Reached { at_least, at_most };
  Reached reached = Reached::at_least;
  std::vector<std::pair<double, double>> steps;  ///< (threshold, score), the hardest to reach first
  std::optional<double> otherwise;

  std::optional<double> operator()(double x) const;
};

/// How a text is looked up in a table.
enum class TextMatch { exact, stripped, lower, stripped_lower };

/// The numbers of one factor. Which of them a factor uses follows from what it is (docs/scoring.md).
struct FactorSettings {
  bool enabled = false;
  double weight = 0;
  double weight_fallback = 0;     ///< of a similarity by word overlap
  std::optional<double> neutral;  ///< score where the value is absent; without it the factor does not fire then
  bool zero_is_null = false;      ///< zero and below count as absent

  Steps steps;
  std::optional<double> zero;             ///< of exactly zero, before the steps
  std::optional<double> present, absent;  ///< of what is there or not; true or false
  std::size_t min_length = 0;             ///< code points from which a text is there
  double scale = 10, cap = 10;            ///< min(cap, scale × x)
  std::size_t min_signals = 1;
  std::vector<std::string> positive;
  std::optional<std::vector<std::string>> counted;  ///< outcomes that make the denominator; absent: all
  TextMatch match = TextMatch::exact;
  std::vector<std::pair<std::string, double>> table;  ///< label → score; of ranks: label → rank
  std::vector<std::string> fields;
  std::vector<double> rank_scores;  ///< by difference of ranks; the last holds for all greater ones
  std::optional<double> unranked;
  bool by_percentile = false;
  Steps percentile_steps;
  int pagerank_times = 2;
  double degree_scale = 100, betweenness_scale = 200;
  enum class Vectors { offering_or_what_you_do, offering_only, none } vectors = Vectors::offering_or_what_you_do;
  double min_confidence = 0;
  double same = 0;  ///< score of two equal labels
  struct ListOwner {
    double min_list_size = 0;
    std::vector<std::string> offers, with;
    double score = 0;
  };
  std::optional<ListOwner> list_owner;
};

/// A symmetric table of scores by two labels.
class LabelTable {
 public:
  void set(std::string_view a, std::string_view b, double score);
  std::optional<double> find(std::string_view a, std::string_view b) const;
  /// All labels it speaks of, sorted.
  std::vector<std::string> labels() const;

 private:
  std::map<std::pair<std::string, std::string>, double> m_scores;
};

struct PairGate {
  bool enabled = true;
  std::vector<std::string> fields;
  std::size_t min_length = 5, min_fields = 2;
  bool any_below = false;  ///< one insufficient side is enough; else it takes both
};

struct ProfileFilter {
  bool enabled = true;
  std::vector<std::string> fields, candidate_fields;
  std::size_t min_length = 10;
};

struct Platform {
  std::string name;
  std::vector<std::string> keys;
};

enum class SimilarityKind { steps, linear, calibrated };

/// A scoring profile, resolved and compiled: every number by which pairs are scored. Immutable once loaded, so that
/// threads share it.
struct ScoringProfile {
  std::string name;
  int version = 1;
  std::string description;
  std::string hash;      ///< first 16 hexadecimal digits of the SHA-256 of the resolved document
  json::Value document;  ///< resolved: what it extends is merged in

  DimensionMean dimension_mean = DimensionMean::geometric;
  PairMean pair_mean = PairMean::harmonic;
  double epsilon = 1e-10;
  int dimension_decimals = 2;  ///< -1: not rounded
  int output_decimals = 2;
  std::array<double, k_dimensions> dimension_weights{};
  std::array<FactorSettings, k_factors> factors;

  SimilarityKind similarity = SimilarityKind::steps;
  SimilarityMap similarity_map;  ///< of steps and linear; a calibrated one comes with the model
  bool require_same_model = false;

  std::size_t min_token_length = 4;
  text::StopWords stop_words;
  OverlapSteps overlap;

  PairGate gate;
  ProfileFilter filter;

  bool graph_roles_count = true;      ///< hub, bridge, specialist and newcomer in network_role are roles
  bool blank_offering_counts = true;  ///< a blank offering keeps what_you_do from standing in
  bool unknown_any_case = false;      ///< "Unknown" is no tier either
  bool decode_json_strings = false;   ///< JSON within a JSON string is read

  std::map<std::string, std::string, std::less<>> roles;  ///< raw, stripped and lower-cased → canonical
  LabelTable role_compatibility, offer_compatibility, persona_complementarity, style_compatibility;
  std::vector<Platform> platforms;
  double offer_default = 4, offer_same = 7, offer_empty = 5;

  double premier = 64, strong = 55;  ///< harmonic means from which a pair is in that tier
  double lightweight_intent = .5, lightweight_synergy = .35, lightweight_context = .15, lightweight_threshold = 35;

  FactorSettings const& operator[](FactorId id) const { return factors[index(id)]; }
  double weight(Dimension dimension) const { return dimension_weights[index(dimension)]; }
};

/// Names of those that come with the program, the default first.
std::vector<std::string> shipped_scoring_profiles();
inline constexpr std::string_view k_default_scoring_profile = "smooth";

/// The profile of that name, or from that file if the argument ends in ".json". A document may extend another
/// ("extends": a name, or a file beside it): what it says is merged into that (RFC 7396).
///
/// **Throws** usage (no such name: lists those there are), missing_input, local_io, bad_input (not JSON; does not fit
/// docs/schemas/scoring-profile.json; thresholds out of order; labels that contradict each other; a circle of
/// extensions), each with file and path.
ScoringProfile load_scoring_profile(std::string const& name_or_file);

/// The same from text; `source` is named in errors.
ScoringProfile parse_scoring_profile(std::string_view text, std::string const& source,
                                     std::filesystem::path const& folder = {});

}  // namespace jvmm::scoring
