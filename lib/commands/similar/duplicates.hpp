#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "db/transaction.hpp"

namespace jvmm::commands {

struct DuplicateProfile {
  ProfileId id;
  std::string name, email, company;
};

/// Profiles that look like one person, directly or by way of one another.
struct DuplicateGroup {
  std::vector<DuplicateProfile> profiles;  ///< by id
  std::vector<std::string> evidence;       ///< what they were found by, sorted
};

/// All groups of the table, by their first id (docs/algorithms/duplicates.md).
/// **Cost** one pass over the table; memory about 300 bytes a profile, and the vectors of 2,000.
std::vector<DuplicateGroup> find_duplicates(db::ReadTx& tx);

/// A page of groups for people, or for programs.
std::string duplicates_text(std::vector<DuplicateGroup> const& all, std::vector<DuplicateGroup> const& shown,
                            std::optional<ProfileId> const& next);
std::string duplicates_json(std::vector<DuplicateGroup> const& all, std::vector<DuplicateGroup> const& shown,
                            std::optional<ProfileId> const& of, std::optional<ProfileId> const& next);

}  // namespace jvmm::commands
