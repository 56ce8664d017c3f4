#include "commands/estimate/projection.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "inference/presets.hpp"

namespace jvmm::commands {
namespace {

using inference::Task;

constexpr std::uint64_t k_many_profiles_a_month = 50'000;
constexpr double k_quick_ms = 10;
constexpr unsigned k_days_a_month = 30;

/// The model that a preset asks first, without its backend.
std::string first_model(std::string_view preset, std::string_view route) {
  auto const backends = inference::find_preset(preset).route(route);
  if (backends.empty()) return {};
  auto const& spec = backends.front().spec;
  return spec.substr(spec.find(':') + 1);
}

std::optional<PicoUsd> operation_cost(Operation const& operation, inference::PriceTable const& table,
                                      Assumptions const& assumptions) {
  auto const price = table.find("hf", operation.model, operation.task);
  if (!price) return std::nullopt;
  auto const passes = static_cast<double>(operation.calls) * operation.labels;
  inference::Metered metered{.requests = operation.calls, .inputs = operation.calls};
  metered.input_tokens = static_cast<std::uint64_t>(std::llround(passes * assumptions.tokens_per_text));
  metered.compute_microseconds = static_cast<std::uint64_t>(std::llround(passes * price->seconds_per_input * 1e6));
  return price->cost(metered);
}

Scale make_scale(std::uint64_t profiles, PicoUsd backfill, unsigned changed_percent, Months months) {
  auto month = percent_of(backfill, changed_percent);
  if (months == Months::in_cents) month = to_cents(month);
  return {profiles,
          backfill,
          month,
          times(month, 12),
          times(k_large_model_low, profiles),
          times(k_large_model_high, profiles),
          {}};
}

std::optional<double> seconds_per_profile(inference::Instance const& instance) {
  if (instance.embed_seconds <= 0 || instance.zero_shot_seconds <= 0 || instance.ner_seconds <= 0) return std::nullopt;
  return 4 * instance.embed_seconds + 2 * instance.zero_shot_seconds + instance.ner_seconds;
}

void complete(BreakEven& out, SelfHosting const& own) {
  if (out.per_profile <= 0) return;
  if (own.instance.per_month) out.flat = ceil_ratio(*own.instance.per_month, out.per_profile);
  out.always_on = ceil_ratio(own.always_on_month, out.per_profile);
  if (own.per_profile && out.per_profile > *own.per_profile)
    out.on_demand = ceil_ratio(own.starts_month, out.per_profile - *own.per_profile);
}

Trigger volume(Circumstances const& now) {
  return {"over 50,000 profiles a month", now.profiles_per_month > k_many_profiles_a_month ? Holds::yes : Holds::no,
          fmt::format("{} a month", now.profiles_per_month)};
}

Trigger gpu(Circumstances const& now) {
  if (now.have_gpu) return {"a GPU is there anyway", Holds::yes, "--have-gpu"};
  return {"a GPU is there anyway", Holds::no, "--have-gpu was not given"};
}

Trigger latency(Circumstances const& now) {
  if (!now.latency_ms) return {"under 10 ms needed", Holds::no, "no --latency-ms was given; results are stored"};
  return {"under 10 ms needed", *now.latency_ms < k_quick_ms ? Holds::yes : Holds::no,
          fmt::format("{} ms needed", *now.latency_ms)};
}

/// The account of a table that allows most requests a day, if it has such.
inference::PriceTable::Allowance const* widest(inference::PriceTable const& table) {
  inference::PriceTable::Allowance const* found = nullptr;
  for (auto const& allowance : table.allowances)
    if (allowance.requests_per_day && (!found || *found->requests_per_day < *allowance.requests_per_day))
      found = &allowance;
  return found;
}

Trigger limits(Circumstances const& now, inference::PriceTable const& table, std::uint64_t calls_per_profile) {
  constexpr auto k_name = "rate limits bite";
  if (now.rate_limited) return {k_name, Holds::yes, "--rate-limited"};
  if (now.recent_rate_limits > 0)
    return {k_name, Holds::yes, fmt::format("{} answers asked to slow down in recent runs", now.recent_rate_limits)};
  if (auto const* const account = widest(table)) {
    auto const daily = static_cast<std::uint64_t>(std::ceil(static_cast<double>(now.profiles_per_month) *
                                                            static_cast<double>(calls_per_profile) / k_days_a_month));
    return {k_name, daily > *account->requests_per_day ? Holds::yes : Holds::no,
            fmt::format("{} calls a day, {} allows {}", daily, account->name, *account->requests_per_day)};
  }
  if (now.usage_known) return {k_name, Holds::no, "no answer asked to slow down in recent runs"};
  return {k_name, Holds::unknown, "no limit is published; say --rate-limited where one is met"};
}

}  // namespace

std::uint64_t Enrichment::calls() const {
  std::uint64_t sum = 0;
  for (auto const& operation : operations)
    sum += operation.calls;
  return sum;
}

Enrichment price_enrichment(std::string_view preset, inference::PriceTable const& table,
                            Assumptions const& assumptions) {
  Enrichment out{std::string(preset), table.name, {}, PicoUsd{0}};
  out.operations = {
      {"embeddings", Task::embed, first_model(preset, "embed"), 4, 1, {}},
      {"niche", Task::zero_shot, first_model(preset, "zero_shot"), 1, assumptions.niche_labels, {}},
      {"offer types", Task::zero_shot, first_model(preset, "zero_shot_offers"), 1, assumptions.offer_labels, {}},
      {"credentials", Task::ner, first_model(preset, "ner"), 1, 1, {}}};
  for (auto& operation : out.operations) {
    operation.cost = operation_cost(operation, table, assumptions);
    out.per_profile =
        out.per_profile && operation.cost ? std::optional(plus(*out.per_profile, *operation.cost)) : std::nullopt;
  }
  return out;
}

Scale enrichment_scale(std::uint64_t profiles, PicoUsd per_profile, unsigned changed_percent, Months months) {
  return make_scale(profiles, times(per_profile, profiles), changed_percent, months);
}

std::vector<Scale> embedding_scales(WorkCount const& work, inference::PriceTable const& table,
                                    Assumptions const& assumptions) {
  std::vector<Scale> out;
  for (auto const profiles : scale_sizes(work.profiles)) {
    auto const whole = assumed_work(work.served, profiles, table, assumptions);
    if (!whole.priced) break;
    out.push_back(make_scale(profiles, whole.cost, assumptions.changed_percent, Months::exact));
    out.back().seconds = whole.seconds;
  }
  return out;
}

std::vector<std::uint64_t> scale_sizes(std::uint64_t profiles) {
  std::vector<std::uint64_t> sizes{profiles, 10'000, 100'000};
  std::sort(sizes.begin(), sizes.end());
  sizes.erase(std::unique(sizes.begin(), sizes.end()), sizes.end());
  if (sizes.front() == 0) sizes.erase(sizes.begin());
  return sizes;
}

SelfHosting self_hosting(inference::Instance const& instance, std::vector<BreakEven> hosted) {
  SelfHosting out;
  out.instance = instance;
  out.always_on_month = times(instance.per_hour, static_cast<std::uint64_t>(k_hours_a_month));
  out.starts_month = times(instance.per_hour / 60, std::uint64_t{k_starts_a_month} * k_start_minutes);
  out.seconds_per_profile = seconds_per_profile(instance);
  if (auto const seconds = out.seconds_per_profile) {
    auto const microseconds = static_cast<std::uint64_t>(std::llround(*seconds * 1e6));
    // Divided last, so that it is rounded once.
    out.per_profile =
        inference::Price{.per_compute_second = instance.per_hour}.cost({.compute_microseconds = microseconds}) / 3600;
    out.capacity = k_hours_a_month * 3600 / *seconds;
  }
  for (auto& one : hosted) {
    complete(one, out);
    out.break_evens.push_back(std::move(one));
  }
  return out;
}

std::string_view name(Holds holds) {
  switch (holds) {
    case Holds::yes:
      return "yes";
    case Holds::no:
      return "no";
    case Holds::unknown:
      return "unknown";
  }
  return "unknown";
}

std::array<Trigger, 4> triggers(Circumstances const& circumstances, inference::PriceTable const& table,
                                std::uint64_t calls_per_profile) {
  return {volume(circumstances), gpu(circumstances), latency(circumstances),
          limits(circumstances, table, calls_per_profile)};
}

}  // namespace jvmm::commands
