#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "db/transaction.hpp"

namespace jvmm::store {

/// A row of jvmm.calibration. What the document says is scoring's matter (scoring/calibration.hpp).
struct StoredCalibration {
  std::int64_t version = 0;
  std::string document_json;
};

/// The newest version for a model and field pair ("audience"), or absent.
std::optional<StoredCalibration> newest_calibration(db::Transaction& tx, std::string_view model,
                                                    std::string_view field_pair);

/// Stores the next version and gives its number. Two at the same time: one **throws** bad_input (duplicate key).
std::int64_t insert_calibration(db::WriteTx& tx, std::string_view model, std::string_view field_pair,
                                std::string_view document_json, RunId run);

/// A side of a comparison: the vector of one field, "offering" standing for what_you_do where there is no offer.
enum class VectorSide { seeking, offering, who_you_serve };

struct ProfileVector {
  ProfileId profile;
  std::vector<float> vector;  ///< empty: the profile has none of that model
};

/// Up to `count` profiles that have such a vector, by id; the same ones for the same seed. **Cost**: a pass over the
/// ids; memory for the vectors.
std::vector<ProfileVector> sample_vectors(db::Transaction& tx, std::string_view model, VectorSide side,
                                          std::uint64_t seed, std::size_t count);

/// Of the profiles named; one that does not exist is not among the results.
std::vector<ProfileVector> vectors_of(db::Transaction& tx, std::string_view model, VectorSide side,
                                      std::span<ProfileId const> profiles);

struct ModelCount {
  std::string model;  ///< "(none)" where a row with vectors names none
  std::int64_t profiles = 0;
};

/// Which models the stored vectors are of, most used first.
std::vector<ModelCount> embedding_models(db::Transaction& tx);

}  // namespace jvmm::store
