#pragma once

#include <optional>
#include <string>
#include <vector>

#include "commands/cluster_personas/options.hpp"
#include "commands/cluster_personas/population.hpp"
#include "commands/run_context.hpp"
#include "personas/fit.hpp"
#include "personas/identity.hpp"
#include "store/personas.hpp"

namespace jvmm::commands {

/// Personas and what is to be told of how they were found.
struct Discovery {
  personas::Fit fit;
  personas::Identity identity;
  std::vector<personas::Complement> complements;
  std::string input_hash;                     ///< of all rows and the options
  std::int64_t everybody = 0;                 ///< profiles that say something; the fit has a sample of them
  std::optional<store::PersonaState> before;  ///< the generation it follows
};

/// Finds personas among everybody, or a sample, and gives them the identities of those there are. Absent: nothing has
/// changed since these were found, by the same options, and --force and --rescan were not asked for.
/// **Database**: reads only, in two looks. **Throws** bad_input where the rows or a goal make it impossible.
class Discoverer {
 public:
  Discoverer(RunContext& context, ClusterOptions const& options, db::Connection& connection,
             inference::Embedder& embedder);

  /// `fresh`: for a preview, vectors that are not stored.
  std::optional<Discovery> discover(store::IdealCustomers const& ideals, FreshVectors const* fresh);

  PersonaPopulation const& population() const { return m_population; }

  /// Puts it in the place of the personas there are. REQUIRES: the lease of the stage is held, and fenced in `tx`.
  std::int64_t publish(db::WriteTx& tx, Discovery const& found, RunId run) const;

  /// The generation in use, with its model; null before `discover`, and where there is none.
  personas::Model const* before() const { return m_before ? &*m_before : nullptr; }

 private:
  personas::FitOptions fit_options() const;
  std::uint64_t seed() const { return m_options.seed.value_or(1); }
  std::string options_text() const;
  void find_complements(Discovery& found);

  RunContext& m_context;
  ClusterOptions const& m_options;
  db::Connection& m_connection;
  inference::Embedder& m_embedder;
  PersonaPopulation m_population;
  std::optional<personas::Model> m_before;
};

/// The persona as the tables have it. Views into it.
store::PersonaRow persona_row(personas::Persona const& persona);

/// What was found, for jvmm.persona_model and the command's JSON: one object.
std::string discovery_json(Discovery const& found);

}  // namespace jvmm::commands
