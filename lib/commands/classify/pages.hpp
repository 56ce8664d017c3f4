#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "store/classifications.hpp"

namespace jvmm::commands {

/// Texts of profiles' pages as files of a folder, named by profile: ID.txt or ID.html. **Threads**: safe.
class PageFolder {
 public:
  /// **Throws** missing_input if there is no such folder.
  explicit PageFolder(std::filesystem::path folder);

  /// Hashes of the texts that are there. **Throws** local_io for a file that cannot be read, as `read`.
  store::PageHashes hashes(std::span<ProfileId const> ids) const;

  /// The first MiB, ill-formed UTF-8 and NUL replaced; absent if there is no file.
  std::optional<std::string> read(ProfileId const& id) const;

 private:
  std::filesystem::path m_folder;
};

}  // namespace jvmm::commands
