#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "commands/batch_options.hpp"
#include "commands/estimate/projection.hpp"
#include "commands/estimate/work_count.hpp"
#include "commands/service_stages.hpp"

namespace jvmm::commands {

struct EstimateOptions {
  BatchOptions batch;                     ///< which rows to count
  std::optional<std::uint64_t> profiles;  ///< count nothing, take so many
  Assumptions assumptions;
  std::string instance = "plan-gpu";  ///< the machine to compare with
  std::optional<std::uint64_t> profiles_per_month;
  bool have_gpu = false;
  bool rate_limited = false;
  std::optional<double> latency_ms;

  /// **Throws** usage.
  void validate() const;
};

/// An enrichment at some prices, and what it comes to.
struct PricedEnrichment {
  Enrichment enrichment;
  std::vector<Scale> scales;  ///< none where something is not priced
};

/// All that is printed.
struct Estimate {
  inference::PriceTable table;
  Assumptions assumptions;
  WorkCount work;
  std::vector<Scale> embeddings;             ///< none where no price is known
  std::vector<PricedEnrichment> enrichment;  ///< MiniLM, bge-large: at the plan's prices, then at the table's
  SelfHosting own;
  std::uint64_t profiles_per_month = 0;
  std::array<Trigger, 4> triggers;
  std::uint64_t all_profiles = 0;            ///< that the stages below are for
  std::vector<ServiceStage> classification;  ///< stages of cascades that ask services
  std::optional<WorkCount> audience;         ///< of cluster-personas, beside the above; absent: not counted

  /// One trigger is enough.
  bool self_host() const;
};

/// What follows from the work. Pure arithmetic.
Estimate make_estimate(WorkCount work, inference::PriceTable table, EstimateOptions const& options);

/// Counts and reports. Returns the exit code.
/// **Database**: reads profiles by keyset pages; nothing at all with `profiles`.
int estimate(RunContext& context, EstimateOptions const& options);

}  // namespace jvmm::commands
