#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "domain/profile.hpp"

namespace jvmm::scoring {

/// Whether rules may name this field: the texts of a profile, "tags" and "content_platforms".
bool is_profile_field(std::string_view field);

/// The text of that name, or null for no text or no such field.
std::optional<std::string> const* text_field(Profile const& profile, std::string_view field);

/// Not null and not empty; blanks are true. Lists and objects: not empty.
bool truthy(Profile const& profile, std::string_view field);

/// Not blank: something is left after stripping.
bool non_blank(std::optional<std::string> const& text);

/// A text that is not blank, or a list (tags) with an element. No object or number ever counts.
bool populated(Profile const& profile, std::string_view field);

/// Stripped length in code points; 0 for null.
std::size_t stripped_length(std::optional<std::string> const& text);

/// Whether a JSON value counts as true: not null, false, 0, empty text, list or object.
bool truthy(json::Value const& value);

/// The value, or what its text says if it is JSON within a JSON string and `decode` is set.
json::Value decoded(json::Value const& value, bool decode);

}  // namespace jvmm::scoring
