#include <fmt/format.h>

#include <tuple>

#include "commands/estimate/report.hpp"
#include "log/text_table.hpp"

namespace jvmm::commands {
namespace {

using log::Align;
using log::TextTable;

std::string duration(std::optional<double> seconds) {
  if (!seconds) return "not known";
  if (*seconds < 120) return fmt::format("{:.0f} s", *seconds);
  if (*seconds < 2 * 3600) return fmt::format("{:.0f} min", *seconds / 60);
  return fmt::format("{:.1f} h", *seconds / 3600);
}

std::string count_or_never(std::optional<std::uint64_t> count) {
  return count ? std::to_string(*count) : "-";
}

std::string work_table(WorkCount const& work) {
  TextTable table({{work.counted ? "this run" : "such a run"}, {"", Align::right}});
  table.add({"profiles", std::to_string(work.profiles)});
  table.add({"texts", std::to_string(work.texts)});
  table.add({"of them different", std::to_string(work.unique_texts)});
  table.add({"of these at hand", std::to_string(work.cached)});
  table.add({"requests", std::to_string(work.requests)});
  table.add({"tokens", std::to_string(work.tokens)});
  table.add({"money", work.priced ? dollars(work.cost) : "no price is known"});
  if (work.priced && work.profiles > 0) table.add({"money a profile", unit_dollars(divided(work.cost, work.profiles))});
  table.add({"time", duration(work.seconds)});
  return table.text();
}

std::string embeddings_table(Estimate const& estimate) {
  if (estimate.embeddings.empty()) return {};
  TextTable table({{"profiles", Align::right},
                   {"backfill", Align::right},
                   {fmt::format("{}% a month", estimate.assumptions.changed_percent), Align::right},
                   {"a year", Align::right},
                   {"backfill takes", Align::right}});
  for (auto const& scale : estimate.embeddings)
    table.add({std::to_string(scale.profiles), dollars(scale.backfill), dollars(scale.month), dollars(scale.year),
               duration(scale.seconds)});
  return "\nThe same embeddings for more, all texts new:\n\n" + table.text();
}

std::string priced_or_not(std::optional<PicoUsd> cost) {
  return cost ? unit_dollars(*cost) : "not priced";
}

/// Each preset has a row for its vectors and one for its total; the other calls are the same.
std::string operations_table(std::vector<PricedEnrichment> const& all) {
  auto const& plan = all.front().enrichment;
  bool const both = all.size() > 2;
  std::vector<TextTable::Column> columns{
      {"operation"}, {"model"}, {"calls", Align::right}, {plan.prices, Align::right}};
  if (both) columns.push_back({log::one_line(all[2].enrichment.prices), Align::right});
  TextTable table(columns);
  auto const add = [&](std::string const& operation, std::string const& model, std::string const& calls,
                       std::size_t preset, auto const& cost) {
    std::vector<std::string> cells{operation, model, calls, priced_or_not(cost(all[preset].enrichment))};
    if (both) cells.push_back(priced_or_not(cost(all[preset + 2].enrichment)));
    table.add(std::move(cells));
  };
  auto const add_operation = [&](std::size_t preset, std::size_t at) {
    auto const& operation = all[preset].enrichment.operations[at];
    add(std::string(operation.name), operation.model, std::to_string(operation.calls), preset,
        [at](Enrichment const& one) { return one.operations[at].cost; });
  };
  add_operation(0, 0);
  add_operation(1, 0);
  for (std::size_t at = 1; at < plan.operations.size(); ++at)
    add_operation(0, at);
  for (std::size_t preset : {0, 1})
    add("total", "preset " + all[preset].enrichment.preset, std::to_string(plan.calls()), preset,
        [](Enrichment const& one) { return one.per_profile; });
  return "\nThe plan's enrichment of one profile, dollars:\n\n" + table.text();
}

std::string enrichment_table(Estimate const& estimate) {
  TextTable table({{"profiles", Align::right},
                   {"preset"},
                   {"prices"},
                   {"backfill", Align::right},
                   {fmt::format("{}% a month", estimate.assumptions.changed_percent), Align::right},
                   {"a year", Align::right},
                   {"by a large model", Align::right}});
  for (auto const& [enrichment, scales] : estimate.enrichment)
    for (auto const& scale : scales)
      table.add({std::to_string(scale.profiles), enrichment.preset, enrichment.prices, dollars(scale.backfill),
                 dollars(scale.month), dollars(scale.year),
                 dollars(scale.large_model_low) + " to " + dollars(scale.large_model_high)});
  return "\nThe same for more:\n\n" + table.text();
}

std::string own_table(SelfHosting const& own) {
  auto text = fmt::format("\nA machine of one's own: {}, {} an hour ({}, {}).\n", own.instance.name,
                          dollars(own.instance.per_hour), log::one_line(own.instance.source), own.instance.date);
  if (own.seconds_per_profile)
    text += fmt::format("{:.3g} s a profile: {} while it works, {:.0f} profiles a month at most.\n",
                        *own.seconds_per_profile, unit_dollars(*own.per_profile), *own.capacity);
  else
    text += "How quick it is, is not known: a price table of one's own can say.\n";
  auto const flat =
      own.instance.per_month ? fmt::format("{} a month flat", dollars(*own.instance.per_month)) : "no flat price";
  TextTable table({{"cheaper than"},
                   {"a profile", Align::right},
                   {"from profiles a month: " + flat, Align::right},
                   {"always on, " + dollars(own.always_on_month), Align::right},
                   {"while it works, and " + dollars(own.starts_month) + " of starts", Align::right}});
  for (auto const& one : own.break_evens)
    table.add({one.hosted, unit_dollars(one.per_profile), count_or_never(one.flat), count_or_never(one.always_on),
               count_or_never(one.on_demand)});
  return text + "\n" + table.text();
}

std::string trigger_table(Estimate const& estimate) {
  TextTable table({{"reason to host oneself"}, {"holds"}, {"because", Align::left, 90}});
  for (auto const& one : estimate.triggers)
    table.add({std::string(one.name), std::string(name(one.holds)), one.reason});
  return "\n" + table.text() +
         (estimate.self_host() ? "One that holds is enough: host it yourself.\n"
                               : "None holds: stay hosted or local.\n");
}

std::string assumptions_text(Assumptions const& taken) {
  return fmt::format(
      "\nTaken for granted: {} texts a profile, {} tokens a text, {} texts a request (where nothing is counted),\n"
      "{} requests at once with a round trip of {} s, {} niches and {} offer types as labels, {:.0f} hours a "
      "month, {} starts of {} minutes.\n",
      taken.texts_per_profile, taken.tokens_per_text, taken.texts_per_request, taken.requests_at_once,
      taken.round_trip_seconds, taken.niche_labels, taken.offer_labels, k_hours_a_month, k_starts_a_month,
      k_start_minutes);
}

std::string allowance_lines(inference::PriceTable const& table) {
  std::string text;
  for (auto const& one : table.allowances) {
    text += fmt::format("  account {}: {} a month", log::one_line(one.name), dollars(one.per_month));
    if (one.credit_per_month > 0) text += fmt::format(", {} of credit in it", dollars(one.credit_per_month));
    if (one.requests_per_day) text += fmt::format(", {} requests a day", *one.requests_per_day);
    if (!one.note.empty()) text += fmt::format(" ({})", log::one_line(one.note));
    text += "\n";
  }
  return text;
}

}  // namespace

std::string estimate_text(Estimate const& estimate) {
  auto const& [served, table] = std::tie(estimate.work.served, estimate.table);
  auto text = fmt::format("Embeddings by {}:{}; prices {} of {}.\n{}\n{}\n", served.backend,
                          log::one_line(served.model), log::one_line(table.name), log::one_line(table.date),
                          log::one_line(table.source), allowance_lines(table));
  text += work_table(estimate.work);
  text += embeddings_table(estimate);
  text += operations_table(estimate.enrichment);
  text += enrichment_table(estimate);
  if (!estimate.classification.empty())
    text += fmt::format("\nStages of classification and extraction that ask services, for {} profiles:\n\n",
                        estimate.all_profiles) +
            service_stages_text(estimate.classification);
  if (auto const& work = estimate.audience)
    text +=
        fmt::format("\nAudience embeddings of 'jvmm cluster-personas': {} profiles, {} texts beside the above, {}.\n",
                    work->profiles, work->unique_texts, work->priced ? dollars(work->cost) : "price unknown");
  text += own_table(estimate.own);
  text += trigger_table(estimate);
  return text + assumptions_text(estimate.assumptions);
}

}  // namespace jvmm::commands
