#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "scoring/calibration.hpp"

namespace jvmm::commands {

/// A row of the file of judged pairs. In offering_seeking, `a` seeks what `b` offers.
struct JudgedPair {
  ProfileId a, b;
  double label = 0;                              ///< 0..1
  std::optional<scoring::FieldPair> field_pair;  ///< absent where the file has no such column: for any
  std::size_t line = 0;                          ///< where its row begins, from 1
};

/// Reads CSV (RFC 4180) with a header: id_a, id_b, label and, if wanted, field_pair, in any order; other columns are
/// refused. Labels are 0 or 1, or anything between; where one is above 1 all are 0..10.
/// **Throws** bad_input, naming `source` and line.
std::vector<JudgedPair> parse_pairs(std::string_view csv, std::string_view source);

/// **Throws** missing_input, local_io and as above.
std::vector<JudgedPair> read_pairs(std::filesystem::path const& file);

}  // namespace jvmm::commands
