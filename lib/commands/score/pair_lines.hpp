#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "commands/score/profile_files.hpp"
#include "scoring/match_reason.hpp"
#include "scoring/scorer.hpp"

namespace jvmm::commands {

/// A line of a file of pairs.
struct PairLine {
  std::string name;          ///< of the pair; "A/B" by their ids where the line has none
  std::size_t a = 0, b = 0;  ///< places in the ProfileSet
  bool embeddings = true;    ///< false: as if neither profile had a vector
  std::optional<std::unordered_map<ProfileId, scoring::OutcomeCounts>> outcomes;
};

/// **Throws** bad_input: a member of another type, an id that is none of the profiles'.
PairLine parse_pair_line(json::Ref const& row, ProfileSet const& set);

/// Scores pairs of a set; prepares a profile when it first comes. Not shared between threads. The set must outlive it.
class PairLines {
 public:
  /// **Throws** as scoring::Scorer.
  PairLines(ProfileSet const& set, scoring::ScoringProfile const& rules, scoring::ScoringContext const& context);

  struct Result {
    bool eligible = true;
    std::string json;  ///< docs/schemas/score.json, without a line's end
  };
  Result score(PairLine const& pair);

 private:
  scoring::Prepared const& prepared(std::size_t profile, bool embeddings);
  scoring::ReasonParts const& parts(std::size_t profile);

  ProfileSet const& m_set;
  scoring::Scorer m_scorer;
  std::vector<std::optional<scoring::Prepared>> m_with_vectors, m_without_vectors;
  std::vector<std::optional<scoring::ReasonParts>> m_parts;
};

}  // namespace jvmm::commands
