#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace jvmm::classify {

/// What a profile is sorted by. The names are those of `--task`, of taxonomy files and of label files.
enum class Task : std::uint8_t { niche, offer_types, content_style };

inline constexpr std::array k_tasks{Task::niche, Task::offer_types, Task::content_style};

/// "niche", "offer_types", "content_style".
std::string_view name(Task task);
std::optional<Task> parse_task(std::string_view text);

/// The column of `profiles` with the answer: "niche_categories", "offer_types", "content_style".
std::string_view column(Task task);

/// The name of the shipped taxonomy that is used where none is named: "niche-25", "offers-17", "style-7".
std::string_view default_taxonomy(Task task);

/// How many labels a profile is given at most: 3, 5, 2 (a primary and a secondary style).
std::size_t max_labels(Task task);

}  // namespace jvmm::classify
