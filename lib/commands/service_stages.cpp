#include "commands/service_stages.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "base/error.hpp"
#include "commands/cascade_settings.hpp"
#include "db/sql.hpp"
#include "inference/backend_spec.hpp"
#include "json/writer.hpp"
#include "log/text_table.hpp"
#include "store/credentials.hpp"

namespace jvmm::commands {
namespace {

using classify::Task;
using inference::PicoUsd;

constexpr double k_assumed_share = 0.25;
constexpr double k_bytes_a_token = 4;
constexpr std::uint64_t k_instruction_tokens = 700, k_reply_tokens = 60;  ///< of a prompt with 25 labels

bool asks_service(std::string_view stage) {
  return stage == "nli" || stage == "ner" || stage == "chat";
}

inference::Task task_of(std::string_view stage) {
  return stage == "chat" ? inference::Task::chat : stage == "ner" ? inference::Task::ner : inference::Task::zero_shot;
}

/// Of one of the cascades: its stages, the route of each, and how many labels NLI has.
struct CascadeShape {
  std::string task;
  std::vector<std::string> stages;
  std::function<std::string(std::string const& stage)> route;
  std::function<std::uint64_t()> labels;
  std::string optional;  ///< a stage that does not change how many come further
};

std::optional<PicoUsd> price_of(ServiceStage const& stage, std::string_view backend, double text_bytes,
                                inference::PriceTable const& table) {
  bool const chat = stage.stage == "chat";
  auto const price = table.find(backend, stage.model, task_of(stage.stage));
  if (!price) return std::nullopt;
  auto const tokens = static_cast<std::uint64_t>(std::llround(text_bytes / k_bytes_a_token));
  inference::Metered metered{.requests = 1, .inputs = 1};
  auto const passes = std::max<std::uint64_t>(stage.labels, 1);
  metered.input_tokens = chat ? k_instruction_tokens + tokens : passes * tokens;
  metered.output_tokens = chat ? k_reply_tokens : 0;
  metered.compute_microseconds =
      static_cast<std::uint64_t>(std::llround(static_cast<double>(passes) * price->seconds_per_input * 1e6));
  return price->cost(metered);
}

std::optional<PicoUsd> times(std::optional<PicoUsd> each, std::uint64_t count) {
  PicoUsd out = 0;
  if (!each || __builtin_mul_overflow(*each, count, &out)) return std::nullopt;
  return out;
}

std::string dollars(std::optional<PicoUsd> cost) {
  return cost ? fmt::format("${:.4f}", static_cast<double>(*cost) / 1e12) : "not priced";
}

void write_cost(json::Writer& out, std::string_view name, std::optional<PicoUsd> cost) {
  out.key(name);
  cost ? out.value(static_cast<double>(*cost) / 1e12) : out.null();
}

StageShares shares_of(db::Transaction& tx, std::string_view stage) {
  StageShares out;
  for (auto const row : tx.exec(db::sql::classify_last_shares, db::Params().add(stage)))
    out.emplace(row.get<std::string>("name"), row.get<double>("share"));
  return out;
}

std::vector<ServiceStage> priced(CascadeShape const& shape, std::uint64_t profiles, double text_bytes,
                                 inference::PriceTable const& table, StageShares const& shares) {
  std::vector<ServiceStage> out;
  double share = 1;
  bool measured = true, first = true;
  for (auto const& name : shape.stages) {
    if (auto const known = shares.find(name); known != shares.end()) {
      share = known->second;
    } else if (!first && name != shape.optional) {
      share *= k_assumed_share;
      measured = false;
    }
    first = false;
    if (!asks_service(name)) continue;
    ServiceStage stage{.task = shape.task, .stage = name, .share = share, .measured = measured};
    auto const spec = inference::parse_route(shape.route(name)).front();
    stage.backend = spec.text();
    stage.model = spec.model;
    if (name == "nli") stage.labels = shape.labels();
    stage.profiles = static_cast<std::uint64_t>(std::ceil(static_cast<double>(profiles) * share));
    stage.each = price_of(stage, stage.backend.substr(0, stage.backend.find(':')), text_bytes, table);
    stage.cost = times(stage.each, stage.profiles);
    stage.cost_of_all = times(stage.each, profiles);
    out.push_back(std::move(stage));
  }
  return out;
}

}  // namespace

StageShares last_shares(db::Transaction& tx, Task task) {
  return shares_of(tx, fmt::format("classify_{}", setting_word(task)));
}

StageShares last_credential_shares(db::Transaction& tx) {
  return shares_of(tx, store::k_credentials_stage);
}

std::vector<ServiceStage> service_stages(config::Settings const& settings, Task task, std::uint64_t profiles,
                                         double text_bytes, inference::PriceTable const& table,
                                         StageShares const& shares) {
  CascadeShape const shape{std::string(classify::name(task)), cascade_stages(settings, task),
                           [&](std::string const& stage) { return cascade_route(settings, task, stage); },
                           [&] { return configured_taxonomy(settings, task).labels.size(); },
                           "head"};  // which may not be there
  return priced(shape, profiles, text_bytes, table, shares);
}

std::vector<ServiceStage> credential_service_stages(config::Settings const& settings, std::uint64_t profiles,
                                                    double text_bytes, inference::PriceTable const& table,
                                                    StageShares const& shares) {
  CascadeShape const shape{"credentials", credential_stages(settings),
                           [&](std::string const& stage) { return credential_route(settings, stage); },
                           [] { return std::uint64_t{0}; }, "ner"};
  return priced(shape, profiles, text_bytes, table, shares);
}

std::string service_stages_text(std::vector<ServiceStage> const& stages) {
  if (stages.empty()) return "";
  using log::Align;
  log::TextTable table({{"task"},
                        {"stage"},
                        {"asked first", Align::left, 60},
                        {"share"},
                        {"profiles", Align::right},
                        {"money", Align::right},
                        {"if all were sent on", Align::right}});
  for (auto const& one : stages)
    table.add({one.task, one.stage, one.backend,
               fmt::format("{:.1f}% {}", 100 * one.share, one.measured ? "as in the last run" : "assumed"),
               std::to_string(one.profiles), dollars(one.cost), dollars(one.cost_of_all)});
  return table.text();
}

std::string service_stages_json(std::vector<ServiceStage> const& stages) {
  json::Writer out;
  out.begin_array();
  for (auto const& one : stages) {
    out.begin_object().member("task", one.task).member("stage", one.stage);
    out.member("backend", one.backend).member("model", one.model).member("labels", one.labels);
    out.member("share", one.share).member("measured", one.measured).member("profiles", one.profiles);
    write_cost(out, "cost_usd", one.cost);
    write_cost(out, "cost_of_all_usd", one.cost_of_all);
    out.end_object();
  }
  out.end_array();
  return std::move(out).take();
}

}  // namespace jvmm::commands
