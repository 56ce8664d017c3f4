#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.hpp"

namespace jvmm::inference {

struct PullOptions {
  std::string endpoint = "https://huggingface.co";  ///< HF_ENDPOINT: a mirror
  Secret token;                                     ///< HF_TOKEN; only gated models need one
  std::filesystem::path models_dir;                 ///< the model goes to `<models_dir>/<name>`
  /// Told now and then of the file under way; total is 0 where it is not known.
  std::function<void(std::string_view path, std::uint64_t received, std::uint64_t total)> progress;
};

struct PulledFile {
  std::string path;
  std::string sha256;
  std::uint64_t bytes = 0;
  bool fetched = false;  ///< false: it was there already, with the right hash
};

struct PullReport {
  std::string model;
  std::filesystem::path folder;
  std::vector<PulledFile> files;
};

/// Fetches a known model. Each file appears complete or not at all; hashes are compared with the shipped or the
/// recorded ones, and recorded in `jvmm-model.json` at the end. Pulling again fetches only what is missing or differs.
/// **Throws** usage (not a known model), bad_answer (wrong hash), local_io, and as `http::download`.
PullReport pull_model(std::string_view name, PullOptions const& options);

}  // namespace jvmm::inference
