#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "classify/task.hpp"
#include "commands/run_context.hpp"
#include "db/transaction.hpp"
#include "inference/prices.hpp"

namespace jvmm::commands {

/// A stage of a cascade that asks a service, and what it comes to for a number of profiles.
struct ServiceStage {
  std::string task = {};                 ///< "niche", "offer_types", "content_style" or "credentials"
  std::string stage = {};                ///< "nli", "ner" or "chat"
  std::string backend = {}, model = {};  ///< asked first
  std::uint64_t labels = 0;              ///< of nli: one pass each
  double share = 1;                      ///< of the profiles, those that come so far
  bool measured = false;                 ///< the share is that of the last run; else assumed
  std::uint64_t profiles = 0;            ///< that come so far
  std::optional<inference::PicoUsd> each = {}, cost = {},
                                    cost_of_all = {};  ///< of a profile, of those, if all were sent on
};

/// How many of those that a stage of a cascade was asked came so far, by its name.
using StageShares = std::map<std::string, double>;

/// Shares as the last run of the task had them that was done with; empty if there was none.
StageShares last_shares(db::Transaction& tx, classify::Task task);
StageShares last_credential_shares(db::Transaction& tx);

/// The stages of the task's cascade that ask services, for so many profiles. `text_bytes`: the mean of a profile's
/// texts. A share that is not known is a quarter of those before.
/// **Throws** as cascade_stages and cascade_route.
std::vector<ServiceStage> service_stages(config::Settings const& settings, classify::Task task, std::uint64_t profiles,
                                         double text_bytes, inference::PriceTable const& table,
                                         StageShares const& shares);

/// The same of extracting credentials. NER is asked about all that have a text.
std::vector<ServiceStage> credential_service_stages(config::Settings const& settings, std::uint64_t profiles,
                                                    double text_bytes, inference::PriceTable const& table,
                                                    StageShares const& shares);

/// Lines of a table, or nothing.
std::string service_stages_text(std::vector<ServiceStage> const& stages);

/// A JSON array.
std::string service_stages_json(std::vector<ServiceStage> const& stages);

}  // namespace jvmm::commands
