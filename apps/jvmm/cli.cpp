#include "cli.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <memory>

#include "base/error.hpp"
#include "db/errors.hpp"
#include "json/writer.hpp"
#include "signals.hpp"

namespace jvmm::cli {
namespace {

/// Options that every command has, before or after its name.
struct GlobalFlags {
  std::string config_file;
  bool quiet = false;
  bool log_sql = false;
};

std::optional<std::string> environment(std::string const& name) {
  char const* value = std::getenv(name.c_str());
  return value ? std::optional<std::string>(value) : std::nullopt;
}

void add_global_options(CLI::App& app, GlobalFlags& flags, SettingFlags& settings) {
  auto const group = "Global options";
  app.set_help_flag("-h,--help", "Show this help and exit")->group(group);
  app.set_version_flag("--version", "jvmm " + std::string(commands::version()), "Show the version and exit")
      ->group(group);
  app.add_option("--config", flags.config_file, "Settings file to read before ./jvmm.toml and the user's")
      ->option_text("FILE")
      ->group(group);
  app.add_flag("-q,--quiet", flags.quiet, "Errors only: no progress, no summary")->group(group);
  app.add_flag("--log-sql", flags.log_sql, "Log every statement with rows and milliseconds")->group(group);
  settings.add(app, "--format", "format", "Form of the result on stdout: text or json [text]");
  settings.add(app, "--log-level", "log_level", "error, warn, info or debug [info]");
  settings.add(app, "--log-format", "log_format", "Form of events on stderr: text or json [text]");
  settings.add(app, "--progress", "progress", "Status line: auto, always or never [auto]");
  for (auto const* name : {"--format", "--log-level", "--log-format", "--progress"})
    app.get_option(name)->group(group);
}

config::Settings resolve_settings(GlobalFlags const& flags, SettingFlags const& settings) {
  auto files = config::usual_files(environment);
  if (!flags.config_file.empty()) {
    if (!std::filesystem::exists(flags.config_file))
      throw Error(Kind::missing_input, "--config: there is no file '" + flags.config_file + "'");
    files.insert(files.begin(), flags.config_file);
  }
  return config::Settings::resolve({settings.given(), environment, files});
}

/// Without this a socket or a file could take the number of a standard stream that is closed, and be written into.
void occupy_closed_streams() {
  int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
  while (fd >= 0 && fd <= STDERR_FILENO)
    fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (fd > STDERR_FILENO) close(fd);
}

/// A core dump is a copy of all that the program knows.
void forbid_core_dumps_with_secrets(config::Settings const& settings) {
  for (auto const& spec : config::setting_table())
    if (spec.secret && !settings.secret(spec.key).empty()) prctl(PR_SET_DUMPABLE, 0);
}

/// Shows help, version or what is wrong with the arguments. Returns the exit code.
int report_parse(CLI::App& app, CLI::ParseError const& error) {
  // CLI11 only says that a command is missing where there is one that it does not know.
  if (auto const left = app.remaining(true); !left.empty() && dynamic_cast<CLI::RequiredError const*>(&error)) {
    std::cerr << "there is no command '" << left.front() << "'; 'jvmm --help' lists them\n";
    return exit_code(Kind::usage);
  }
  if (app.exit(error, std::cout, std::cerr) != 0) return exit_code(Kind::usage);
  return std::cout.flush() ? 0 : exit_code(Kind::local_io);
}

std::string arguments_json(int argc, char** argv) {
  json::Writer out;
  out.begin_object().key("argv").begin_array();
  for (int i = 1; i < argc; ++i)
    out.value(argv[i]);
  out.end_array().end_object();
  return std::move(out).take();
}

/// Runs `work`; whatever it throws becomes a message with the next step, and an exit code.
int report_errors(log::Logger& log, std::function<int()> const& work) {
  try {
    return work();
  } catch (Error const& error) {
    log.error("{}", error.what());
    return exit_code(error.kind());
  } catch (db::CommitInDoubt const& doubt) {
    log.error("{}; it may or may not have happened: run the same command again", doubt.what());
    return exit_code(Kind::unavailable);
  } catch (std::exception const& error) {
    log.error("unforeseen: {}; please report this with the command and the log", error.what());
    return exit_code(Kind::internal);
  }
}

int run_command(Run const& run, GlobalFlags const& flags, SettingFlags const& setting_flags, int argc, char** argv) {
  log::Logger early(stderr, log::Level::info, log::Format::text, system_clock());
  std::unique_ptr<config::Settings> settings;
  int const resolved = report_errors(early, [&] {
    settings = std::make_unique<config::Settings>(resolve_settings(flags, setting_flags));
    return 0;
  });
  if (!settings) return resolved;
  forbid_core_dumps_with_secrets(*settings);

  auto const level = flags.quiet ? log::Level::error : *log::parse_level(settings->text("log_level"));
  log::Logger log(stderr, level, *log::parse_format(settings->text("log_format")), system_clock());
  static StopToken stop;  // signal handlers keep a pointer to it
  install_signal_handlers(stop);
  commands::RunContext context{*settings,   log,          system_clock(), stop, stdout, arguments_json(argc, argv),
                               flags.quiet, flags.log_sql};
  return report_errors(log, [&] { return run(context); });
}

}  // namespace

void SettingFlags::add(CLI::App& app, std::string const& flag, std::string const& key, std::string const& help) {
  app.add_option_function<std::string>(
         flag, [this, key](std::string const& value) { m_given[key] = value; }, help)
      ->option_text("VALUE");
}

int run_program(std::span<Command const> commands, int argc, char** argv) {
  occupy_closed_streams();
  CLI::App app(
      "jvmm enriches the profiles of a joint-venture matching company and scores who should partner with whom.",
      "jvmm");
  GlobalFlags flags;
  SettingFlags settings;
  add_global_options(app, flags, settings);
  app.require_subcommand(1);
  app.fallthrough();
  app.get_formatter()->column_width(36);
  app.footer(
      "'jvmm COMMAND --help' has each command's options and examples.\n"
      "Exit codes: 0 done, 1 rows failed, 64-78 as in sysexits.h, 75 stopped early: run the same again.");

  std::map<CLI::App*, Run> runs;
  for (auto const& command : commands) {
    auto* sub = app.add_subcommand(std::string(command.name), std::string(command.summary));
    sub->group(std::string(command.group));
    sub->fallthrough();
    runs[sub] = command.define(*sub, settings);
  }
  try {
    app.parse(argc, argv);
  } catch (CLI::ParseError const& error) {
    return report_parse(app, error);
  }
  return run_command(runs.at(app.get_subcommands().front()), flags, settings, argc, argv);
}

void add_dry_run(CLI::App& app, bool& dry_run) {
  app.add_flag("-n,--dry-run", dry_run, "Say what would be done, in a read-only transaction; asks no model");
}

void add_selection_options(CLI::App& app, commands::BatchOptions& options) {
  auto const selection = "Which rows";
  app.add_option("--profile-ids", options.profile_ids, "Only these: ids, files with an id a line, or - for stdin")
      ->option_text("ID|FILE|- …")
      ->group(selection);
  app.add_option("--since", options.since, "Only profiles updated since: a date, a time or an age such as 7d")
      ->option_text("TIME")
      ->group(selection);
  app.add_option("--stale-days", options.stale_days, "Also redo what is older than this many days")
      ->option_text("DAYS")
      ->check(CLI::NonNegativeNumber)
      ->group(selection);
  app.add_flag("--force", options.force, "Redo all of it, stale or not")->group(selection);
  app.add_option("--shard", options.shard, "Part I (from 0) of N equal parts of the id space [0/1]")
      ->option_text("I/N")
      ->group(selection);
}

void add_batch_options(CLI::App& app, commands::BatchOptions& options, SettingFlags& settings) {
  add_selection_options(app, options);
  auto const limits = "How far";
  add_dry_run(app, options.dry_run);
  app.get_option("--dry-run")->group(limits);
  app.add_option("--preview", options.preview, "Compute N rows, show before and after, write nothing")
      ->option_text("N")
      ->check(CLI::NonNegativeNumber)
      ->group(limits);
  app.add_option("--limit", options.limit, "Stop after this many rows [none]")
      ->option_text("ROWS")
      ->check(CLI::NonNegativeNumber)
      ->group(limits);
  app.add_option("--max-failures", options.max_failures, "Stop once more rows than this failed [none]")
      ->option_text("ROWS")
      ->check(CLI::NonNegativeNumber)
      ->group(limits);
  app.add_option("--max-minutes", options.max_minutes, "Stop after this many minutes [none]")
      ->option_text("MINUTES")
      ->check(CLI::NonNegativeNumber)
      ->group(limits);
  settings.add(app, "--batch-size", "batch_size", "Rows computed and committed together [100]");
  app.get_option("--batch-size")->group(limits);
}

void add_embedding_route(CLI::App& app, SettingFlags& settings) {
  settings.add(app, "--model", "model", "A model in this process: a known name, a folder, or hashing:DIMS");
  settings.add(app, "--threads", "threads", "Threads for such a model; 0: the cores there are [0]");
  settings.add(app, "--embed", "embed", "Route: backends in order, as in tei:URL,hf:ORG/NAME [the preset's]");
  settings.add(app, "--preset", "preset", "Backends by name: local, strategy, strategy-minilm [local]");
  settings.add(app, "--prices", "prices", "Price table: a name or a file [hf-inference-2026-08]");
  for (auto const* name : {"--model", "--threads", "--embed", "--preset", "--prices"})
    app.get_option(name)->group("Model");
}

void add_service_limits(CLI::App& app, commands::BatchOptions& options) {
  auto const group = "How far";
  app.add_option("--max-requests", options.max_requests, "Stop after this many requests to services [none]")
      ->option_text("N")
      ->check(CLI::NonNegativeNumber)
      ->group(group);
  app.add_option("--max-cost", options.max_cost_usd, "Stop before services cost more than this many dollars [none]")
      ->option_text("USD")
      ->check(CLI::NonNegativeNumber)
      ->group(group);
}

classify::Task parse_task(std::string const& text) {
  if (auto const task = classify::parse_task(text)) return *task;
  throw Error(Kind::usage, "'" + text + "' is no task; expected niche, offer_types or content_style");
}

void add_examples(CLI::App& app, std::string const& examples, std::string const& exit_codes) {
  app.footer("Examples:\n" + examples + (exit_codes.empty() ? "" : "\nExit codes: " + exit_codes));
}

}  // namespace jvmm::cli
