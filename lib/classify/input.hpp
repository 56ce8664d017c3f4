#pragma once

#include <optional>
#include <string>

#include "json/ref.hpp"

namespace jvmm::classify {

/// What of a profile is read, as stored: not stripped, markup and all. `tags`: the strings of the list, joined by ", ".
/// `business_focus` is never read.
struct Input {
  std::optional<std::string> niche = {}, tags = {}, what_you_do = {}, who_you_serve = {}, offering = {},
                             signature_programs = {}, bio = {}, page_text = {};
};

/// From a row in the shape of tests/data/fixtures/README.md or of `to_jsonb(profiles)`. What is no text is absent; tags
/// that are no strings are left out.
Input read_input(json::Ref const& row);

}  // namespace jvmm::classify
