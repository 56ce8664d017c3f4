#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "commands/calibrate/calibrate.hpp"
#include "commands/calibrate/pairs.hpp"
#include "db/transaction.hpp"

namespace jvmm::commands {

/// A calibration that was fitted, and what of the input was of no use for it.
struct Fitted {
  scoring::Calibration calibration;
  std::size_t left_out = 0;             ///< judged pairs without a cosine: a side has no vector, or a zero one
  std::optional<std::int64_t> version;  ///< once it is stored
};

/// Fits each field pair asked for; one that a column field_pair of the file never names is left out. `judged` is absent
/// for a fit to random pairs.
/// **Throws** bad_input for profiles that are not there (named with their lines) and too few pairs.
std::vector<Fitted> fit_all(db::Transaction& tx, CalibrateOptions const& options, std::string const& model,
                            std::optional<std::vector<JudgedPair>> const& judged, std::string const& fitted_at);

}  // namespace jvmm::commands
