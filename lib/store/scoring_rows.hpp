#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "db/transaction.hpp"
#include "domain/profile.hpp"

namespace jvmm::store {

using UseProfile = std::function<void(Profile&&)>;
using RefuseProfile = std::function<void(ProfileId, std::string)>;

/// Calls `use` with each profile in after < id <= upto, by id; with `only` not empty, those of it. A profile that
/// cannot be read (a column of another type) goes to `refuse` with the reason.
/// **Cost**: one COPY; memory for one profile. **Throws** as CopyReader.
void read_profiles(db::Transaction& tx, ProfileId after, ProfileId upto, std::span<ProfileId const> only,
                   UseProfile const& use, RefuseProfile const& refuse);

/// The same for all ids, or with `only` not empty, those.
void read_profiles(db::Transaction& tx, std::span<ProfileId const> only, UseProfile const& use,
                   RefuseProfile const& refuse);

/// Vectors that may be compared with one another.
struct VectorKind {
  std::string model;                ///< "(none)" where a row with vectors names none
  std::optional<std::size_t> dims;  ///< absent: they were not told apart
  std::int64_t profiles = 0;
  ProfileId example;
};

/// The most frequent first. **Cost**: reads the whole table; with `by_width` the vectors too.
std::vector<VectorKind> read_vector_kinds(db::Transaction& tx, bool by_width);

struct OutcomeRow {
  ProfileId partner;
  std::string outcome;
  std::int64_t count = 0;
};

/// REQUIRES: the outcome tables exist (db::Capabilities).
std::vector<OutcomeRow> read_outcomes(db::Transaction& tx);

/// Values at percentiles; absent where no profile has one.
struct CentralityCut {
  std::optional<double> pagerank, degree, betweenness;
};

/// One for each percentile (0..100), in their order. **Cost**: reads the whole table.
std::vector<CentralityCut> read_centrality_cuts(db::Transaction& tx, std::vector<double> const& percentiles);

void record_scoring_profile(db::WriteTx& tx, std::string_view hash, std::string_view name, int version,
                            std::string_view document);

}  // namespace jvmm::store
