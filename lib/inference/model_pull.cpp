#include "inference/model_pull.hpp"

#include <fmt/format.h>

#include <fstream>
#include <map>

#include "base/error.hpp"
#include "http/download.hpp"
#include "inference/model_check.hpp"
#include "inference/model_registry.hpp"
#include "json/writer.hpp"
#include "text/digest.hpp"

namespace jvmm::inference {
namespace {

namespace fs = std::filesystem;

KnownModel const& known_or_throw(std::string_view name) {
  if (auto const* known = find_known_model(name)) return *known;
  std::vector<std::string_view> names;
  for (auto const& model : known_models())
    names.push_back(model.name);
  throw Error(Kind::usage,
              fmt::format("model {} is not in the list of known models ({})", name, fmt::join(names, ", ")))
      .hint("any other BERT model in ONNX can be used by the path of its folder");
}

void create_folder(fs::path const& folder) {
  std::error_code code;
  fs::create_directories(folder, code);
  if (code) throw Error(Kind::local_io, fmt::format("{}: cannot be created: {}", folder.string(), code.message()));
}

/// Whether a file is there that need not be fetched: the shipped hash, set-up's, or the recorded one.
bool is_current(KnownFile const& file, fs::path const& target, std::string const& recorded, PulledFile& out) {
  if (!fs::exists(target)) return false;
  out.sha256 = text::sha256_file_hex(target);
  out.bytes = fs::file_size(target);
  return out.sha256 == file.sha256 || out.sha256 == file.setup_sha256 || out.sha256 == recorded;
}

PulledFile pull_file(KnownModel const& model, KnownFile const& file, std::string const& recorded,
                     PullOptions const& options) {
  auto const target = options.models_dir / model.name / file.path;
  PulledFile out{file.path, {}, 0, false};
  if (is_current(file, target, recorded, out)) return out;
  create_folder(target.parent_path());
  http::DownloadRequest request;
  request.url = fmt::format("{}/{}/resolve/main/{}", options.endpoint, model.repo, file.source);
  request.target = target;
  request.token = options.token;
  request.sha256 = recorded.empty() ? file.sha256 : recorded;
  if (options.progress)
    request.progress = [&](std::uint64_t received, std::uint64_t total) {
      options.progress(file.path, received, total);
    };
  auto const got = http::download(request);
  return {file.path, got.sha256, got.bytes, true};
}

/// Written beside and renamed, so that it is whole or not there.
void record(PullReport const& report, std::string const& repo) {
  json::Writer out(json::Layout::indented);
  out.begin_object().member("model", report.model).member("repo", repo).key("files").begin_object();
  for (auto const& file : report.files)
    out.member(file.path, file.sha256);
  out.end_object().end_object();
  auto const target = report.folder / "jvmm-model.json";
  auto const beside = target.string() + ".part";
  std::ofstream stream(beside, std::ios::trunc);
  stream << out.text() << '\n';
  stream.close();
  std::error_code code;
  if (stream) fs::rename(beside, target, code);
  if (!stream || code) throw Error(Kind::local_io, target.string() + ": cannot be written");
}

}  // namespace

PullReport pull_model(std::string_view name, PullOptions const& options) {
  auto const& model = known_or_throw(name);
  PullReport out{model.name, options.models_dir / model.name, {}};
  create_folder(out.folder);
  auto recorded = recorded_hashes(out.folder);
  for (auto const& file : model.files)
    out.files.push_back(pull_file(model, file, recorded[file.path], options));
  record(out, model.repo);
  return out;
}

}  // namespace jvmm::inference
