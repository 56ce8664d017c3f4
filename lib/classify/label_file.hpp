#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "classify/label_names.hpp"
#include "classify/label_values.hpp"
#include "classify/task.hpp"
#include "json/value.hpp"

namespace jvmm::classify {

/// What somebody says is true of a profile.
struct LabelledProfile {
  ProfileId id;
  std::vector<std::string> truth;        ///< right labels; for niche and style the primary alone; empty: none is right
  std::optional<std::string> secondary;  ///< niche and style: the second one
  std::vector<std::string> ignored;      ///< offers that are true but that the texts do not tell
  /// What the file has of the profile, in the shape of a row of `profiles` (`tags` a list); only what is there.
  json::Value profile;
  std::size_t line = 0;

  bool has_texts() const;  ///< any column besides the id
};

struct LabelFile {
  std::vector<LabelledProfile> profiles;  ///< in the order of the file
  std::size_t unlabelled = 0;             ///< rows without a label
  std::size_t unrecoverable = 0;          ///< rows whose texts, as the file says, do not tell the label
};

struct LabelFileOptions {
  Task task = Task::niche;
  std::string label_column = {};  ///< empty: label, labels
};

/// Reads what people labelled:
/// - CSV with a header: `id`, `label` or `labels` (labels_of says what a cell may hold), `secondary` if there is a
///   second one; other columns with the names of profile columns are kept as texts, all others passed over;
/// - JSON lines, plain or gzip, with the same members;
/// - JSON lines in the form of tests/data/fixtures/README.md, where only what is `recoverable` counts.
///
/// **Throws** missing_input, local_io; bad_input, with file, line and column: no such column, no profile id, a profile
/// that comes twice, a label that is none of `names`, no label at all.
/// **Cost** memory for the file.
LabelFile read_label_file(std::string const& path, LabelNames const& names, LabelFileOptions const& options);

/// What a classifier said of profiles.
struct PredictionFile {
  std::map<ProfileId, std::vector<Predicted>> profiles;
  std::string column;       ///< where it stood
  std::size_t foreign = 0;  ///< labels that are none of the taxonomy, counted as they are
};

/// Reads answers of a classifier: CSV or JSON lines as above, with the answer in `prediction_column`, else in
/// `predicted`, `prediction`, the task's column of `profiles`, or `label`; and, for a CSV cell that is no JSON,
/// perhaps its confidence in `confidence`.
/// **Throws** as read_label_file, but a label that is none of `names` is kept.
PredictionFile read_prediction_file(std::string const& path, LabelNames const& names, Task task,
                                    std::string const& prediction_column);

}  // namespace jvmm::classify
