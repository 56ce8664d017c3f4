#include "commands/task_labels.hpp"

#include <algorithm>

#include "classify/taxonomy.hpp"
#include "commands/cascade_settings.hpp"

namespace jvmm::commands {

TaskLabels task_labels(config::Settings const& settings, classify::Task task, std::string const& name_or_file) {
  auto const taxonomy =
      name_or_file.empty() ? configured_taxonomy(settings, task) : classify::load_taxonomy(name_or_file, task);
  TaskLabels out{taxonomy.name, {}, {}};
  for (auto const& label : taxonomy.labels) {
    auto& [key, others] = out.names.emplace_back(classify::LabelName{label.key, label.synonyms});
    if (label.name != key && std::find(others.begin(), others.end(), label.name) == others.end())
      others.push_back(label.name);
    out.prompt.push_back({label.key, label.description});
  }
  return out;
}

}  // namespace jvmm::commands
