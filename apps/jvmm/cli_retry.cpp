#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "cli.hpp"
#include "commands/backfill_embeddings/backfill_embeddings.hpp"
#include "commands/classify/classify.hpp"
#include "commands/cluster_personas/cluster_personas.hpp"
#include "commands/extract_credentials/extract_credentials.hpp"

namespace jvmm::cli {
namespace {

using classify::Task;

/// What can be retried beside embed, extract_credentials and the stages of personas: the stages of classification.
constexpr std::array k_classifications{std::pair{std::string_view("classify_niche"), Task::niche},
                                       std::pair{std::string_view("classify_offers"), Task::offer_types},
                                       std::pair{std::string_view("classify_style"), Task::content_style}};

int retry(commands::RunContext& context, std::string const& stage, commands::BatchOptions const& batch) {
  if (stage == "embed") {
    commands::EmbedOptions options;
    options.batch = batch;
    options.only_failed = true;
    return commands::backfill_embeddings(context, options);
  }
  if (stage == "extract_credentials") {
    commands::ExtractOptions options;
    options.batch = batch;
    options.only_failed = true;
    return commands::extract_credentials(context, options);
  }
  if (stage == "audience" || stage == "cluster_personas") {
    commands::ClusterOptions options;
    options.batch = batch;
    options.assign_only = true;
    options.only_failed = stage;
    return commands::cluster_personas(context, options);
  }
  auto const found = std::find_if(k_classifications.begin(), k_classifications.end(),
                                  [&](auto const& one) { return one.first == stage; });
  if (found == k_classifications.end())
    throw Error(Kind::usage, "--stage is '" + stage + "'; failures can be retried of embed, classify_niche, " +
                                 "classify_offers, classify_style, extract_credentials, audience and cluster_personas");
  commands::ClassifyOptions options;
  options.task = found->second;
  options.batch = batch;
  options.only_failed = true;
  return commands::classify_profiles(context, options);
}

}  // namespace

Run define_retry(CLI::App& app, SettingFlags& settings) {
  auto stage = std::make_shared<std::string>("embed");
  auto batch = std::make_shared<commands::BatchOptions>();
  app.add_option(
         "--stage", *stage,
         "Of which stage: embed, classify_niche, classify_offers, classify_style, extract_credentials, audience, "
         "cluster_personas [embed]")
      ->option_text("STAGE");
  add_dry_run(app, batch->dry_run);
  app.add_option("--limit", batch->limit, "Stop after this many rows [none]")
      ->option_text("ROWS")
      ->check(CLI::NonNegativeNumber);
  add_service_limits(app, *batch);
  add_embedding_route(app, settings);
  add_examples(app,
               "  jvmm retry --dry-run                   how many rows failed and would be tried again\n"
               "  jvmm retry                             try them again\n"
               "  jvmm retry --stage classify_niche      those of another stage\n",
               "1 rows failed again.");
  return [stage, batch](commands::RunContext& context) { return retry(context, *stage, *batch); };
}

}  // namespace jvmm::cli
