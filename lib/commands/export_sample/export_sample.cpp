#include "commands/export_sample/export_sample.hpp"

#include <fmt/format.h>

#include <array>
#include <functional>
#include <memory>
#include <set>

#include "base/error.hpp"
#include "classify/keyword_category.hpp"
#include "classify/prompt.hpp"
#include "commands/batch_options.hpp"
#include "commands/export_sample/settings_file.hpp"
#include "commands/export_sample/sheet.hpp"
#include "commands/export_sample/stratified.hpp"
#include "commands/output_file.hpp"
#include "commands/task_labels.hpp"
#include "db/sql.hpp"
#include "json/writer.hpp"
#include "log/text_table.hpp"
#include "store/migrations.hpp"
#include "text/canonical.hpp"
#include "text/csv.hpp"

namespace jvmm::commands {
namespace {

constexpr std::int64_t k_most_rows = 100'000, k_page = 5'000, k_held_page = 200;

struct TaskRow {
  SheetTask task;
  std::string_view name;
  std::optional<classify::Task> classification;
  std::string_view prompt_setting;
};

constexpr std::array<TaskRow, 4> k_tasks{
    {{SheetTask::niche, "niche", classify::Task::niche, "prompt_niche"},
     {SheetTask::offer_types, "offer_types", classify::Task::offer_types, "prompt_offers"},
     {SheetTask::content_style, "content_style", classify::Task::content_style, "prompt_style"},
     {SheetTask::credentials, "credentials", std::nullopt, "prompt_credentials"}}};

TaskRow const& row_of(SheetTask task) {
  return k_tasks[static_cast<std::size_t>(task)];
}

/// What was written, and of which strata.
struct Exported {
  std::vector<Stratum> strata;
  std::size_t profiles = 0;  ///< that could have been taken
  std::size_t rows = 0;
};

/// Where CSV goes: a file that appears when it is whole, or stdout.
class Sheet {
 public:
  Sheet(RunContext const& context, ExportSampleOptions const& options, std::vector<std::string> const& columns)
      : m_context(context) {
    if (options.output) m_file = std::make_unique<OutputFile>(*options.output);
    text::CsvWriter header(options.bom ? text::ByteOrderMark::yes : text::ByteOrderMark::no);
    header.add(columns);
    write(std::move(header).take());
  }

  void add(std::span<SheetRow const> rows) {
    text::CsvWriter writer;
    for (auto const& row : rows)
      writer.add(row);
    write(std::move(writer).take());
  }

  void finish() {
    if (m_file) m_file->finish();
  }

 private:
  void write(std::string const& text) {
    if (m_file)
      m_file->write(text);
    else
      m_context.print(text);
  }

