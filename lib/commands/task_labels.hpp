#pragma once

#include <string>
#include <vector>

#include "classify/label_names.hpp"
#include "classify/prompt.hpp"
#include "classify/task.hpp"
#include "config/settings.hpp"

namespace jvmm::commands {

/// The labels of a taxonomy as files of labels and prompts speak of them.
struct TaskLabels {
  std::string taxonomy;
  std::vector<classify::LabelName> names;
  std::vector<classify::PromptLabel> prompt;
};

/// `name_or_file`: empty for the one that is set. **Throws** as classify::load_taxonomy.
TaskLabels task_labels(config::Settings const& settings, classify::Task task, std::string const& name_or_file);

}  // namespace jvmm::commands
