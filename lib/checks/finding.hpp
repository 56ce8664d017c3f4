#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace jvmm::checks {

enum class Severity {
  note,     ///< mechanical, or worth knowing: counted, not held for a person
  warning,  ///< held for a person
  error,    ///< the value cannot be what the column is for: held for a person
};
std::string_view name(Severity severity);

/// One thing found about one column. `code` is permanent: docs/cli/check-profiles.md lists them.
struct Finding {
  std::string_view code;
  Severity severity = Severity::note;
  std::string detail;  ///< for people
};

/// What a column should hold instead.
struct Proposal {
  std::optional<std::string> value;  ///< absent: nothing
  bool safe = true;                  ///< nothing is lost: may be written without asking
};

/// What was found about one column; nothing, where all is well.
struct ColumnCheck {
  std::vector<Finding> findings;
  std::optional<Proposal> proposal;

  bool ok() const { return findings.empty(); }

  /// The gravest finding, the first of equals. REQUIRES: !ok().
  Finding const& gravest() const;

  /// Warnings or errors: to be held for a person.
  bool holds() const;

  /// All details, gravest first, separated by "; ".
  std::string details() const;

  void add(std::string_view code, Severity severity, std::string detail) {
    findings.push_back({code, severity, std::move(detail)});
  }
};

}  // namespace jvmm::checks
