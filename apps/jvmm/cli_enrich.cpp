#include "cli.hpp"
#include "commands/backfill_embeddings/backfill_embeddings.hpp"
#include "commands/check_profiles/check_profiles.hpp"
#include "commands/classify/classify.hpp"
#include "commands/cluster_personas/cluster_personas.hpp"
#include "commands/enrich/enrich.hpp"
#include "commands/extract_credentials/extract_credentials.hpp"
#include "commands/rescore/rescore.hpp"

namespace jvmm::cli {
namespace {

using commands::BatchOptions;
using commands::EnrichStep;
using commands::RunContext;

/// Of a command whose options hold those of a batch.
template <class Options>
EnrichStep step(std::string name, int (*run)(RunContext&, Options const&), Options options = {}) {
  return {std::move(name), [run, options](RunContext& context, BatchOptions const& batch) mutable {
            options.batch = batch;
            return run(context, options);
          }};
}

EnrichStep classification(std::string name, classify::Task task) {
  commands::ClassifyOptions options;
  options.task = task;
  return step(std::move(name), commands::classify_profiles, options);
}

/// By the personas there are; where there are none, a hint is all.
EnrichStep personas() {
  commands::ClusterOptions options;
  options.assign_only = true;
  options.require_personas = false;
  return step("cluster-personas", commands::cluster_personas, options);
}

/// Vectors come before what reads them, checks after what they check, scores last.
std::vector<EnrichStep> steps(commands::RescoreOptions const& rescore) {
  return {step("backfill-embeddings", commands::backfill_embeddings),
          classification("classify-niche", classify::Task::niche),
          classification("classify-offers", classify::Task::offer_types),
          classification("classify-style", classify::Task::content_style),
          step("extract-credentials", commands::extract_credentials),
          personas(),
          step("check-profiles", commands::check_profiles),
          step("rescore", commands::rescore, rescore)};
}

}  // namespace

Run define_enrich(CLI::App& app, SettingFlags& settings) {
  auto options = std::make_shared<commands::EnrichOptions>();
  auto rescore = std::make_shared<commands::RescoreOptions>();
  add_batch_options(app, options->batch, settings);
  add_service_limits(app, options->batch);
  add_embedding_route(app, settings);
  app.add_flag("--strict", options->strict, "End with the exit code of the first step that failed");
  app.add_option("--scoring", rescore->scoring.scoring, "Of rescore: a scoring profile, or a file of one [smooth]")
      ->option_text("NAME|FILE");
  add_examples(app,
               "  jvmm enrich                                  whatever is missing or stale\n"
               "  jvmm enrich --profile-ids 0b8f...-9c41       one profile, right after it was written\n"
               "  jvmm enrich --since 2h --max-minutes 30      what changed lately, for half an hour at most\n"
               "  jvmm enrich --dry-run                        what each step would do\n",
               "0 also where a step failed, unless --strict; 75 told to stop; 64-66 unsound options.");
  return [options, rescore](RunContext& context) { return commands::enrich(context, *options, steps(*rescore)); };
}

}  // namespace jvmm::cli
