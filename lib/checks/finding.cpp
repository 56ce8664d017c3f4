#include "checks/finding.hpp"

#include <algorithm>

namespace jvmm::checks {

std::string_view name(Severity severity) {
  switch (severity) {
    case Severity::note:
      return "note";
    case Severity::warning:
      return "warning";
    case Severity::error:
      return "error";
  }
  return "";
}

Finding const& ColumnCheck::gravest() const {
  return *std::ranges::max_element(findings, {}, &Finding::severity);
}

bool ColumnCheck::holds() const {
  return !ok() && gravest().severity > Severity::note;
}

std::string ColumnCheck::details() const {
  auto sorted = findings;
  std::ranges::stable_sort(sorted, std::greater{}, &Finding::severity);
  std::string text;
  for (auto const& finding : sorted)
    text += (text.empty() ? "" : "; ") + finding.detail;
  return text;
}

}  // namespace jvmm::checks
