#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "db/transaction.hpp"
#include "store/audience.hpp"
#include "store/profile_embeddings.hpp"

namespace jvmm::store {

// What discovery and assignment of personas read of profiles, and write into them.

/// The stage's name in the ledger. Permanent.
inline constexpr std::string_view k_persona_stage = "cluster_personas";

/// **Throws** configuration where a column of profiles that personas read or fill is missing or may not be written,
/// bad_answer where it is of another type.
void require_persona_columns(db::ReadTx& tx, bool writes);

/// The texts of a profile that personas follow from, stripped, cut at k_audience_characters; absent: null.
struct PersonaTexts {
  std::optional<std::string> who_you_serve, audience_type, niche, what_you_do, seeking, offering, ideal_customer;

  /// Without any text.
  bool is_empty() const;
};

/// What a profile was given. Personas by key.
struct PersonaAssignment {
  std::optional<std::string> persona, second;
  double score = 0, second_score = 0;  ///< 0..1
  std::string basis = "none";          ///< "none", "phrases", "vector"
  bool discovered = false;             ///< by discovery itself, not by its model afterwards
};

struct PersonaCandidate {
  ProfileId profile;
  std::string hash;    ///< of the texts: guards the write
  bool blank = false;  ///< it has no persona so far
  PersonaTexts texts;
  std::optional<std::string> stored;         ///< audience_persona now
  std::optional<std::vector<float>> vector;  ///< the audience embedding, of the texts as they are
  std::optional<PersonaAssignment> given;    ///< already found for these very texts

  ProfileId id() const { return profile; }
  std::string const& input_hash() const { return hash; }
};

struct PersonaSelection {
  std::string fingerprint;
  std::string model;  ///< of the audience embeddings
  std::int64_t generation = 0;
  EmbeddingScope scope = EmbeddingScope::stale;
  std::optional<SystemTime> stale_before, updated_since;
};

struct PersonaCandidates {
  std::vector<PersonaCandidate> rows;  ///< by id
  bool cut = false;                    ///< the page was too large: go on after the last row
};

/// `ideals`: of the range, as IdealCustomers gives it.
PersonaCandidates find_persona_candidates(db::ReadTx& tx, PersonaSelection const& selection, IdRange const& range,
                                          std::string const& ideals, std::int64_t max_bytes = 16 << 20);

struct PersonaWrite {
  ProfileId profile;
  std::string_view input_hash;
  PersonaAssignment given;
  std::optional<std::string> ideal_customer;  ///< that was read
};

struct PersonaWritten {
  ProfileId profile;
  std::string digest, before_json;
  bool as_sent = false;
  bool kept = false;     ///< its source ranks higher: it kept its value
  bool changed = false;  ///< value or provenance
};

/// Writes audience_persona with provenance, and jvmm.persona_assignment. `common_json`: what all entries of the batch
/// say. Profiles whose texts changed or that are gone are not among those returned, and none is once another generation
/// is in use. **Database**: one statement.
std::vector<PersonaWritten> write_personas(db::WriteTx& tx, std::int64_t generation, std::string_view common_json,
                                           std::span<PersonaWrite const> rows);

/// What undoing a run of this stage would do. Writes nothing.
UndoCounts count_undo_personas(db::Transaction& tx, RunId run);

/// Takes back the next page of what the run wrote; looked_at is 0 when there is nothing left: then the generation that
/// the run was the first to assign goes out of use, and the one before it comes back.
UndoCounts undo_personas(db::WriteTx& tx, RunId run, std::int64_t page_rows);

/// A profile as discovery reads it. Valid until the next.
struct PopulationRow {
  ProfileId profile;
  std::string hash;
  PersonaTexts texts;
  std::vector<float> vector, activity;  ///< empty: none
};

/// A fixed part of the profiles that say something.
struct PersonaSample {
  std::string seed;
  std::optional<std::string> beyond;  ///< the place of the first that is not in it; absent: all are
  std::int64_t everybody = 0;         ///< how many say something
};

/// Draws so many, or all if they are no more. **Cost**: one pass over the table.
PersonaSample draw_persona_sample(db::ReadTx& tx, std::uint64_t seed, std::int64_t rows);

/// Shows each profile of the sample, by id. **Cost**: one pass; memory for one row.
void read_persona_population(db::ReadTx& tx, std::string_view model, std::string const& ideals,
                             PersonaSample const& sample, std::function<void(PopulationRow&&)> const& visit);

/// Shows vectors of what profiles of the sample seek and offer, by id; empty: none.
void read_field_vectors(
    db::ReadTx& tx, std::string_view model, PersonaSample const& sample,
    std::function<void(ProfileId, std::vector<float> const& seeking, std::vector<float> const& offering)> const& visit);

/// A pair of profiles of which something is known.
struct KnownProfilePair {
  ProfileId a, b;
  double value = 0;      ///< 0..1
  bool outcome = false;  ///< what came of it, not what was computed
};

/// At most `count`, those of which most is known. **Cost**: a pass over match_suggestions.
std::vector<KnownProfilePair> read_known_pairs(db::ReadTx& tx, std::int64_t count);

}  // namespace jvmm::store