  RunContext const& m_context;
  std::unique_ptr<OutputFile> m_file;
};

/// The primary niche that is stored, else the category of the keyword rule.
std::string stratum_of(db::Row const& row) {
  auto const category = row.optional<std::string>("category");
  if (category && !text::strip(*category).empty()) return *category;
  auto const niche = row.optional<std::string>("niche").value_or("");
  return fmt::format("keyword: {}", classify::keyword_category(niche));
}

StratifiedSample draw(db::ReadTx& tx, ExportSampleOptions const& options) {
  StratifiedSample sample(static_cast<std::size_t>(options.sample), static_cast<std::uint64_t>(options.seed));
  ProfileId after;
  while (true) {
    auto const rows = tx.exec(db::sql::sample_page, db::Params().add(after).add(k_page).add(name(options.task)));
    for (auto const row : rows) {
      after = row.get<ProfileId>("id");
      if (row.get<bool>("has_text")) sample.add(after, stratum_of(row));
    }
    if (rows.size() < k_page) return sample;
  }
}

/// The column id of a sheet.
std::vector<ProfileId> ids_of_sheet(std::string const& path) {
  auto const content = text::read_text_file(path);
  text::CsvTable table(content, path);
  auto const column = table.require("id");
  std::vector<ProfileId> ids;
  std::set<ProfileId> seen;
  while (auto const row = table.next()) {
    auto const id = ProfileId::parse(text::strip(row->cells[column]));
    if (!id) throw table.error(*row, column, fmt::format("'{}' is no profile id (uuid)", row->cells[column]));
    if (seen.insert(*id).second) ids.push_back(*id);
  }
  if (ids.empty()) throw Error(Kind::bad_input, path + ": no row below the header");
  return ids;
}

std::vector<ProfileId> named_profiles(std::vector<std::string> const& arguments) {
  bool const sheet = arguments.size() == 1 && arguments.front().ends_with(".csv");
  return sheet ? ids_of_sheet(arguments.front()) : read_profile_ids(arguments);
}

Exported export_profiles(RunContext const& context, db::ReadTx& tx, ExportSampleOptions const& options) {
  Exported out;
  std::vector<ProfileId> ids;
  if (options.profile_ids.empty()) {
    auto sample = draw(tx, options);
    ids = sample.take();
    out.strata = sample.strata();
    if (ids.empty())
      throw Error(Kind::bad_input, fmt::format("no profile has a text to go by for {}", name(options.task)));
  } else {
    ids = named_profiles(options.profile_ids);
  }
  auto const rows = sheet_rows(tx, options.task, ids);
  Sheet sheet(context, options, sheet_columns(options.task));
  sheet.add(rows);
  sheet.finish();
  for (auto const& stratum : out.strata)
    out.profiles += stratum.profiles;
  if (out.strata.empty()) out.profiles = rows.size();
  out.rows = rows.size();
  return out;
}

Exported export_held(RunContext const& context, db::ReadTx& tx, ExportSampleOptions const& options) {
  Exported out;
  std::map<std::string, std::size_t> reasons;
  Sheet sheet(context, options, held_columns());
  auto const task = options.task_given ? std::optional(options.task) : std::nullopt;
  for (std::int64_t after = 0;;) {
    auto const page = held_page(tx, task, after, k_held_page);
    sheet.add(page.rows);
    out.rows += page.rows.size();
    for (auto const& reason : page.reasons)
      ++reasons[reason];
    if (std::ssize(page.rows) < k_held_page) break;
    after = page.last;
  }
  sheet.finish();
  for (auto const& [reason, count] : reasons)
    out.strata.push_back({reason, count, count});
  out.profiles = out.rows;
  return out;
}

classify::Prompt open_prompt(RunContext const& context, ExportSampleOptions const& options) {
  if (options.prompt_template)
    return classify::parse_prompt(text::read_text_file(*options.prompt_template), *options.prompt_template);
  auto const key = row_of(options.task).prompt_setting;
  for (auto const& spec : config::setting_table())
    if (spec.key == key) return classify::load_prompt(name(options.task), context.settings.text(key));
  return classify::shipped_prompt(name(options.task));
}

void write_file(std::string const& path, std::string const& text) {
  OutputFile file(path);
  file.write(text);
  file.finish();
}

/// The files beside the sheet, opened and checked before anything is asked of the database.
void write_prompt_files(RunContext const& context, ExportSampleOptions const& options, classify::Prompt const& prompt) {
  if (options.prompt) {
    auto const task = classification(options.task);
    auto const labels =
        task ? task_labels(context.settings, *task, options.taxonomy).prompt : std::vector<classify::PromptLabel>{};
    write_file(*options.prompt, classify::sheet_prompt(prompt, labels));
  }
  if (options.settings)
    write_file(*options.settings, settings_file(context.settings, std::string(row_of(options.task).prompt_setting),
                                                classify::template_text(prompt)));
}

std::string as_text(ExportSampleOptions const& options, Exported const& exported) {
  auto text = fmt::format("{} of {} {} in {}\n", exported.rows, exported.profiles,
                          options.held ? "entries of the review queue" : "profiles", log::one_line(*options.output));
  log::TextTable table({{options.held ? "reason" : "stratum", log::Align::left, 60},
                        {options.held ? "entries" : "profiles", log::Align::right},
                        {"in the sheet", log::Align::right}});
  for (auto const& [stratum, profiles, sampled] : exported.strata)
    table.add({stratum, std::to_string(profiles), std::to_string(sampled)});
  return exported.strata.empty() ? text : text + table.text();
}

std::string as_json(ExportSampleOptions const& options, Exported const& exported, classify::Prompt const& prompt) {
  json::Writer out;
  out.begin_object().member("command", "export-sample").key("task");
  options.held && !options.task_given ? out.null() : out.value(name(options.task));
  out.member("held", options.held).member("output", *options.output).member("seed", options.seed);
  out.member("profiles", exported.profiles).member("rows", exported.rows).key("columns").begin_array();
  for (auto const& column : options.held ? held_columns() : sheet_columns(options.task))
    out.value(column);
  out.end_array().key("strata").begin_array();
  for (auto const& [stratum, profiles, sampled] : exported.strata)
    out.begin_object().member("stratum", stratum).member("profiles", profiles).member("sampled", sampled).end_object();
  out.end_array().member("prompt_hash", prompt.hash).end_object();
  return std::move(out).take() + "\n";
}

}  // namespace

std::string_view name(SheetTask task) {
  return row_of(task).name;
}

std::optional<SheetTask> parse_sheet_task(std::string_view text) {
  for (auto const& row : k_tasks)
    if (row.name == text) return row.task;
  return std::nullopt;
}

std::optional<classify::Task> classification(SheetTask task) {
  return row_of(task).classification;
}

void ExportSampleOptions::validate() const {
  if (sample < 1 || sample > k_most_rows) throw Error(Kind::usage, fmt::format("--sample takes 1 to {}", k_most_rows));
  if (seed < 0) throw Error(Kind::usage, "--seed takes a number that is not negative");
  if (held && !profile_ids.empty())
    throw Error(Kind::usage, "--held lists the whole queue: it goes without --profile-ids");
  if (!held && !task_given) throw Error(Kind::usage, "--task says what is to be labelled; only --held goes without");
  if (held && !task_given && (prompt || settings || prompt_template))
    throw Error(Kind::usage, "--task says whose prompt it is");
  if (task == SheetTask::credentials && !taxonomy.empty())
    throw Error(Kind::usage, "credentials have no taxonomy: leave --taxonomy out");
}

int export_sample(RunContext& context, ExportSampleOptions const& options) {
  options.validate();
  if (!options.output && context.format() == OutputFormat::json)
    throw Error(Kind::usage, "with --format json stdout has the summary: give the sheet a file with --output");
  auto const prompt = open_prompt(context, options);
  db::Connection connection(context.database("export-sample"));
  db::ReadTx tx(connection, {.isolation = db::Isolation::repeatable_read});
  store::require_migrated(tx);
  auto const exported = options.held ? export_held(context, tx, options) : export_profiles(context, tx, options);
  write_prompt_files(context, options, prompt);
  if (!options.output) return 0;
  if (context.format() == OutputFormat::json)
    context.print(as_json(options, exported, prompt));
  else if (!context.quiet)
    context.print(as_text(options, exported));
  return 0;
}

}  // namespace jvmm::commands
