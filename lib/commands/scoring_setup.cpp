#include "commands/scoring_setup.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"
#include "commands/calibrations.hpp"
#include "commands/persona_matrix.hpp"
#include "db/capabilities.hpp"
#include "json/writer.hpp"
#include "store/calibrations.hpp"
#include "store/runs.hpp"
#include "store/scoring_rows.hpp"
#include "text/digest.hpp"

namespace jvmm::commands {
namespace {

using scoring::FieldPair;
using scoring::ScoringContext;
using scoring::ScoringProfile;

// The width that all four columns declare.
std::optional<std::size_t> declared_width(db::ReadTx& tx) {
  auto const found = db::inspect(tx);
  auto const* const profiles = found.table("profiles");
  std::optional<int> width;
  for (auto const field : k_embedding_fields) {
    auto const* const column = profiles ? profiles->column(fmt::format("embedding_{}", name(field))) : nullptr;
    if (!column || !column->dims || (width && width != column->dims)) return std::nullopt;
    width = column->dims;
  }
  return width ? std::optional(static_cast<std::size_t>(*width)) : std::nullopt;
}

std::string described(store::VectorKind const& kind) {
  return kind.dims ? fmt::format("'{}' with {} numbers", kind.model, *kind.dims) : fmt::format("'{}'", kind.model);
}

// The model and width that most profiles have, and a warning of the others.
void read_model(db::ReadTx& tx, ScoringProfile const& profile, ScoringContext& context, log::Logger& log) {
  auto const width = declared_width(tx);
  auto const kinds = store::read_vector_kinds(tx, !width);
  if (kinds.empty()) return;
  for (std::size_t i = 1; i < kinds.size(); ++i)
    log.warn(
        "{} profiles, such as {}, have vectors of {}, most have those of {}: {}. 'jvmm backfill-embeddings' embeds "
        "them again",
        kinds[i].profiles, kinds[i].example.text(), described(kinds[i]), described(kinds[0]),
        profile.require_same_model ? "their words are compared instead"
                                   : fmt::format("they are compared all the same, as '{}' says", profile.name));
  context.model = kinds[0].model;
  context.dims = width.value_or(kinds[0].dims.value_or(0));
}

void read_outcomes(db::ReadTx& tx, ScoringContext& context) {
  constexpr std::string_view tables[] = {"matching_matchlearningsignal", "matching_partnerrecommendation"};
  auto const found = db::inspect(tx, tables);
  if (!found.table(tables[0]) || !found.table(tables[1])) return;
  for (auto const& row : store::read_outcomes(tx))
    context.outcomes[row.partner].emplace_back(row.outcome, static_cast<double>(row.count));
}

void read_cuts(db::Transaction& tx, ScoringProfile const& profile, ScoringContext& context) {
  auto const& network = profile[scoring::FactorId::network_influence];
  if (!network.enabled || !network.by_percentile) return;
  std::vector<double> percentiles;
  for (auto const& [percentile, score] : network.percentile_steps.steps)
    percentiles.push_back(percentile);
  for (auto const& cut : store::read_centrality_cuts(tx, percentiles)) {
    if (cut.pagerank) context.network.pagerank.push_back(*cut.pagerank);
    if (cut.degree) context.network.degree.push_back(*cut.degree);
    if (cut.betweenness) context.network.betweenness.push_back(*cut.betweenness);
  }
}

// The map for a field pair: known, or fitted now.
scoring::SimilarityMap calibrated(RunContext& run, db::Connection& connection, std::string const& model, FieldPair pair,
                                  bool store_it) {
  std::optional<scoring::Calibration> found;
  {
    db::ReadTx tx(connection);
    found = find_calibration(tx, model, pair);
    if (found) return found->map;
    found = calibrate_from_noise(tx, model, pair, {}, iso8601(run.clock.now()));
  }
  if (!found)
    throw Error(Kind::configuration,
                fmt::format("model '{}' has no calibration for {}, and too few vectors to make one", model, name(pair)))
        .hint("run 'jvmm calibrate --pairs F.csv', or choose a scoring profile that needs none: --scoring calibrated");
  run.log.warn(
      "model '{}' had no calibration for {}: fitted now to {} random pairs of this table. 'jvmm calibrate "
      "--pairs' makes a better one from labelled pairs",
      model, name(pair), found->pairs);
  if (store_it) {
    db::WriteTx tx(connection);
    auto const id = store::begin_run(tx, {"calibrate", run.arguments_json, {}, {}, std::string(version())});
    store::insert_calibration(tx, model, name(pair), scoring::to_json(*found), id);
    store::finish_run(tx, id, "done", 0, "{}");
    tx.commit();
  }
  return found->map;
}

std::string map_text(std::optional<scoring::SimilarityMap> const& map) {
  std::string text;
  for (auto const& knot : map ? map->knots : std::vector<scoring::Knot>{})
    text += fmt::format("{},{};", knot.cosine, knot.score);
  return text;
}

}  // namespace

ScoringSetup open_scoring(RunContext& run, db::Connection& connection, ScoringOptions const& options,
                          bool store_calibration) {
  auto profile = scoring::load_scoring_profile(options.scoring);
  ScoringContext context;
  context.now = scoring_time(options, run.clock);
  std::string matrix;
  {
    db::ReadTx tx(connection);
    read_model(tx, profile, context, run.log);
    read_outcomes(tx, context);
    read_cuts(tx, profile, context);
    matrix = load_persona_matrix(tx, profile);
  }
  if (profile.similarity == scoring::SimilarityKind::calibrated) {
    auto const map = [&](FieldPair pair) {
      // Without vectors nothing is looked up.
      return context.model.empty() ? scoring::SimilarityMap{{{0, 0}}}
                                   : calibrated(run, connection, context.model, pair, store_calibration);
    };
    context.offering_seeking = map(FieldPair::offering_seeking);
    context.audience = map(FieldPair::audience);
  } else if (profile.name == "calibrated" && !context.model.empty() && context.model != "BAAI/bge-large-en-v1.5") {
    run.log.warn(
        "scoring profile 'calibrated' was made for BAAI/bge-large-en-v1.5, the vectors are of '{}': its "
        "thresholds do not fit them. 'smooth' calibrates itself",
        context.model);
  }
  auto const maps = text::md5_hex(map_text(context.offering_seeking) + "|" + map_text(context.audience)).substr(0, 8);
  auto basis = fmt::format("{}/{} {} {} {}", profile.name, profile.version, profile.hash,
                           context.model.empty() ? "-" : context.model, maps);
  if (!matrix.empty()) basis += " " + matrix;
  auto model = context.model;
  return {scoring::Scorer(std::move(profile), std::move(context)), std::move(model), std::move(basis)};
}

SystemTime scoring_time(ScoringOptions const& options, Clock const& clock) {
  if (!options.now) return clock.now();
  auto const time = parse_iso8601(*options.now);
  if (!time) throw Error(Kind::usage, "--now: '" + *options.now + "' is no time; expected 2026-11-01T00:00:00Z");
  return *time;
}

void record_scoring(db::Connection& connection, scoring::ScoringProfile const& profile) {
  db::WriteTx tx(connection);
  store::record_scoring_profile(tx, profile.hash, profile.name, profile.version, json::to_text(profile.document));
  tx.commit();
}

}  // namespace jvmm::commands
