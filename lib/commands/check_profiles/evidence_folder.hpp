#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checks/profile_check.hpp"
#include "store/checked_profiles.hpp"

namespace jvmm::commands {

/// A folder with the text of profiles' pages: ID.txt, plain text, or ID.json, {"text", "fields", "quotes"}
/// (docs/cli/check-profiles.md). Other names are passed over. **Threads** safe once made.
class EvidenceFolder {
 public:
  /// Reads every file once, for its digest, so that none has to be read while a transaction is open. **Throws**
  /// missing_input: no such folder; bad_input: two files of one profile. **Cost** about 150 bytes of memory a file.
  explicit EvidenceFolder(std::filesystem::path folder);

  /// Digests of the files of profiles after < id <= upto.
  std::vector<store::PageDigest> digests(ProfileId const& after, ProfileId const& upto) const;

  /// Absent: the profile has no file. **Throws** bad_input for one that cannot be read, local_io.
  std::optional<checks::PageEvidence> read(ProfileId const& profile) const;

 private:
  std::filesystem::path m_folder;
  struct File {
    std::string name, digest;
  };
  std::map<ProfileId, File> m_files;
};

/// Reads {"fields": [column], "quotes": {column: [text]}} into a page. **Throws** bad_input, naming `source`.
void read_extraction(std::string_view json, std::string_view source, checks::PageEvidence& page);

}  // namespace jvmm::commands
