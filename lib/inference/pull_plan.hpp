#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace jvmm::inference {

struct WantedFile {
  std::string path;                  ///< in the model's folder
  std::vector<std::string> sources;  ///< in the hub's repository; the first that is there
  std::string sha256;                ///< of the hub's file; empty if not known
  std::string setup_sha256;          ///< of the file that set-up makes, where that is another
  bool optional = false;
};

/// What a pull has to fetch, in this order.
struct PullPlan {
  std::string name;  ///< of the model, and of its folder
  std::string repo;  ///< on the hub
  std::vector<WantedFile> files;
};

/// The shipped list's files of a known model; else those that any repository ORG/NAME may have, config.json last: a
/// folder with one counts as an installed model. **Throws** usage.
PullPlan plan_pull(std::string_view name);

/// As it stands in a URL. **Throws** usage for what can be no branch, tag or commit.
std::string encoded_revision(std::string_view revision);

}  // namespace jvmm::inference
