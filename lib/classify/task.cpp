#include "classify/task.hpp"

namespace jvmm::classify {
namespace {

struct TaskRow {
  std::string_view name, column, taxonomy;
  std::size_t max_labels;
};

constexpr std::array<TaskRow, k_tasks.size()> k_rows{{{"niche", "niche_categories", "niche-25", 3},
                                                      {"offer_types", "offer_types", "offers-17", 5},
                                                      {"content_style", "content_style", "style-7", 2}}};

TaskRow const& row(Task task) {
  return k_rows[static_cast<std::size_t>(task)];
}

}  // namespace

std::string_view name(Task task) {
  return row(task).name;
}

std::optional<Task> parse_task(std::string_view text) {
  for (auto const task : k_tasks)
    if (name(task) == text) return task;
  return std::nullopt;
}

std::string_view column(Task task) {
  return row(task).column;
}

std::string_view default_taxonomy(Task task) {
  return row(task).taxonomy;
}

std::size_t max_labels(Task task) {
  return row(task).max_labels;
}

}  // namespace jvmm::classify
