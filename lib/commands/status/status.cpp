#include "commands/status/status.hpp"

#include <fmt/format.h>

#include <optional>

#include "commands/credential_coverage.hpp"
#include "db/sql.hpp"
#include "db/transaction.hpp"
#include "domain/embedding_field.hpp"
#include "json/writer.hpp"
#include "log/text_table.hpp"
#include "personas/fit.hpp"
#include "store/classifications.hpp"
#include "store/holder.hpp"
#include "store/ledger.hpp"
#include "store/migrations.hpp"
#include "store/reviews.hpp"
#include "store/runs.hpp"

namespace jvmm::commands {
namespace {

struct Coverage {
  std::int64_t profiles = 0, with_text = 0, pending = 0;
  PerField<std::int64_t> texts{}, vectors{};
};

struct ModelCount {
  std::string model;
  std::int64_t profiles = 0;
};

struct Classified {
  std::string_view column;
  std::int64_t labelled = 0, unknown = 0;
};

struct Personas {
  std::int64_t generation = 0, personas = 0, profiles = 0, unassigned = 0;
  double plateau = 0;

  bool tentative() const { return plateau < personas::k_firm_plateau; }
};

struct HeldLease {
  std::string stage, holder, expires_at;
  std::int64_t shard = 0, shards = 1, run = 0;
  bool dead = false;
};

struct Status {
  Coverage coverage;
  std::vector<ModelCount> models;
  std::vector<Classified> classified;
  CredentialCoverage credentials;
  std::optional<Personas> personas;
  std::vector<store::StageCounts> stages;
  std::vector<HeldLease> leases;
  std::vector<store::FailedRow> failures;
  std::vector<store::ReviewCount> reviews;
  std::vector<store::Run> last_run;
};

Coverage read_coverage(db::ReadTx& tx) {
  auto const rows = tx.exec(db::sql::report_coverage, db::Params().add(k_pipeline_version));
  auto const row = rows.one();
  Coverage coverage{
      row.get<std::int64_t>("profiles"), row.get<std::int64_t>("with_text"), row.get<std::int64_t>("pending"), {}, {}};
  for (EmbeddingField field : k_embedding_fields) {
    coverage.texts[index(field)] = row.get<std::int64_t>(fmt::format("texts_{}", name(field)));
    coverage.vectors[index(field)] = row.get<std::int64_t>(fmt::format("vectors_{}", name(field)));
  }
  return coverage;
}

std::vector<Classified> read_classified(db::ReadTx& tx) {
  auto const rows = tx.exec(db::sql::report_classified);
  auto const row = rows.one();
  std::vector<Classified> out;
  for (auto const& stage : {store::k_classify_niche, store::k_classify_offers, store::k_classify_style})
    out.push_back({stage.column, row.get<std::int64_t>(fmt::format("labelled_{}", stage.column)),
                   row.get<std::int64_t>(fmt::format("unknown_{}", stage.column))});
  return out;
}

std::optional<Personas> read_personas(db::ReadTx& tx) {
  auto const rows = tx.exec(db::sql::report_personas);
  if (rows.empty()) return std::nullopt;
  auto const row = rows.one();
  return Personas{row.get<std::int64_t>("generation"), row.get<std::int64_t>("personas"),
                  row.get<std::int64_t>("profiles"), row.get<std::int64_t>("unassigned"), row.get<double>("plateau")};
}

std::vector<HeldLease> read_leases(db::ReadTx& tx) {
  std::vector<HeldLease> leases;
  for (auto const row : tx.exec(db::sql::engine_lease_list)) {
    auto const holder = store::Holder::from_json(row.get<std::string_view>("holder"));
    leases.push_back({row.get<std::string>("stage"), holder.text(), row.get<std::string>("expires_at"),
                      row.get<std::int64_t>("shard"), row.get<std::int64_t>("shards"), row.get<std::int64_t>("run_id"),
                      holder.is_known_dead()});
  }
  return leases;
}

Status read_status(db::ReadTx& tx, std::int64_t failures) {
  Status status;
  status.coverage = read_coverage(tx);
  for (auto const row : tx.exec(db::sql::report_models))
    status.models.push_back({row.get<std::string>("model"), row.get<std::int64_t>("profiles")});
  status.classified = read_classified(tx);
  status.credentials = read_credential_coverage(tx);
  status.personas = read_personas(tx);
  status.stages = store::count_by_stage(tx);
  status.leases = read_leases(tx);
  status.failures = store::list_failures(tx, failures);
  status.reviews = store::count_open_reviews(tx);
  status.last_run = store::list_runs(tx, 1);
  return status;
}

std::string coverage_text(Status const& status) {
  auto text = fmt::format("{} profiles, {} with text, {} pending\n\n", status.coverage.profiles,
                          status.coverage.with_text, status.coverage.pending);
  log::TextTable table({{"field"}, {"texts", log::Align::right}, {"vectors", log::Align::right}});
  for (EmbeddingField field : k_embedding_fields)
    table.add({std::string(name(field)), std::to_string(status.coverage.texts[index(field)]),
               std::to_string(status.coverage.vectors[index(field)])});
  text += table.text();
  for (auto const& [model, profiles] : status.models)
    text += fmt::format("vectors of {}: {} profiles\n", model, profiles);
  for (auto const& [column, labelled, unknown] : status.classified)
    if (labelled + unknown > 0) text += fmt::format("{}: {} labelled, {} unknown\n", column, labelled, unknown);
  if (auto const& found = status.credentials; found.found + found.without > 0)
    text += fmt::format("credentials: {} with some, {} with none, of {} with a text to read\n", found.found,
                        found.without, found.with_text);
  if (auto const& found = status.personas)
    text += fmt::format("personas: {}{}, {} profiles have one, {} got none\n", found->personas,
                        found->tentative() ? " (tentative)" : "", found->profiles, found->unassigned);
  return text;
}

std::string work_text(Status const& status) {
  log::TextTable stages(
      {{"stage"}, {"done", log::Align::right}, {"skipped", log::Align::right}, {"failed", log::Align::right}});
  for (auto const& stage : status.stages)
    stages.add({stage.stage, std::to_string(stage.done), std::to_string(stage.skipped), std::to_string(stage.failed)});
  auto text = "\n" + stages.text();
  for (auto const& lease : status.leases)
    text += fmt::format("run {} holds {} {}/{} until {} ({}{})\n", lease.run, lease.stage, lease.shard, lease.shards,
                        lease.expires_at, lease.holder, lease.dead ? ", which is gone: the next run takes over" : "");
  for (auto const& run : status.last_run) {
    text +=
        fmt::format("last run: {} ({}), {}, started at {}\n", run.id.value, run.command, run.state(), run.started_at);
    if (run.held_up) text += "  it left rows for the next: " + *run.held_up + "\n";
  }
  return text;
}

std::string failures_text(std::vector<store::FailedRow> const& failures) {
  if (failures.empty()) return "";
  log::TextTable table({{"failed profile"},
                        {"name", log::Align::left, 24},
                        {"stage"},
                        {"kind"},
                        {"attempts", log::Align::right},
                        {"reason", log::Align::left, 80}});
  for (auto const& row : failures)
    table.add({row.profile.text(), row.name, row.stage, row.kind, std::to_string(row.attempts), row.reason});
  return "\n" + table.text() +
         "'jvmm retry' tries those of embed again, 'jvmm retry --stage STAGE' those of a "
         "classification or of extract_credentials, 'jvmm rescore --force' those of rescore\n";
}

std::string reviews_text(std::vector<store::ReviewCount> const& reviews) {
  if (reviews.empty()) return "";
  log::TextTable table({{"waits for a decision"}, {"stage"}, {"open", log::Align::right}});
  for (auto const& review : reviews)
    table.add({review.reason, review.stage, std::to_string(review.open)});
  return "\n" + table.text() + "'jvmm check-profiles list' shows them\n";
}

void write_reviews(json::Writer& out, std::vector<store::ReviewCount> const& reviews) {
  out.key("reviews").begin_array();
  for (auto const& review : reviews)
    out.begin_object()
        .member("stage", review.stage)
        .member("reason", review.reason)
        .member("open", review.open)
        .end_object();
  out.end_array();
}

void write_work(json::Writer& out, Status const& status) {
  out.key("stages").begin_array();
  for (auto const& stage : status.stages)
    out.begin_object()
        .member("stage", stage.stage)
        .member("done", stage.done)
        .member("skipped", stage.skipped)
        .member("failed", stage.failed)
        .end_object();
  out.end_array().key("leases").begin_array();
  for (auto const& lease : status.leases)
    out.begin_object()
        .member("stage", lease.stage)
        .member("shard", lease.shard)
        .member("shards", lease.shards)
        .member("run", lease.run)
        .member("holder", lease.holder)
        .member("expires_at", lease.expires_at)
        .member("holder_is_gone", lease.dead)
        .end_object();
  out.end_array().key("failures").begin_array();
  for (auto const& row : status.failures)
    out.begin_object()
        .member("stage", row.stage)
        .member("profile", row.profile.text())
        .member("name", row.name)
        .member("kind", row.kind)
        .member("reason", row.reason)
        .member("attempts", row.attempts)
        .member("run", row.run.value)
        .member("failed_at", row.failed_at)
        .end_object();
  out.end_array();
}

std::string as_json(Status const& status) {
  json::Writer out;
  out.begin_object().member("command", "status").member("profiles", status.coverage.profiles);
  out.member("with_text", status.coverage.with_text)
      .member("pending", status.coverage.pending)
      .key("fields")
      .begin_object();
  for (EmbeddingField field : k_embedding_fields)
    out.key(name(field))
        .begin_object()
        .member("texts", status.coverage.texts[index(field)])
        .member("vectors", status.coverage.vectors[index(field)])
        .end_object();
  out.end_object().key("models").begin_object();
  for (auto const& [model, profiles] : status.models)
    out.member(model, profiles);
  out.end_object().key("classified").begin_object();
  for (auto const& [column, labelled, unknown] : status.classified)
    out.key(column).begin_object().member("labelled", labelled).member("unknown", unknown).end_object();
  out.end_object().key("credentials").raw(credential_coverage_json(status.credentials));
  out.key("personas");
  if (auto const& found = status.personas)
    out.begin_object()
        .member("generation", found->generation)
        .member("personas", found->personas)
        .member("plateau", found->plateau)
        .member("tentative", found->tentative())
        .member("profiles", found->profiles)
        .member("unassigned", found->unassigned)
        .end_object();
  else
    out.null();
  write_work(out, status);
  write_reviews(out, status.reviews);
  out.key("last_run");
  status.last_run.empty() ? out.null() : out.value(status.last_run.front().id.value);
  out.end_object();
  return std::move(out).take() + "\n";
}

}  // namespace

int status(RunContext& context, StatusOptions const& options) {
  db::Connection connection(context.database("status"));
  db::ReadTx tx(connection);
  store::require_migrated(tx);
  auto const found = read_status(tx, options.top);
  context.print(context.format() == OutputFormat::json
                    ? as_json(found)
                    : coverage_text(found) + work_text(found) + reviews_text(found.reviews) +
                          failures_text(found.failures));
  return 0;
}

}  // namespace jvmm::commands
