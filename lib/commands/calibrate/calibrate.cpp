#include "commands/calibrate/calibrate.hpp"

#include "base/clock.hpp"
#include "base/error.hpp"
#include "commands/calibrate/fit.hpp"
#include "commands/calibrate/pairs.hpp"
#include "commands/calibrate/report.hpp"
#include "commands/calibrations.hpp"
#include "store/migrations.hpp"
#include "store/runs.hpp"

#include <fmt/format.h>

namespace jvmm::commands {
namespace {

constexpr std::int64_t k_least_sample = 100, k_most_sample = 1'000'000;
constexpr double k_poor_auc = 0.6;

std::vector<Fitted> fit(db::Connection& connection, RunContext const& context, CalibrateOptions const& options,
                        std::optional<std::vector<JudgedPair>> const& judged) {
  db::ReadTx tx(connection, {.isolation = db::Isolation::repeatable_read});
  store::require_migrated(tx);
  return fit_all(tx, options, embedded_model(tx), judged, iso8601(context.clock.now()));
}

RunId store_all(db::Connection& connection, RunContext const& context, std::vector<Fitted>& fitted) {
  db::WriteTx tx(connection);
  auto const run = store::begin_run(tx, {"calibrate", context.arguments_json, {}, {}, std::string(version())});
  for (auto& [calibration, left_out, stored] : fitted)
    stored = store::insert_calibration(tx, calibration.model, scoring::name(calibration.field_pair),
                                       scoring::to_json(calibration), run);
  store::finish_run(tx, run, "done", 0, calibrations_as_json(fitted, run));
  tx.commit();
  return run;
}

void warn_of_poor(log::Logger& log, std::vector<Fitted> const& fitted) {
  for (auto const& [calibration, left_out, stored] : fitted)
    if (calibration.quality && calibration.quality->auc_roc.value < k_poor_auc)
      log.warn("{}: cosines of {} hardly tell the judged pairs apart (AUC-ROC {:.2f})",
               scoring::name(calibration.field_pair), calibration.model, calibration.quality->auc_roc.value);
}

}  // namespace

std::vector<scoring::FieldPair> CalibrateOptions::field_pairs() const {
  if (field_pair) return {*field_pair};
  return {scoring::k_field_pairs.begin(), scoring::k_field_pairs.end()};
}

void CalibrateOptions::validate() const {
  if (sample < k_least_sample || sample > k_most_sample)
    throw Error(Kind::usage, fmt::format("--sample takes {} to {} pairs", k_least_sample, k_most_sample));
  if (seed < 0) throw Error(Kind::usage, "--seed takes a number that is not negative");
}

int calibrate(RunContext& context, CalibrateOptions const& options) {
  options.validate();
  auto const judged = options.pairs ? std::optional(read_pairs(*options.pairs)) : std::nullopt;
  db::Connection connection(context.database("calibrate"));
  auto fitted = fit(connection, context, options, judged);
  warn_of_poor(context.log, fitted);
  auto const run = options.dry_run ? std::nullopt : std::optional(store_all(connection, context, fitted));
  if (context.format() == OutputFormat::json)
    context.print(calibrations_as_json(fitted, run) + "\n");
  else if (!context.quiet)
    context.print(calibrations_as_text(fitted));
  return 0;
}

}  // namespace jvmm::commands
