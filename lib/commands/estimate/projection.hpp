#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "commands/estimate/money.hpp"
#include "commands/estimate/work_count.hpp"
#include "inference/prices.hpp"
#include "inference/task.hpp"

namespace jvmm::commands {

/// Extraction by a large model, dollars a profile, as the plan has it.
inline constexpr PicoUsd k_large_model_low = 30'000'000'000, k_large_model_high = 60'000'000'000;

/// One sort of call that the plan makes for each profile.
struct Operation {
  std::string_view name;
  inference::Task task = inference::Task::embed;
  std::string model;
  unsigned calls = 1;
  unsigned labels = 1;          ///< what a zero-shot call is made for
  std::optional<PicoUsd> cost;  ///< of all calls for a profile; absent: not priced
};

/// The plan's enrichment of a profile: four vectors, niche, offer types, credentials. `preset`: whose models.
struct Enrichment {
  std::string preset, prices;
  std::vector<Operation> operations;
  std::optional<PicoUsd> per_profile;  ///< absent where one is not priced

  std::uint64_t calls() const;
};

Enrichment price_enrichment(std::string_view preset, inference::PriceTable const& table,
                            Assumptions const& assumptions);

/// What a number of profiles costs: once, each month, in a year of months.
struct Scale {
  std::uint64_t profiles = 0;
  PicoUsd backfill = 0, month = 0, year = 0;
  PicoUsd large_model_low = 0, large_model_high = 0;
  std::optional<double> seconds;  ///< of the backfill, where that is known
};

/// The plan rounds a month to cents before it takes twelve of them.
enum class Months { exact, in_cents };

Scale enrichment_scale(std::uint64_t profiles, PicoUsd per_profile, unsigned changed_percent, Months months);

/// Of the embeddings as configured, all texts new; nothing where no price is known.
std::vector<Scale> embedding_scales(WorkCount const& work, inference::PriceTable const& table,
                                    Assumptions const& assumptions);

/// The sizes of the plan's table, and those of ours: its round ones and how many profiles there are.
inline constexpr std::array<std::uint64_t, 3> k_plan_sizes{3'143, 10'000, 100'000};
std::vector<std::uint64_t> scale_sizes(std::uint64_t profiles);

/// From how many profiles a month one's own machine is cheaper than a hosted price. Absent: never, or not known.
struct BreakEven {
  std::string hosted;  ///< whose price
  PicoUsd per_profile = 0;
  std::optional<std::uint64_t> flat;       ///< the instance's flat price a month
  std::optional<std::uint64_t> always_on;  ///< its hours, all of them
  std::optional<std::uint64_t> on_demand;  ///< the hours it works, and its starts
};

/// The plan's enrichment on a machine that is paid by the hour.
struct SelfHosting {
  inference::Instance instance;
  std::optional<double> seconds_per_profile;  ///< absent where its speed is not known
  std::optional<PicoUsd> per_profile;         ///< of the hours it works
  std::optional<double> capacity;             ///< profiles a month
  PicoUsd always_on_month = 0, starts_month = 0;
  std::vector<BreakEven> break_evens;
};

inline constexpr double k_hours_a_month = 730;
inline constexpr unsigned k_starts_a_month = 30, k_start_minutes = 5;

SelfHosting self_hosting(inference::Instance const& instance, std::vector<BreakEven> hosted);

/// What the choice depends on besides money.
struct Circumstances {
  std::uint64_t profiles_per_month = 0;
  bool have_gpu = false;
  std::optional<double> latency_ms = std::nullopt;  ///< that is needed for one call
  bool rate_limited = false;
  std::uint64_t recent_rate_limits = 0;  ///< answers that asked to slow down
  bool usage_known = false;              ///< recent usage was looked at
};

enum class Holds { yes, no, unknown };
std::string_view name(Holds holds);

/// One of the plan's reasons to host oneself; any that holds is enough.
struct Trigger {
  std::string_view name;
  Holds holds = Holds::unknown;
  std::string reason;
};

std::array<Trigger, 4> triggers(Circumstances const& circumstances, inference::PriceTable const& table,
                                std::uint64_t calls_per_profile);

}  // namespace jvmm::commands
