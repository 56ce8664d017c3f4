#include "inference/model_check.hpp"

#include <fmt/format.h>

#include <utility>

#include "base/error.hpp"
#include "inference/model_registry.hpp"
#include "json/parse.hpp"
#include "json/ref.hpp"
#include "text/digest.hpp"

namespace jvmm::inference {
namespace {

namespace fs = std::filesystem;

/// Expected hash per path; empty where none is known.
std::map<std::string, std::string> expected_hashes(std::string_view name, fs::path const& folder) {
  std::map<std::string, std::string> out;
  if (auto const* known = find_known_model(name))
    for (auto const& file : known->files)
      out[file.path] = file.setup_sha256.empty() ? file.sha256 : file.setup_sha256;
  for (auto const& [path, sha256] : recorded_pull(folder).files)
    out[path] = sha256;
  if (out.empty()) out[fs::relative(weights_path(folder), folder).string()] = "";
  return out;
}

FileCheck check_file(fs::path const& folder, std::string const& path, std::string const& expected) {
  FileCheck out{path, FileState::ok, expected, {}};
  if (!fs::exists(folder / path)) {
    out.state = FileState::missing;
    return out;
  }
  out.actual = text::sha256_file_hex(folder / path);
  if (expected.empty())
    out.state = FileState::unknown;
  else if (expected != out.actual)
    out.state = FileState::differs;
  return out;
}

}  // namespace

std::string_view name(FileState state) {
  switch (state) {
    case FileState::ok:
      return "ok";
    case FileState::differs:
      return "differs";
    case FileState::missing:
      return "missing";
    case FileState::unknown:
      return "unknown";
  }
  return "unknown";
}

RecordedPull recorded_pull(fs::path const& folder) {
  RecordedPull out;
  auto const path = folder / "jvmm-model.json";
  if (!fs::exists(path)) return out;
  auto const document = json::parse_file(path);
  json::Ref const root(document, path.string());
  for (auto const& [member, target] :
       {std::pair("repo", &out.repo), std::pair("revision", &out.revision), std::pair("commit", &out.commit)})
    if (auto const found = root.find(member)) *target = found->string();
  for (auto const& [file, sha256] : root["files"].members())
    out.files[file] = sha256.string();
  return out;
}

ModelCheck verify_model(std::string_view name, std::vector<fs::path> const& models_dirs) {
  auto const folder = find_model_folder(name, models_dirs);
  if (!folder)
    throw Error(Kind::configuration, fmt::format("model {} is not installed", name))
        .hint(fmt::format("run 'jvmm models pull {}'", name));
  ModelCheck out{std::string(name), *folder, {}, true};
  for (auto const& [path, expected] : expected_hashes(name, *folder)) {
    out.files.push_back(check_file(*folder, path, expected));
    auto const state = out.files.back().state;
    if (state == FileState::differs || state == FileState::missing) out.ok = false;
  }
  return out;
}

}  // namespace jvmm::inference
