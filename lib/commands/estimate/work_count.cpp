#include "commands/estimate/work_count.hpp"

#include <fmt/format.h>

#include <cmath>
#include <functional>
#include <string_view>
#include <unordered_set>

#include "base/error.hpp"
#include "stage/id_pages.hpp"
#include "stage/retry.hpp"
#include "store/embedding_columns.hpp"
#include "store/migrations.hpp"
#include "store/profile_embeddings.hpp"

namespace jvmm::commands {
namespace {

constexpr double k_control_tokens = 2;

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

/// Texts by a hash of 64 bits: among 2 million, two share one with a probability of one in ten million.
class UniqueTexts {
 public:
  void add(std::string_view text) {
    if (m_hashes.size() < k_most)
      m_hashes.insert(std::hash<std::string_view>()(text));
    else if (!m_hashes.contains(std::hash<std::string_view>()(text)))
      ++m_beyond;
  }
  std::uint64_t count() const { return m_hashes.size() + m_beyond; }

 private:
  static constexpr std::size_t k_most = 2'000'000;
  std::unordered_set<std::size_t> m_hashes;
  std::uint64_t m_beyond = 0;
};

/// Reads the candidates page by page, waiting out an outage.
class Counter {
 public:
  Counter(RunContext& context, BatchOptions const& batch, stage::EngineOptions const& engine)
      : m_engine(engine),
        m_embedder(context.open_embedder()),
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

  /// Profiles, texts, unique texts and tokens.
  WorkCount run(Assumptions const& assumptions) {
    check_columns();
    while (auto const rows = next()) {
      if (m_stop.requested()) throw Error(Kind::stopped, "counting was stopped").hint("run the same again");
      for (auto const& row : *rows) {
        if (m_engine.limit && m_work.profiles == *m_engine.limit) return finished(assumptions);
        add(row);
      }
    }
    return finished(assumptions);
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

  void add(store::EmbeddingCandidate const& row) {
    ++m_work.profiles;
    for (auto const& text : row.texts) {
      if (!text) continue;
      ++m_work.texts;
      m_bytes += text->size();
      m_unique.add(*text);
    }
  }

  /// Tokens are those of the unique texts, taken to be as long as the others.
  WorkCount finished(Assumptions const& assumptions) {
    m_work.counted = true;
    m_work.unique_texts = m_unique.count();
    if (m_work.texts == 0) return m_work;
    auto const all = static_cast<double>(m_bytes) / assumptions.bytes_per_token +
                     k_control_tokens * static_cast<double>(m_work.texts);
    m_work.tokens = rounded(all * static_cast<double>(m_work.unique_texts) / static_cast<double>(m_work.texts));
    return m_work;
  }

  stage::EngineOptions const& m_engine;
  std::unique_ptr<inference::Embedder> m_embedder;
  std::string m_fingerprint;
  store::EmbeddingSelection m_selection;
  db::Connection m_connection;
  stage::IdPages m_pages;
  stage::Retrier m_retrier;
  StopToken const& m_stop;
  WorkCount m_work;
  UniqueTexts m_unique;
  std::uint64_t m_bytes = 0;
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
  work.seconds = left == 0 ? std::optional(0.0) : std::nullopt;
  work.cost = 0;
  auto const price = table.find(work.served.backend, work.served.model, inference::Task::embed);
  work.priced = price.has_value();
  if (!price) return;
  auto const busy = static_cast<double>(left) * price->seconds_per_input;
  if (price->per_compute_second > 0) work.metered.compute_microseconds = rounded(busy * 1e6);
  work.cost = price->cost(work.metered);
  if (price->seconds_per_input <= 0) return;
  auto const waiting = static_cast<double>(work.requests) * assumptions.round_trip_seconds;
  work.seconds = is_service(work.served) ? (busy + waiting) / static_cast<double>(assumptions.requests_at_once) : busy;
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
  return {"local", context.settings.text("model")};
}

WorkCount count_work(RunContext& context, BatchOptions const& options, inference::PriceTable const& table,
                     Assumptions const& assumptions) {
  auto const engine = engine_options(options, context);
  auto work = Counter(context, options, engine).run(assumptions);
  work.served = configured_embedder(context);
  price_work(work, table, assumptions);
  return work;
}

}  // namespace jvmm::commands
