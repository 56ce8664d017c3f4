#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "db/transaction.hpp"
#include "store/persona_columns.hpp"

namespace jvmm::store {

// Personas by generation (jvmm.persona_model and what refers to it). What document and vectors say is lib/personas'
// matter (personas/stored_model.hpp).

/// The generation in use.
struct PersonaState {
  std::int64_t generation = 0, revision = 0;
  std::string method, embedding, input_hash, report_json, created_at;
  double plateau = 0;

  /// Names who is assigned how: it changes when everybody has to be looked at again.
  std::string fingerprint() const;
};
std::optional<PersonaState> current_personas(db::Transaction& tx);

/// The same with its model.
struct StoredPersonas {
  PersonaState state;
  std::string document_json;
  std::vector<float> vectors;
};
std::optional<StoredPersonas> load_personas(db::Transaction& tx);

struct PersonaRow {
  std::string key, name, terms_json;
  bool renamed_by_human = false;
  std::vector<ProfileId> medoids;
  std::int64_t size = 0;
  double cohesion = 0;
  std::span<float const> centroid;  ///< empty: none
};

struct ComplementRow {
  std::string a, b;  ///< keys, in any order
  std::optional<double> score;
  std::string evidence_json;
};

struct GivenPersona {
  ProfileId profile;
  std::string hash;
  PersonaAssignment given;
};

struct NewPersonas {
  std::string_view method, parameters_json, embedding, input_hash, document_json, report_json;
  std::span<float const> vectors;
  double plateau = 0;
  RunId run;
  std::vector<PersonaRow> personas;
  std::vector<ComplementRow> complements;
  std::vector<GivenPersona> given;  ///< by discovery, to each profile that it read
};

/// Puts a new generation in the place of the one in use and gives its number; all of it happens with `tx` or nothing.
/// Keys that are no more are taken over as retired. **Cost**: rows of COPY.
std::int64_t publish_personas(db::WriteTx& tx, NewPersonas const& found);

/// Notes that a run gave profiles the personas of a generation. Only the first to do so counts.
void mark_assigned(db::WriteTx& tx, std::int64_t generation, RunId run);

/// Shows who was given which persona in a generation.
void read_assignments(db::ReadTx& tx, std::int64_t generation,
                      std::function<void(ProfileId, std::string_view persona)> const& visit);

struct ListedPersona {
  std::string key, name, state, terms_json, medoids_json;
  std::optional<std::string> merged_into;
  bool renamed_by_human = false;
  std::int64_t size = 0, profiles = 0;  ///< at discovery, now
  double cohesion = 0;
  std::vector<float> centroid;  ///< empty: none
};

/// Of the generation in use, the largest first; `ended`: also those that are no more.
std::vector<ListedPersona> list_personas(db::Transaction& tx, bool ended);

/// Of the generation in use, the best first; of one persona or all.
std::vector<ComplementRow> list_complements(db::Transaction& tx, std::optional<std::string> const& key = {});

/// In table and model. REQUIRES: lock_personas.
void rename_persona(db::WriteTx& tx, std::string_view key, std::string_view name, std::string_view document_json);

/// `key` ends in `into.key`; gives how many profiles' assignments followed. REQUIRES: lock_personas.
std::int64_t merge_personas(db::WriteTx& tx, std::string_view key, PersonaRow const& into,
                            std::string_view document_json, std::span<float const> vectors);

/// One at a time changes personas, until the end of the transaction.
void lock_personas(db::WriteTx& tx);

}  // namespace jvmm::store
