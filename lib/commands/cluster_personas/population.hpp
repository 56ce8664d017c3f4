#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "db/connection.hpp"
#include "inference/embedder.hpp"
#include "personas/audience.hpp"
#include "personas/complements.hpp"
#include "personas/model.hpp"
#include "store/audience.hpp"
#include "store/persona_columns.hpp"

namespace jvmm::commands {

/// Vectors that are not stored, in the place of those that are.
using FreshVectors = std::map<ProfileId, inference::Vector>;

/// Everybody who has any text, or a sample of them, by id, as discovery reads them. Memory is linear in texts and
/// vectors.
struct PersonaPopulation {
  std::vector<ProfileId> ids;
  std::vector<std::string> hashes;  ///< of the texts
  std::vector<personas::AudienceText> rows;
  std::vector<float> audience, activity;  ///< rows × dims; zero: none. Activity is empty where nobody has one
  std::size_t dims = 0;
  store::PersonaSample sample;

  std::optional<std::size_t> find(ProfileId const& id) const;
  personas::RowVectors audience_vectors() const { return {audience, dims}; }
  personas::RowVectors activity_vectors() const;

  /// Names texts and which of them have vectors, in hexadecimal.
  std::string hash() const;
};

/// One consistent look. **Throws** configuration for stored audience embeddings of another width than the model's.
PersonaPopulation load_population(db::ReadTx& tx, inference::EmbedderInfo const& model,
                                  store::PersonaSample const& sample, store::IdealCustomers const& ideals,
                                  FreshVectors const* fresh);

/// What is known of which persona completes which, beside the texts.
struct ComplementSources {
  std::vector<float> seeking, offering;  ///< rows × dims; empty where nobody has one
  std::vector<personas::KnownPair> pairs;
};
ComplementSources load_complement_sources(db::ReadTx& tx, PersonaPopulation const& population, std::string_view model);

}  // namespace jvmm::commands
