#include "commands/rescore/all_pairs_publish.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "commands/match_context.hpp"
#include "stage/id_pages.hpp"
#include "store/runs.hpp"

namespace jvmm::commands {
namespace {

constexpr db::TxOptions k_long{.statement_timeout = std::chrono::hours(1)};

/// The rows of lists, one after the other.
class ListRows {
 public:
  ListRows(Publication const& what, Impact& impact)
      : m_what(what), m_scored_at(iso8601(what.setup.scorer.context().now)), m_impact(impact) {}

  bool operator()(store::StagedMatch& match) {
    while (m_row < m_what.population.profiles.size() && m_place >= m_what.result.list(m_row).size()) {
      ++m_row;
      m_place = 0;
    }
    if (m_row == m_what.population.profiles.size()) return false;
    fill(match, m_row, m_what.result.list(m_row)[m_place++].index);
    return true;
  }

 private:
  void fill(store::StagedMatch& match, std::size_t index_a, std::size_t index_b) {
    auto const& scorer = m_what.setup.scorer;
    auto const &a = m_what.population.profiles[index_a], &b = m_what.population.profiles[index_b];
    auto const &pa = m_what.population.prepared[index_a], &pb = m_what.population.prepared[index_b];
    auto const pair = scorer.score(pa, pb);
    auto const decimals = scorer.profile().output_decimals;
    auto const input = pair_input(a.hash, b.hash);
    match.a = a.profile.id;
    match.b = b.profile.id;
    match.score_ab = scoring::rounded(pair.ab.score, decimals);
    match.score_ba = scoring::rounded(pair.ba.score, decimals);
    match.harmonic_mean = scoring::rounded(pair.harmonic_mean, decimals);
    match.reason = scoring::match_reason(a.reason, b.reason);
    match.context = compact_context(pair, pa, pb, {m_what.setup.basis, input, m_scored_at}, m_what.generation);
    ScoredPair scored{shown_name(a.profile), shown_name(b.profile), {}, match.harmonic_mean, false, 0, 0};
    scored.count_methods(pa, pb);
    m_impact.add(scored);
  }

  Publication const& m_what;
  std::string m_scored_at;
  Impact& m_impact;
  std::size_t m_row = 0, m_place = 0;
};

std::vector<store::RankedProfile> ranked(Population const& population) {
  std::vector<store::RankedProfile> all;
  for (auto const& profile : population.profiles)
    all.push_back({profile.profile.id, profile.hash});
  return all;
}

/// A server that crashed has emptied the staging table.
void require_staged(db::WriteTx& tx, std::int64_t generation) {
  auto const staged = store::count_staged(tx, generation);
  if (staged.rows == staged.recorded) return;
  store::forget_parts(tx, generation);
  tx.commit();
  throw Error(Kind::unavailable, fmt::format("{} of {} staged rows of generation {} are gone (did the server crash?)",
                                             staged.recorded - staged.rows, staged.recorded, generation))
      .hint("run every shard again");
}

}  // namespace

LeasedRun::LeasedRun(RunContext& context, db::Connection& connection, ScoringSetup const& setup, store::Shard shard)
    : m_context(context), m_connection(connection), m_renewed(context.clock.steady_now()) {
  db::WriteTx tx(connection);
  m_run = store::begin_run(tx, {"rescore", context.arguments_json, std::string(store::k_all_pairs_stage), setup.basis,
                                std::string(version())});
  m_lease = store::take_lease(tx, std::string(store::k_all_pairs_stage), shard, m_run,
                              std::chrono::seconds(context.settings.integer("lease_seconds")));
  tx.commit();
  context.log.set_run(m_run);
}

LeasedRun::~LeasedRun() {
  if (m_finished) return;
  try {
    if (!m_connection.is_open()) m_connection.reconnect();
    finish("failed", exit_code(Kind::internal), "{}");
  } catch (std::exception const& error) {
    m_context.log.warn("the end of the run could not be recorded: {}", error.what());
  }
}

void LeasedRun::renew() {
  auto const now = m_context.clock.steady_now();
  if (now - m_renewed < m_lease.time / 3) return;
  db::WriteTx tx(m_connection);
  store::fence(tx, m_lease);
  tx.commit();
  m_renewed = now;
}

void LeasedRun::finish(std::string_view outcome, int code, std::string const& summary) {
  db::WriteTx tx(m_connection);
  store::end_lease(tx, m_lease);
  store::finish_run(tx, m_run, outcome, code, summary);
  tx.commit();
  m_finished = true;
}

void publish(db::Connection& connection, LeasedRun const& run, Publication const& what, AllPairsReport& report) {
  {
    db::WriteTx tx(connection, k_long);
    store::fence(tx, run.lease());
    report.rows = store::stage_matches(tx, what.generation, stage::shard_begin(what.shard),
                                       stage::shard_end(what.shard), ListRows(what, report.impact));
    report.parts = store::record_part(tx, what.generation, what.shard.index, report.rows);
    tx.commit();
  }
  if (report.parts < what.shard.count) return;
  db::WriteTx tx(connection, k_long);
  store::fence(tx, run.lease());
  require_staged(tx, what.generation);
  report.published = store::publish(tx, what.generation, what.lists, ranked(what.population));
  tx.commit();
}

}  // namespace jvmm::commands
