#include "cli.hpp"
#include "commands/estimate/estimate.hpp"

namespace jvmm::cli {
namespace {

void add_assumptions(CLI::App& app, commands::Assumptions& taken) {
  auto const group = "Taken for granted";
  app.add_option("--texts-per-profile", taken.texts_per_profile, "Texts of a profile [4]")
      ->option_text("X")
      ->group(group);
  app.add_option("--tokens-per-text", taken.tokens_per_text, "Tokens of a text [23.3]")->option_text("X")->group(group);
  app.add_option("--requests-at-once", taken.requests_at_once, "Requests on their way at a time [4]")
      ->option_text("N")
      ->group(group);
  app.add_option("--changed-percent", taken.changed_percent, "Profiles enriched again each month, in percent [10]")
      ->option_text("P")
      ->group(group);
}

void add_comparison(CLI::App& app, commands::EstimateOptions& options) {
  auto const group = "Hosted or self-hosted";
  app.add_option("--instance", options.instance, "The machine to compare with [plan-gpu]")
      ->option_text("NAME")
      ->group(group);
  app.add_option("--profiles-per-month", options.profiles_per_month, "Profiles enriched a month [those changed]")
      ->option_text("N")
      ->group(group);
  app.add_flag("--have-gpu", options.have_gpu, "A GPU is there anyway")->group(group);
  app.add_option("--latency-ms", options.latency_ms, "Milliseconds that one call may take")
      ->option_text("MS")
      ->group(group);
  app.add_flag("--rate-limited", options.rate_limited, "The service's rate limits are met")->group(group);
}

}  // namespace

Run define_estimate(CLI::App& app, SettingFlags& settings) {
  auto options = std::make_shared<commands::EstimateOptions>();
  app.add_option("--profiles", options->profiles, "Count nothing in the database: take so many profiles")
      ->option_text("N");
  settings.add(app, "--prices", "prices", "A price table's name, or a file [hf-inference-2026-08]");
  settings.add(app, "--model", "model", "The embedding model [all-MiniLM-L6-v2]");
  add_selection_options(app, options->batch);
  add_comparison(app, *options);
  add_assumptions(app, options->assumptions);
  add_examples(app,
               "  jvmm estimate                                   what the next run would cost\n"
               "  jvmm estimate --force                           what all profiles would\n"
               "  jvmm estimate --profiles 100000                 without a database\n"
               "  jvmm estimate --prices prices.json --instance l4\n",
               "78 there is no such price table or instance.");
  return [options](commands::RunContext& context) { return commands::estimate(context, *options); };
}

}  // namespace jvmm::cli
