#pragma once

#include <string>

#include "commands/check_profiles/stage.hpp"
#include "stage/engine_types.hpp"

namespace jvmm::commands {

std::string check_report_text(stage::Summary const& summary, CheckCounts const& counts);
std::string check_report_json(stage::Summary const& summary, CheckCounts const& counts, std::string_view fingerprint);

/// What a run would find: the checks themselves, without writing.
std::string check_plan_text(std::uint64_t profiles, CheckCounts const& counts);
std::string check_plan_json(std::uint64_t profiles, CheckCounts const& counts);

/// What was found in some profiles, value by value.
struct CheckedRow {
  store::CheckCandidate row;
  CheckedProfile checked;
};
std::string check_preview_text(std::vector<CheckedRow> const& rows);
std::string check_preview_json(std::vector<CheckedRow> const& rows);

}  // namespace jvmm::commands
