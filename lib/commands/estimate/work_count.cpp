#include "commands/estimate/work_count.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <span>
#include <string_view>

#include "base/error.hpp"
#include "commands/services.hpp"
#include "inference/backend_spec.hpp"
#include "inference/embedding_estimate.hpp"
#include "stage/id_pages.hpp"
#include "stage/retry.hpp"
#include "store/embedding_columns.hpp"
#include "store/migrations.hpp"
#include "store/profile_embeddings.hpp"

namespace jvmm::commands {
namespace {

void check_range(double value, double least, double most, std::string_view what) {
  if (!(value >= least && value <= most))
    throw Error(Kind::usage, fmt::format("{} is {}, expected {} to {}", what, value, least, most));
}

std::uint64_t rounded(double number) {
  return number >= 9e18 ? std::uint64_t{9'000'000'000'000'000'000} : static_cast<std::uint64_t>(std::llround(number));
}

std::uint64_t divided_up(std::uint64_t whole, std::uint64_t part) {
  return whole / part + (whole % part > 0 ? 1 : 0);
}

bool is_service(Served const& served) {
  return served.backend != "local" && served.backend != "rules";
}

/// From start to end: the service's own work, and waiting for it.
std::optional<double> run_seconds(WorkCount const& work, std::optional<inference::Price> const& price,
                                  Assumptions const& assumptions) {
  if (work.metered.inputs == 0) return 0.0;
  if (!price || price->seconds_per_input <= 0) return std::nullopt;
  auto const busy = static_cast<double>(work.metered.inputs) * price->seconds_per_input;
  if (!is_service(work.served)) return busy;
  auto const waiting = static_cast<double>(work.requests) * assumptions.round_trip_seconds;
  return (busy + waiting) / static_cast<double>(assumptions.requests_at_once);
}

/// Reads the candidates page by page, waiting out an outage.
class Counter {
 public:
  Counter(RunContext& context, BatchOptions const& batch, stage::EngineOptions const& engine)
      : m_engine(engine),
        m_services(context),
        m_route(configured_route(context.settings, "embed")),
        m_embedder(m_services.open_embedder(true)),
        m_estimate(m_route, m_services.route_context(m_route)),
        m_fingerprint(m_embedder->info().fingerprint()),
        m_connection(stage::with_purpose(context.database("estimate"), "read")),
        m_pages(engine.shard, engine.only, engine.page_rows),
        m_retrier(engine.retry, context.clock, context.log, context.stop),
        m_stop(context.stop) {
    auto const now = context.clock.now();
    m_selection.fingerprint = m_fingerprint;
    m_selection.model = m_embedder->info().model;
    if (batch.force) m_selection.scope = store::EmbeddingScope::force;
    if (batch.stale_days) m_selection.stale_before = now - std::chrono::hours(24) * static_cast<int>(*batch.stale_days);
    if (batch.since) m_selection.updated_since = parse_since(*batch.since, now);
  }

  WorkCount run() {
    check_columns();
    while (auto const rows = next())
      if (!add_page(*rows)) break;
    return finished();
  }

 private:
  void check_columns() {
    db::ReadTx tx(m_connection);
    store::require_migrated(tx);
    store::require_embedding_columns(tx, m_embedder->info().dims, m_embedder->info().model);
  }

  std::optional<std::vector<store::EmbeddingCandidate>> next() {
    return m_retrier([this] { return read(); },
                     [this] {
                       if (!m_connection.is_open()) m_connection.reconnect();
                     });
  }

  std::optional<std::vector<store::EmbeddingCandidate>> read() {
    db::ReadTx tx(m_connection);
    auto const page = m_pages.next(tx);
    if (!page) return std::nullopt;
    auto found = store::find_embedding_candidates(tx, m_selection, {page->after, page->upto, page->only});
    bool const cut = found.cut && !found.rows.empty();
    m_pages.advance(*page, cut ? std::optional(found.rows.back().profile) : std::nullopt);
    return std::move(found.rows);
  }

