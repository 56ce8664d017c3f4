#pragma once

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/stop_token.hpp"
#include "config/settings.hpp"
#include "db/connection.hpp"
#include "log/logger.hpp"
#include "log/progress.hpp"

namespace jvmm::commands {

enum class OutputFormat { text, json };

/// What was asked of services so far.
struct Spending {
  std::uint64_t requests = 0;
  double cost_usd = 0;
};

/// What every command gets from outside: settings, clock, streams, the stop flag.
struct RunContext {
  config::Settings const& settings;
  log::Logger& log;
  Clock const& clock;
  StopToken& stop;
  std::FILE* out;              ///< stdout: the result and nothing else
  std::string arguments_json;  ///< the flags given, for jvmm.run
  bool quiet = false;          ///< no summary in text form
  bool log_sql = false;

  /// Of a command that runs others: what they may use together.
  std::optional<SteadyTime> deadline = std::nullopt;
  Spending* spending = nullptr;

  OutputFormat format() const;
  log::ProgressMode progress() const;

  /// Options of a connection for `purpose` ("embed"). **Throws** configuration if no URL is set.
  db::ConnectionOptions database(std::string purpose) const;

  /// Where models are looked for: models_dir if it is set, else the user's, the installation's and set-up's.
  std::vector<std::filesystem::path> models_dirs() const;

  /// Whether the hub must not be asked (HF_HUB_OFFLINE).
  bool hub_offline() const;

  /// Where answers of services are kept: cache_file if it is set, else in the user's cache folder. Empty: nowhere.
  std::filesystem::path cache_file() const;

  /// Writes a result to `out`. **Throws** local_io if it cannot be written (a full disk, a closed pipe).
  void print(std::string_view text) const;
};

/// The program's version, "0.1.0".
std::string_view version();

}  // namespace jvmm::commands
