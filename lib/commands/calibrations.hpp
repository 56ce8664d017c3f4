#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "db/transaction.hpp"
#include "scoring/calibration.hpp"
#include "store/calibrations.hpp"

namespace jvmm::commands {

/// The model that the table's vectors are of. **Throws** bad_input where there are none, or of several models (naming
/// each with its rows): their cosines must not be mixed.
std::string embedded_model(db::Transaction& tx);

/// The two sides of a field pair: the asking profile's and the other's.
struct Sides {
  store::VectorSide source, target;
};
Sides sides_of(scoring::FieldPair pair);

/// The calibration that counts: the database's newest, else the one shipped for the model, else absent.
std::optional<scoring::Calibration> find_calibration(db::Transaction& tx, std::string_view model,
                                                     scoring::FieldPair pair);

struct NoiseOptions {
  std::size_t pairs = 20'000;  ///< random pairs; all there are where there are fewer
  std::uint64_t seed = 1;
};

/// Fits a calibration to pairs of different profiles drawn at random from the table (of at most 2,000 of them), which
/// rescore does for a model that has none. Absent where fewer than 100 pairs have a cosine. The same table and seed
/// give the same map. `fitted_at` is ISO 8601.
/// **Throws** bad_answer for vectors of different widths. **Cost**: a pass over the ids, some 10 MB of vectors.
/// **Database**: reads only.
std::optional<scoring::Calibration> calibrate_from_noise(db::Transaction& tx, std::string_view model,
                                                         scoring::FieldPair pair, NoiseOptions const& options,
                                                         std::string_view fitted_at);

/// In double. Absent where the cosine means nothing: a vector is missing, zero or not finite. **Throws** bad_answer for
/// different widths, naming the profiles.
std::optional<double> cosine_of(store::ProfileVector const& a, store::ProfileVector const& b);

}  // namespace jvmm::commands
