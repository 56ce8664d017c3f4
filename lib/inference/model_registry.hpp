#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "inference/model_files.hpp"

namespace jvmm::inference {

struct KnownFile {
  std::string path;          ///< in the model's folder
  std::string source;        ///< in the hub's repository
  std::string sha256;        ///< of the hub's file; empty where it is recorded at the first pull
  std::string setup_sha256;  ///< of the file that set-up makes, where that is another
};

/// A model that can be asked for by name.
struct KnownModel {
  std::string name;
  std::string repo;  ///< on the hub, "BAAI/bge-small-en-v1.5"
  std::string about;
  std::string licence;
  std::size_t dims = 0;
  std::size_t window_tokens = 0;
  Pooling pooling = Pooling::mean;
  bool normalise = true;
  std::vector<KnownFile> files;
};

/// The shipped list (models.json). Thread-safe.
std::span<KnownModel const> known_models();

/// By name or repository; nullptr if it is not known.
KnownModel const* find_known_model(std::string_view name);

/// The text of models.json.
std::string_view models_json();

/// Where a model is installed: the first of the folders `<dir>/<name>` with a config.json; a name with a '/' may also
/// be a folder's own path. Absent if it is nowhere.
std::optional<std::filesystem::path> find_model_folder(std::string_view name,
                                                       std::span<std::filesystem::path const> models_dirs);

struct ListedModel {
  KnownModel const* known = nullptr;  ///< nullptr for a folder that is not in the shipped list
  std::string name;
  std::optional<std::filesystem::path> folder;  ///< absent if not installed
};

/// Every known model, then whatever else lies in the folders, by name.
std::vector<ListedModel> list_models(std::span<std::filesystem::path const> models_dirs);

}  // namespace jvmm::inference