  /// In the batches of a run, as each is asked for by itself. False once the limit is reached.
  bool add_page(std::vector<store::EmbeddingCandidate> const& rows) {
    for (std::size_t begin = 0; begin < rows.size(); begin += m_engine.batch_size) {
      if (m_stop.requested()) throw Error(Kind::stopped, "counting was stopped").hint("run the same again");
      auto count = std::min(m_engine.batch_size, rows.size() - begin);
      if (m_engine.limit) count = std::min<std::size_t>(count, *m_engine.limit - m_profiles);
      if (count == 0) return false;
      std::vector<std::string_view> texts;
      for (auto const& row : std::span(rows).subspan(begin, count))
        for (auto const& text : row.texts)
          if (text) texts.push_back(*text);
      m_estimate.add(texts);
      m_profiles += count;
    }
    return true;
  }

  WorkCount finished() const {
    auto const& counted = m_estimate.work();
    WorkCount work;
    work.served = {counted.backend.substr(0, counted.backend.find(':')), counted.model};
    work.counted = true;
    work.profiles = m_profiles;
    work.texts = counted.texts;
    work.unique_texts = counted.unique_texts;
    work.cached = counted.cached;
    work.requests = counted.metered.requests;
    work.tokens = counted.metered.input_tokens;
    work.metered = counted.metered;
    work.cost = counted.cost;
    work.priced = counted.priced;
    return work;
  }

  stage::EngineOptions const& m_engine;
  Services m_services;
  std::string m_route;
  std::unique_ptr<inference::Embedder> m_embedder;
  inference::EmbeddingEstimate m_estimate;
  std::string m_fingerprint;
  store::EmbeddingSelection m_selection;
  db::Connection m_connection;
  stage::IdPages m_pages;
  stage::Retrier m_retrier;
  StopToken const& m_stop;
  std::uint64_t m_profiles = 0;
};

}  // namespace

void Assumptions::validate() const {
  check_range(texts_per_profile, 0.01, 100, "--texts-per-profile");
  check_range(tokens_per_text, 1, 100'000, "--tokens-per-text");
  check_range(static_cast<double>(requests_at_once), 1, 10'000, "--requests-at-once");
  check_range(changed_percent, 0, 100, "--changed-percent");
}

void price_work(WorkCount& work, inference::PriceTable const& table, Assumptions const& assumptions) {
  auto const left = work.unique_texts - std::min(work.cached, work.unique_texts);
  work.requests = divided_up(left, assumptions.texts_per_request);
  work.metered = {.requests = work.requests, .inputs = left, .input_tokens = work.tokens};
  work.cost = 0;
  auto const price = table.find(work.served.backend, work.served.model, inference::Task::embed);
  work.priced = price.has_value();
  if (price && price->per_compute_second > 0)
    work.metered.compute_microseconds = rounded(static_cast<double>(left) * price->seconds_per_input * 1e6);
  if (price) work.cost = price->cost(work.metered);
  work.seconds = run_seconds(work, price, assumptions);
}

WorkCount assumed_work(Served const& served, std::uint64_t profiles, inference::PriceTable const& table,
                       Assumptions const& assumptions) {
  WorkCount work;
  work.served = served;
  work.profiles = profiles;
  work.texts = rounded(static_cast<double>(profiles) * assumptions.texts_per_profile);
  work.unique_texts = work.texts;
  work.tokens = rounded(static_cast<double>(work.texts) * assumptions.tokens_per_text);
  price_work(work, table, assumptions);
  return work;
}

Served configured_embedder(RunContext const& context) {
  for (auto const& spec : inference::parse_route(configured_route(context.settings, "embed"))) {
    auto const text = spec.text();
    auto const local = spec.model.empty() ? context.settings.text("model") : spec.model;
    if (spec.kind != inference::BackendSpec::Kind::rules) return {text.substr(0, text.find(':')), local};
  }
  return {"local", context.settings.text("model")};
}

WorkCount count_work(RunContext& context, BatchOptions const& options, inference::PriceTable const& table,
                     Assumptions const& assumptions) {
  auto const engine = engine_options(options, context);
  auto work = Counter(context, options, engine).run();
  auto const price = table.find(work.served.backend, work.served.model, inference::Task::embed);
  work.seconds = run_seconds(work, price, assumptions);
  return work;
}

}  // namespace jvmm::commands
