#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "classify/task.hpp"
#include "commands/run_context.hpp"

namespace jvmm::commands {

/// What a sheet is for: a classification, or the credentials that a text claims.
enum class SheetTask { niche, offer_types, content_style, credentials };

/// "niche", "offer_types", "content_style", "credentials".
std::string_view name(SheetTask task);
std::optional<SheetTask> parse_sheet_task(std::string_view text);

/// Absent for credentials.
std::optional<classify::Task> classification(SheetTask task);

struct ExportSampleOptions {
  SheetTask task = SheetTask::niche;
  bool task_given = false;                     ///< the queue is listed whole without
  std::optional<std::string> output;           ///< file; absent: CSV on stdout
  std::int64_t sample = 200;                   ///< rows; 1 to 100,000
  std::int64_t seed = 1;                       ///< not negative
  std::vector<std::string> profile_ids;        ///< these and no sample: ids, files, or "-"; or one sheet, "x.csv"
  bool held = false;                           ///< the review queue in place of a sample
  bool bom = false;                            ///< a byte order mark in front, for Excel
  std::string taxonomy;                        ///< empty: the task's default
  std::optional<std::string> prompt_template;  ///< file; absent: the prompt setting, else the shipped one
  std::optional<std::string> prompt;           ///< file for the prompt, filled with the taxonomy
  std::optional<std::string> settings;         ///< file for settings and prompt, in the form of jvmm.toml

  /// **Throws** usage.
  void validate() const;
};

/// Writes a sheet to label: CSV with a row a profile, its texts, what the keyword rule and the classifier say, and
/// empty columns for labels. The same table and seed give the same sheet, whatever the order of rows in the table.
/// Returns the exit code. **Throws** bad_input: no profile has a text to go by, or ids that are not there; local_io.
/// **Cost** a pass over all profiles (for a sample), memory for the sheet's rows.
/// **Database**: one read-only transaction.
int export_sample(RunContext& context, ExportSampleOptions const& options);

}  // namespace jvmm::commands
