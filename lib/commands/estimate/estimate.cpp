#include "commands/estimate/estimate.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "commands/estimate/report.hpp"
#include "db/sql.hpp"

namespace jvmm::commands {
namespace {

constexpr std::uint64_t k_most_profiles = 1'000'000'000;
constexpr std::string_view k_plan_prices = "strategy-2026-02";
constexpr std::array<std::string_view, 2> k_plan_presets{"strategy-minilm", "strategy"};

PricedEnrichment priced(std::string_view preset, inference::PriceTable const& table, Assumptions const& assumptions,
                        std::span<std::uint64_t const> sizes, Months months) {
  PricedEnrichment out{price_enrichment(preset, table, assumptions), {}};
  if (auto const per_profile = out.enrichment.per_profile)
    for (auto const profiles : sizes)
      out.scales.push_back(enrichment_scale(profiles, *per_profile, assumptions.changed_percent, months));
  return out;
}

std::vector<PricedEnrichment> priced_enrichments(inference::PriceTable const& table, std::uint64_t profiles,
                                                 Assumptions const& assumptions) {
  std::vector<PricedEnrichment> out;
  auto const plan = inference::open_price_table(std::string(k_plan_prices));
  for (auto const preset : k_plan_presets)
    out.push_back(priced(preset, plan, assumptions, k_plan_sizes, Months::in_cents));
  if (table.name == k_plan_prices) return out;
  for (auto const preset : k_plan_presets)
    out.push_back(priced(preset, table, assumptions, scale_sizes(profiles), Months::exact));
  return out;
}

SelfHosting compared(inference::Instance const& instance, std::vector<PricedEnrichment> const& enrichments) {
  std::vector<BreakEven> hosted;
  for (auto const& [enrichment, scales] : enrichments)
    if (enrichment.per_profile)
      hosted.push_back({enrichment.preset + " at " + enrichment.prices, *enrichment.per_profile, {}, {}, {}});
  return self_hosting(instance, std::move(hosted));
}

/// Bytes of what a task reads of a profile, at four a token.
double text_bytes(classify::Task task, Assumptions const& assumptions) {
  auto const texts = task == classify::Task::niche ? 4 : task == classify::Task::offer_types ? 1 : 2;
  return 4 * texts * assumptions.tokens_per_text;
}

/// What the stages of the configured cascades that ask services would cost for all profiles. Credentials: two texts.
void add_classification(Estimate& out, RunContext& context, EstimateOptions const& options) {
  std::optional<db::Connection> connection;
  std::optional<db::ReadTx> tx;
  if (!options.profiles) {
    connection.emplace(stage::with_purpose(context.database("estimate"), "count"));
    tx.emplace(*connection);
  }
  out.all_profiles =
      options.profiles
          ? *options.profiles
          : static_cast<std::uint64_t>(tx->exec(db::sql::classify_count_profiles).one().get<std::int64_t>("profiles"));
  for (auto const task : classify::k_tasks)
    for (auto& stage : service_stages(context.settings, task, out.all_profiles, text_bytes(task, options.assumptions),
                                      out.table, tx ? last_shares(*tx, task) : StageShares()))
      out.classification.push_back(std::move(stage));
  for (auto& stage :
       credential_service_stages(context.settings, out.all_profiles, 8 * options.assumptions.tokens_per_text, out.table,
                                 tx ? last_credential_shares(*tx) : StageShares()))
    out.classification.push_back(std::move(stage));
}

/// Audience embeddings, beside the vectors that the work already counts. Four bytes are a token.
void add_audience(Estimate& out, RunContext& context, EstimateOptions const& options) {
  if (options.profiles) return;
  db::Connection connection(stage::with_purpose(context.database("estimate"), "count"));
  db::ReadTx tx(connection);
  WorkCount work;
  work.served = out.work.served;
  work.counted = true;
  auto const rows = tx.exec(db::sql::audience_pending, db::Params().add(work.served.model));
  auto const row = rows.one();
  work.profiles = static_cast<std::uint64_t>(row.get<std::int64_t>("profiles"));
  work.texts = work.unique_texts = static_cast<std::uint64_t>(row.get<std::int64_t>("texts"));
  work.tokens = static_cast<std::uint64_t>(row.get<std::int64_t>("bytes") + 3) / 4;
  price_work(work, out.table, options.assumptions);
  out.audience = std::move(work);
}

}  // namespace

void EstimateOptions::validate() const {
  batch.validate();
  assumptions.validate();
  if (profiles && (*profiles == 0 || *profiles > k_most_profiles))
    throw Error(Kind::usage, "--profiles takes 1 to 1000000000");
  if (profiles_per_month && *profiles_per_month > k_most_profiles)
    throw Error(Kind::usage, "--profiles-per-month takes at most 1000000000");
  bool const selects = !batch.profile_ids.empty() || batch.since || batch.stale_days || batch.force ||
                       batch.shard != BatchOptions().shard;
  if (profiles && selects)
    throw Error(Kind::usage, "--profiles counts nothing in the database, so options that choose rows have no meaning");
  if (latency_ms && !(*latency_ms > 0)) throw Error(Kind::usage, "--latency-ms takes milliseconds above 0");
}

bool Estimate::self_host() const {
  return std::any_of(triggers.begin(), triggers.end(), [](auto const& one) { return one.holds == Holds::yes; });
}

Estimate make_estimate(WorkCount work, inference::PriceTable table, EstimateOptions const& options) {
  Estimate out;
  out.assumptions = options.assumptions;
  out.embeddings = embedding_scales(work, table, options.assumptions);
  out.enrichment = priced_enrichments(table, work.profiles, options.assumptions);
  out.own = compared(inference::find_instance(table, options.instance), out.enrichment);
  out.profiles_per_month =
      options.profiles_per_month.value_or((work.profiles * options.assumptions.changed_percent + 99) / 100);
  out.triggers = triggers({.profiles_per_month = out.profiles_per_month,
                           .have_gpu = options.have_gpu,
                           .latency_ms = options.latency_ms,
                           .rate_limited = options.rate_limited,
                           .recent_rate_limits = work.rate_limited.value_or(0),
                           .usage_known = work.rate_limited.has_value()},
                          table, out.enrichment.front().enrichment.calls());
  out.work = std::move(work);
  out.table = std::move(table);
  return out;
}

int estimate(RunContext& context, EstimateOptions const& options) {
  options.validate();
  auto table = inference::open_price_table(context.settings.text("prices"));
  (void)inference::find_instance(table, options.instance);  // before the work of counting
  auto work = options.profiles
                  ? assumed_work(configured_embedder(context), *options.profiles, table, options.assumptions)
                  : count_work(context, options.batch, table, options.assumptions);
  auto result = make_estimate(std::move(work), std::move(table), options);
  add_classification(result, context, options);
  add_audience(result, context, options);
  context.print(context.format() == OutputFormat::json ? estimate_json(result) : estimate_text(result));
  return 0;
}

}  // namespace jvmm::commands
