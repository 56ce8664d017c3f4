#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "commands/run_context.hpp"
#include "stage/stage.hpp"

namespace jvmm::commands {

/// An answer that would be stored, beside the one that is: a line of a preview.
struct Change {
  ProfileId profile;
  std::string name = {};
  std::optional<std::string> before = {};  ///< JSON; absent: null
  std::string after = {}, method = {},
              note = {};     ///< after: JSON, or none; note: why there is none, or what comes of it
  std::string summary = {};  ///< of its texts, for people; empty: not asked for
};

/// The lines for people, and as JSON with the member "preview".
std::string changes_text(std::vector<Change> const& changes);
std::string changes_json(std::vector<Change> const& changes, std::string_view command);

/// Why there is no value; empty where there is one.
template <class Value>
std::string reason_of(stage::Outcome<Value> const& outcome) {
  if (auto const* skipped = std::get_if<stage::Skipped>(&outcome)) return skipped->reason;
  if (auto const* failure = std::get_if<stage::RowFailure>(&outcome)) return failure->reason;
  if (auto const* postponed = std::get_if<stage::Postponed>(&outcome)) return postponed->reason;
  return {};
}

}  // namespace jvmm::commands
