#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "commands/batch_options.hpp"
#include "commands/run_context.hpp"
#include "inference/prices.hpp"

namespace jvmm::commands {

/// What is taken for granted where nothing was counted. The report prints all of it.
struct Assumptions {
  double texts_per_profile = 4;   ///< the plan's
  double tokens_per_text = 23.3;  ///< the mean of the fixture's 10,200 texts, with control tokens
  std::uint64_t texts_per_request = 32;
  std::uint64_t requests_at_once = 4;  ///< of a service; a model in the process has the machine's cores already
  double round_trip_seconds = 0.1;     ///< of a request, beside the service's own work
  unsigned changed_percent = 10;       ///< of the profiles, enriched again each month
  unsigned niche_labels = 25, offer_labels = 17;  ///< the shipped lists

  /// **Throws** usage for what is out of range.
  void validate() const;
};

/// What embeds, as price tables name it.
struct Served {
  std::string backend, model;
};

/// The work of one run, and its price.
struct WorkCount {
  Served served;
  bool counted = false;            ///< in the database; else assumed
  std::uint64_t profiles = 0;      ///< with something to do
  std::uint64_t texts = 0;         ///< of them, to be embedded
  std::uint64_t unique_texts = 0;  ///< of these, each counted once
  std::uint64_t cached = 0;        ///< of the unique ones, whose answer is at hand
  std::uint64_t requests = 0;      ///< for the rest: unique_texts - cached
  std::uint64_t tokens = 0;        ///< of the rest
  inference::Metered metered;      ///< what a service will meter for the rest
  inference::PicoUsd cost = 0;
  bool priced = false;                        ///< false: no price is known, cost is 0
  std::optional<double> seconds;              ///< from start to end; absent where the table does not know
  std::optional<std::uint64_t> rate_limited;  ///< answers that asked to slow down, in recent runs; absent: not known
};

/// Fills requests, metered, cost, priced and seconds from the texts and tokens that are left to ask.
void price_work(WorkCount& work, inference::PriceTable const& table, Assumptions const& assumptions);

/// So many profiles, all texts new and different.
WorkCount assumed_work(Served const& served, std::uint64_t profiles, inference::PriceTable const& table,
                       Assumptions const& assumptions);

/// What serves `embed` as it is configured.
Served configured_embedder(RunContext const& context);

/// What 'jvmm backfill-embeddings' with the same options would do now, counted in the batches and requests of that run,
/// at the prices of the setting. Nothing is computed; of a service its limits are asked.
/// **Database**: a pass over the candidates, as --dry-run. **Throws** as that.
WorkCount count_work(RunContext& context, BatchOptions const& options, inference::PriceTable const& table,
                     Assumptions const& assumptions);

}  // namespace jvmm::commands
