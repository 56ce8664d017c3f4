#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace jvmm::commands {

/// Which credentials those must have who are shown. All conditions hold together.
struct CredentialFilter {
  std::vector<std::string> kinds;                 ///< with at least one entry
  std::vector<std::optional<std::string>> words;  ///< per kind: in the entry's name, whatever its case; absent: any
  double least_score = 0;                         ///< 0: none

  bool is_empty() const { return kinds.empty() && least_score == 0; }
};

/// Reads conditions: "credentials.books", "credentials.speaking_events~TEDx", "credentials.credibility_score>=0.5",
/// "credentials.credibility_tier>=medium"; "credentials." may be left out. **Throws** usage.
CredentialFilter parse_credential_filter(std::vector<std::string> const& conditions);

}  // namespace jvmm::commands
