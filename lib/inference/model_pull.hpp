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
  std::string revision;  ///< branch, tag or commit; empty: the commit that was pulled before, else "main"
  bool offline = false;  ///< HF_HUB_OFFLINE: what is installed is verified, and nothing fetched
  std::vector<std::filesystem::path> installed_dirs = {};  ///< where else an installed model may lie
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
  std::string repo;
  std::string revision;  ///< as it was asked for; empty if that is not known
  std::string commit;    ///< of the repository, in 40 digits; empty if the hub did not say it
  std::vector<PulledFile> files;
};

/// Fetches a known model, or any repository ORG/NAME that has config.json, a vocabulary and an ONNX file. Each file
/// appears complete or not at all; one that was interrupted goes on where it stopped. Hashes are compared with what the
/// hub says of large files, and with the shipped or the recorded ones; with another revision than the recorded one
/// those two do not hold. All files are of one commit where the hub tells it. `jvmm-model.json` is written at the end.
/// Pulling again fetches only what is missing or differs.
///
/// **Throws** usage (no such name, no revision), missing_input (a repository without what is needed), bad_answer (wrong
/// hash), lease_held (another pull of the model), configuration (offline, and not installed or damaged), local_io, and
/// as `http::download`. **Cost**: reads every file that is there.
PullReport pull_model(std::string_view name, PullOptions const& options);

}  // namespace jvmm::inference
