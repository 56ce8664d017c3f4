#pragma once

#include <optional>
#include <string>

#include "db/transaction.hpp"
#include "scoring/scoring_profile.hpp"

namespace jvmm::commands {

/// Puts the stored complements of personas into a scoring profile that wants the factor and has no table of its own.
/// Gives what names them, "p:" and eight digits; empty: there was nothing to put in.
std::string load_persona_matrix(db::ReadTx& tx, scoring::ScoringProfile& profile);

/// What speaks for one persona completing another, as a sentence without a stop; "" where nothing does.
/// `evidence_json`: as jvmm.persona_complement has it.
std::string complement_reason(std::string const& evidence_json);

/// What is known of the personas of a pair of profiles.
struct PersonaPair {
  std::string a, b;            ///< keys
  std::string name_a, name_b;  ///< empty: no longer in use
  std::optional<double> score;
  std::string evidence_json;  ///< empty where nothing is known
};
std::optional<PersonaPair> read_persona_pair(db::ReadTx& tx, std::optional<std::string> const& a,
                                             std::optional<std::string> const& b);

}  // namespace jvmm::commands
