#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "inference/embedder.hpp"
#include "personas/assign.hpp"
#include "stage/stage.hpp"
#include "store/audience.hpp"
#include "store/persona_columns.hpp"
#include "store/personas.hpp"

namespace jvmm::commands {

/// What came of a run's profiles.
struct AssignCounts {
  std::map<std::string, std::uint64_t> personas;  ///< written, by key
  std::uint64_t unassigned = 0;                   ///< written without one
  std::uint64_t kept = 0;                         ///< a source that ranks higher kept its value
  std::uint64_t found = 0;                        ///< of the values, given by discovery itself
  std::uint64_t changed = 0;                      ///< of the values, other than before
};

/// How profiles that discovery had not seen fit the personas.
struct DriftCounts {
  std::uint64_t rows = 0, unassigned = 0, weak = 0;  ///< weak: with half of the votes, or less
  std::uint64_t phrases = 0;
  double familiar = 0;  ///< of these, alike to one that is known
};

/// Why the personas ought to be found again; empty: they need not.
std::string drift_hint(personas::Model const& model, DriftCounts const& drift);

/// An assignment on its way into the database.
struct AssignValue {
  store::PersonaAssignment given;
  std::optional<std::string> ideal_customer;  ///< that was read
};

/// The second half of E5: the persona of each profile, by the ones there are.
class PersonaStage {
 public:
  using Row = store::PersonaCandidate;
  using Value = AssignValue;

  /// `selection`: without fingerprint, model and generation, which follow from the others. REQUIRES: the embedder is of
  /// the model's embedding.
  PersonaStage(personas::Model const& model, store::PersonaState const& state, inference::Embedder& embedder,
               store::PersonaSelection selection, store::IdealCustomers ideals);

  std::string_view name() const { return store::k_persona_stage; }
  std::string_view fingerprint() const { return m_selection.fingerprint; }
  std::int64_t generation() const { return m_selection.generation; }

  stage::Page<Row> candidates(db::ReadTx& tx, stage::PageRequest const& page);
  std::vector<stage::Outcome<Value>> compute(std::span<Row const> rows);
  std::vector<stage::Written> write(db::WriteTx& tx, std::span<stage::Done<Value> const> done);
  void committed(std::span<Row const* const> rows);

  /// To be read when the run is over.
  AssignCounts const& counts() const { return m_counts; }
  DriftCounts const& drift() const { return m_drift; }

 private:
  using Outcomes = std::vector<stage::Outcome<Value>>;

  void assign(std::span<Row const> rows, std::vector<std::size_t> const& which, Outcomes& outcomes);
  void give(std::span<Row const> rows, std::vector<std::size_t> const& which, Outcomes& outcomes);

  personas::Model const& m_model;
  inference::Embedder& m_embedder;
  store::PersonaSelection m_selection;
  store::IdealCustomers m_ideals;
  std::string m_common_json;  ///< what all provenance of a run says
  /// What the last transaction wrote, until it is known to have happened. Of the one thread that writes.
  std::vector<std::pair<AssignValue, store::PersonaWritten>> m_written;
  AssignCounts m_counts;
  std::mutex m_mutex;  ///< of m_drift
  DriftCounts m_drift;
};

/// The texts as lib/personas reads them.
personas::AudienceText audience_text(ProfileId id, store::PersonaTexts const& texts);

/// Vectors of phrases by an embedder; a phrase that cannot be embedded is thrown.
personas::EmbedPhrases phrase_embedder(inference::Embedder& embedder);

/// Indices of a model as keys.
store::PersonaAssignment given(personas::Model const& model, personas::Assignment const& assignment);

}  // namespace jvmm::commands
