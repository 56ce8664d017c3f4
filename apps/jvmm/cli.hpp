#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "classify/task.hpp"
#include "commands/batch_options.hpp"
#include "commands/run_context.hpp"

namespace jvmm::cli {

/// Flags that set a setting (config/setting_table.hpp). Only what was given is kept, so that environment and file can
/// speak where it was not.
class SettingFlags {
 public:
  void add(CLI::App& app, std::string const& flag, std::string const& key, std::string const& help);
  std::map<std::string, std::string> const& given() const { return m_given; }

 private:
  std::map<std::string, std::string> m_given;
};

/// What a parsed command does. Returns the exit code.
using Run = std::function<int(commands::RunContext&)>;

/// One line of the command table. `define` adds options to the subcommand and says what to run.
struct Command {
  std::string_view name;
  std::string_view group;
  std::string_view summary;
  Run (*define)(CLI::App& app, SettingFlags& settings);
};

/// Parses, resolves the settings, runs the command, reports errors. Returns the exit code (docs/exit_codes.md).
int run_program(std::span<Command const> commands, int argc, char** argv);

/// The options that say which rows.
void add_selection_options(CLI::App& app, commands::BatchOptions& options);

/// The options every batch command has.
void add_batch_options(CLI::App& app, commands::BatchOptions& options, SettingFlags& settings);

/// The options of commands that embed: which model, and where it runs.
void add_embedding_route(CLI::App& app, SettingFlags& settings);

/// What a command may ask of services, beside the other limits of a batch.
void add_service_limits(CLI::App& app, commands::BatchOptions& options);

/// Reads --task. **Throws** usage, with the tasks that there are.
classify::Task parse_task(std::string const& text);

/// The flag of commands that write.
void add_dry_run(CLI::App& app, bool& dry_run);

/// Examples and special exit codes below a command's help.
void add_examples(CLI::App& app, std::string const& examples, std::string const& exit_codes = "");

Run define_backfill_embeddings(CLI::App& app, SettingFlags& settings);
Run define_cache(CLI::App& app, SettingFlags& settings);
Run define_calibrate(CLI::App& app, SettingFlags& settings);
Run define_check_profiles(CLI::App& app, SettingFlags& settings);
Run define_classify_niche(CLI::App& app, SettingFlags& settings);
Run define_classify_offers(CLI::App& app, SettingFlags& settings);
Run define_classify_style(CLI::App& app, SettingFlags& settings);
Run define_cluster_personas(CLI::App& app, SettingFlags& settings);
Run define_config(CLI::App& app, SettingFlags& settings);
Run define_doctor(CLI::App& app, SettingFlags& settings);
Run define_enrich(CLI::App& app, SettingFlags& settings);
Run define_estimate(CLI::App& app, SettingFlags& settings);
Run define_evaluate(CLI::App& app, SettingFlags& settings);
Run define_explain(CLI::App& app, SettingFlags& settings);
Run define_export_sample(CLI::App& app, SettingFlags& settings);
Run define_extract_credentials(CLI::App& app, SettingFlags& settings);
Run define_migrate(CLI::App& app, SettingFlags& settings);
Run define_models(CLI::App& app, SettingFlags& settings);
Run define_report(CLI::App& app, SettingFlags& settings);
Run define_rescore(CLI::App& app, SettingFlags& settings);
Run define_retry(CLI::App& app, SettingFlags& settings);
Run define_runs(CLI::App& app, SettingFlags& settings);
Run define_score(CLI::App& app, SettingFlags& settings);
Run define_scoring(CLI::App& app, SettingFlags& settings);
Run define_scoring_diff(CLI::App& app, SettingFlags& settings);
Run define_similar(CLI::App& app, SettingFlags& settings);
Run define_status(CLI::App& app, SettingFlags& settings);
Run define_train_classifier(CLI::App& app, SettingFlags& settings);
Run define_undo(CLI::App& app, SettingFlags& settings);

}  // namespace jvmm::cli
