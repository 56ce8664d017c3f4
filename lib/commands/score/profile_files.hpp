#pragma once

#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/ids.hpp"
#include "domain/profile.hpp"
#include "json/ref.hpp"

namespace jvmm::commands {

/// Profiles in the order of their file.
struct ProfileSet {
  std::vector<Profile> profiles;
  std::unordered_map<ProfileId, std::size_t> index;

  /// The place of the profile with this id. **Throws** bad_input if there is none.
  std::size_t at(json::Ref const& id) const;
};

/// Calls `use` with each line as JSON that knows its file and line; blank lines are skipped. What `use` throws goes on.
/// **Throws** bad_input, missing_input, local_io.
void for_each_json_line(std::string const& path, std::function<void(json::Ref const& row)> const& use);

/// A line is a profile or `{"profile": …}`; vectors come from `embeddings` (empty: none), or from the profile itself.
/// **Throws** as above; bad_input also for an id that comes twice and for vectors of a profile that is not there.
ProfileSet read_profile_files(std::string const& profiles, std::string const& embeddings);

/// What most profiles with a vector say of their model; empty: nothing.
std::string prevailing_model(ProfileSet const& set);

/// Of most vectors, the number of dimensions; 0: there is no vector.
std::size_t prevailing_dims(ProfileSet const& set);

}  // namespace jvmm::commands
