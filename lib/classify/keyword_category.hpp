#pragma once

#include <span>
#include <string_view>

namespace jvmm::classify {

/// The category that the community graph's keyword rule gives a niche as stored: the first of twelve names that stands
/// in it, capitals as written; one of ten categories, or "Unknown". What classification is compared with.
std::string_view keyword_category(std::string_view niche);

inline constexpr std::string_view k_unknown_category = "Unknown";

/// The labels of the shipped niche taxonomies that a category could mean; none for "Unknown".
std::span<std::string_view const> labels_of_category(std::string_view category);

/// Whether any category could mean the label.
bool is_meant_by_category(std::string_view label);

}  // namespace jvmm::classify
