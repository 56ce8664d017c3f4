#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "db/connection.hpp"
#include "json/writer.hpp"
#include "log/logger.hpp"

namespace jvmm::commands {

inline constexpr int k_pressure_days = 30;  ///< of profiles.recommendation_pressure_30d

/// How often profiles were recommended in a window.
struct PressureReport {
  int days = k_pressure_days;
  std::int64_t profiles = 0, recommendations = 0;
  std::array<std::int64_t, 5> buckets{};  ///< profiles recommended 0, 1 to 5, 6 to 15, 16 to 30, more times
  std::optional<double> gini;             ///< 0 even … 1 all on one; absent where nothing was recommended
  std::int64_t changes = 0;               ///< profiles that held another number
  bool written = false;
};

/// Counts recommendations of the `days` before `now`, warns where few profiles get most, and where `write`, sets
/// recommendation_pressure_30d and pressure_updated_at of the profiles that hold another number.
/// REQUIRES: days is 30 to write. **Throws** configuration where the table or a column is missing.
/// **Database**: one SELECT and one UPDATE over profiles.
PressureReport update_pressure(db::Connection& connection, log::Logger& log, SystemTime now, int days, bool write);

void write_json(json::Writer& out, PressureReport const& report);
std::string pressure_text(PressureReport const& report);

}  // namespace jvmm::commands
