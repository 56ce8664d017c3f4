#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace jvmm::inference {

/// unknown: there is no hash to compare with, only that the file is there.
enum class FileState { ok, differs, missing, unknown };

std::string_view name(FileState state);

struct FileCheck {
  std::string path;
  FileState state = FileState::ok;
  std::string expected;  ///< SHA-256; empty where unknown
  std::string actual;    ///< empty where missing
};

struct ModelCheck {
  std::string model;
  std::filesystem::path folder;
  std::vector<FileCheck> files;
  bool ok = true;  ///< nothing differs or is missing
};

/// What a pull wrote into the model's folder (`jvmm-model.json`).
struct RecordedPull {
  std::string repo, revision, commit;        ///< empty where an older version did not write it
  std::map<std::string, std::string> files;  ///< SHA-256 per path
};

/// Empty if there is none. **Throws** bad_input if it is malformed.
RecordedPull recorded_pull(std::filesystem::path const& folder);

/// Compares each file of an installed model with the hash recorded at its pull, or else the shipped one. Of a model
/// that was neither pulled nor shipped, the weights are hashed and nothing can differ.
/// **Throws** configuration if it is not installed, local_io. **Cost**: reads every file whole.
ModelCheck verify_model(std::string_view name, std::vector<std::filesystem::path> const& models_dirs);

}  // namespace jvmm::inference
