#pragma once

#include <string>
#include <vector>

#include "classify/label_names.hpp"
#include "classify/prompt.hpp"
#include "classify/task.hpp"

namespace jvmm::commands {

/// The labels of a taxonomy as files of labels and prompts speak of them.
struct TaskLabels {
  std::string taxonomy;
  std::vector<classify::LabelName> names;
  std::vector<classify::PromptLabel> prompt;
};

/// `name_or_file`: empty for the task's default. **Throws** as classify::load_taxonomy.
TaskLabels task_labels(classify::Task task, std::string const& name_or_file);

}  // namespace jvmm::commands
