#include "commands/rescore/clients.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"
#include "db/capabilities.hpp"
#include "json/writer.hpp"
#include "stage/engine.hpp"
#include "store/scoring_rows.hpp"

namespace jvmm::commands {
namespace {

constexpr std::string_view k_reports = "matching_memberreport";
constexpr std::size_t k_page_rows = 1'000;  // prospects held at a time

bool has_reports(db::ReadTx& tx) {
  constexpr std::string_view tables[] = {k_reports};
  return db::inspect(tx, tables).table(k_reports) != nullptr;
}

std::vector<ProfileId> client_ids(db::ReadTx& tx, std::vector<std::string> const& given) {
  if (given != std::vector<std::string>{"active"}) return read_profile_ids(given);
  if (!has_reports(tx))
    throw Error(Kind::configuration, "--clients active: this database has no table matching_memberreport")
        .hint("name the clients' profile ids instead");
  auto ids = store::active_clients(tx);
  if (ids.empty()) throw Error(Kind::bad_input, "--clients active: no member report is active");
  return ids;
}

std::vector<ScoredProfile> load_clients(db::ReadTx& tx, std::vector<std::string> const& given,
                                        scoring::Scorer& scorer) {
  auto const ids = client_ids(tx, given);
  std::vector<ScoredProfile> clients;
  store::read_profiles(
      tx, ids, [&](Profile&& profile) { clients.push_back(prepare_profile(std::move(profile), scorer)); },
      [](ProfileId id, std::string const& reason) {
        throw Error(Kind::bad_input, fmt::format("client {}: {}", id.text(), reason));
      });
  for (auto const& id : ids)
    if (std::none_of(clients.begin(), clients.end(), [&](auto const& client) { return client.profile.id == id; }))
      throw Error(Kind::bad_input, fmt::format("--clients: there is no profile {}", id.text()));
  return clients;
}

std::vector<store::FlaggedReport> flag(db::Connection& connection, std::vector<ScoredProfile> const& clients,
                                       double high_quality) {
  std::vector<ProfileId> ids;
  for (auto const& client : clients)
    ids.push_back(client.profile.id);
  {
    db::ReadTx tx(connection);
    if (!has_reports(tx)) return {};
  }
  db::WriteTx tx(connection);
  auto flagged = store::flag_reports(tx, ids, high_quality);
  tx.commit();
  return flagged;
}

std::string report_text(stage::Summary const& summary, ClientStage const& stage, ScoringSetup const& setup,
                        std::size_t clients, std::vector<store::FlaggedReport> const& flagged) {
  auto text =
      fmt::format("run {}: {} clients with {} profiles scored by {} in {:.1f} s: {} pairs written, {} left out\n",
                  summary.run.value, clients, summary.candidates, setup.basis, summary.seconds, stage.impact().pairs(),
                  stage.dropped());
  if (stage.impact().pairs()) text += impact_text(stage.impact());
  for (auto const& report : flagged)
    text += fmt::format("  report {} ({}) is marked to be made again: {} new high quality matches\n", report.report,
                        report.member, report.matches);
  if (summary.stopped != StopReason::none)
    text += fmt::format("  stopped early ({}); the same command goes on\n", name(summary.stopped));
  return text;
}

std::string report_json(stage::Summary const& summary, ClientStage const& stage, ScoringSetup const& setup,
                        std::size_t clients, std::vector<store::FlaggedReport> const& flagged) {
  json::Writer out;
  out.begin_object().member("command", "rescore").key("summary").raw(summary.json()).key("clients").begin_object();
  out.member("clients", clients).member("basis", setup.basis).member("left_out", stage.dropped()).key("impact");
  write_json(out, stage.impact());
  out.key("flagged_reports").begin_array();
  for (auto const& report : flagged)
    out.begin_object()
        .member("report", report.report)
        .member("member", report.member)
        .member("matches", report.matches)
        .end_object();
  out.end_array().end_object().member("exit_code", summary.exit_code()).end_object();
  return std::move(out).take() + "\n";
}

int dry_run(RunContext& context, ClientStage& stage, stage::EngineOptions const& engine,
            stage::EngineContext const& engine_context, std::size_t clients) {
  std::uint64_t prospects = 0, pairs = 0;
  stage::visit_candidates(stage, engine, engine_context, [&](std::span<ProspectCandidate const> rows) {
    prospects += rows.size();
    for (auto const& row : rows)
      pairs += row.clients.size();
    return true;
  });
  if (context.format() == OutputFormat::json)
    context.print(
        fmt::format("{{\"command\":\"rescore\",\"dry_run\":true,\"plan\":{{\"clients\":{},\"profiles\":{},"
                    "\"pairs\":{}}}}}\n",
                    clients, prospects, pairs));
  else
    context.print(fmt::format("{} clients with {} profiles: {} pairs would be scored; nothing was written\n", clients,
                              prospects, pairs));
  return 0;
}

}  // namespace

int rescore_clients(RunContext& context, db::Connection& connection, std::vector<std::string> const& given,
                    ClientRules const& rules, ScoringSetup& setup, BatchOptions const& batch) {
  auto engine = engine_options(batch, context);
  engine.page_rows = k_page_rows;
  std::vector<ScoredProfile> clients;
  {
    db::ReadTx tx(connection);
    clients = load_clients(tx, given, setup.scorer);
  }
  for (auto const& client : clients)
    if (client.group != scoring::ProfileClass::eligible)
      context.log.warn("client {} has too little text to be paired well", client.profile.id.text());
  ClientStage stage(setup, clients, rules, batch.force);
  stage::EngineContext engine_context{.database = context.database("rescore-clients"),
                                      .log = context.log,
                                      .clock = context.clock,
                                      .stop = context.stop,
                                      .start = {"rescore", context.arguments_json, {}, {}, std::string(version())},
                                      .progress = context.progress()};
  if (batch.dry_run) return dry_run(context, stage, engine, engine_context, clients.size());
  auto const summary = stage::Engine<ClientStage>(stage, engine, engine_context).run();
  auto const flagged = flag(connection, clients, setup.scorer.profile().premier);
  if (context.format() == OutputFormat::json)
    context.print(report_json(summary, stage, setup, clients.size(), flagged));
  else if (!context.quiet)
    context.print(report_text(summary, stage, setup, clients.size(), flagged));
  return summary.exit_code();
}

}  // namespace jvmm::commands
