#include "inference/hub_recipe.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"
#include "http/download.hpp"
#include "inference/pull_plan.hpp"

namespace jvmm::inference {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view k_complete = "recipe.complete";

/// False if the repository does not have it.
bool fetch(std::string_view model, std::string_view revision, std::string const& path, HubOptions const& options,
           fs::path const& folder) {
  http::DownloadRequest request;
  request.url = fmt::format("{}/{}/resolve/{}/{}", options.endpoint, model,
                            encoded_revision(revision.empty() ? "main" : revision), path);
  request.target = folder / path;
  request.token = options.token;
  request.max_bytes = std::uint64_t{4} << 20;
  std::error_code code;
  fs::create_directories(request.target.parent_path(), code);
  if (code) throw Error(Kind::local_io, request.target.parent_path().string() + ": " + code.message());
  try {
    http::download(request);
    return true;
  } catch (Error const& error) {
    if (error.kind() != Kind::missing_input) throw;
    return false;
  }
}

std::string folder_name(std::string_view model, std::string_view revision) {
  std::string out(model);
  std::replace(out.begin(), out.end(), '/', '_');
  return revision.empty() ? out : out + "@" + encoded_revision(revision);
}

void fetch_all(std::string_view model, std::string_view revision, HubOptions const& options, fs::path const& folder) {
  if (options.offline)
    throw Error(Kind::missing_input, fmt::format("the files of {} were never read, and HF_HUB_OFFLINE is set", model));
  if (!fetch(model, revision, "config.json", options, folder))
    throw Error(Kind::missing_input, fmt::format("{} has no {} with a config.json", options.endpoint, model));
  for (auto const* path :
       {"modules.json", "1_Pooling/config.json", "sentence_bert_config.json", "config_sentence_transformers.json"})
    fetch(model, revision, path, options, folder);
  std::FILE* const mark = std::fopen((folder / k_complete).c_str(), "w");
  if (!mark || std::fclose(mark) != 0) throw Error(Kind::local_io, folder.string() + ": cannot be written");
}

}  // namespace

ModelRecipe read_hub_recipe(std::string_view model, std::string_view revision, HubOptions const& options) {
  if (options.folder.empty()) throw Error(Kind::missing_input, "there is no folder to keep a model's files in");
  auto const folder = options.folder / folder_name(model, revision);
  std::error_code ignored;
  if (!fs::exists(folder / k_complete, ignored)) fetch_all(model, revision, options, folder);
  return read_embedding_recipe(folder);
}

}  // namespace jvmm::inference
