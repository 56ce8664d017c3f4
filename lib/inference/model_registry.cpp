#include "inference/model_registry.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "json/parse.hpp"
#include "json/ref.hpp"

namespace jvmm::inference {
namespace {

namespace fs = std::filesystem;

std::string optional_string(json::Ref const& object, std::string_view member, std::string const& fallback = {}) {
  auto const found = object.find(member);
  return found ? found->string() : fallback;
}

Pooling read_pooling(json::Ref const& value) {
  for (auto pooling : {Pooling::cls, Pooling::mean, Pooling::max})
    if (value.string() == name(pooling)) return pooling;
  throw value.unexpected("a pooling");
}

KnownFile read_file(json::Ref const& file) {
  auto const& path = file["path"].string();
  return {path, optional_string(file, "source", path), optional_string(file, "sha256"),
          optional_string(file, "setup_sha256")};
}

KnownModel read_model(json::Ref const& model) {
  KnownModel out;
  out.name = model["name"].string();
  out.repo = model["repo"].string();
  out.about = model["about"].string();
  out.licence = model["licence"].string();
  out.dims = model["dims"].size_value();
  out.window_tokens = model["window_tokens"].size_value();
  out.pooling = read_pooling(model["pooling"]);
  out.normalise = model["normalise"].boolean();
  for (auto const& file : model["files"].items())
    out.files.push_back(read_file(file));
  return out;
}

std::vector<KnownModel> read_models() {
  auto const document = json::parse(models_json(), "models.json");
  std::vector<KnownModel> out;
  for (auto const& model : json::Ref(document, "models.json")["models"].items())
    out.push_back(read_model(model));
  return out;
}

bool is_model_folder(fs::path const& folder) {
  std::error_code ignored;
  return fs::exists(folder / "config.json", ignored);
}

std::vector<fs::path> entries(fs::path const& folder) {
  std::vector<fs::path> out;
  std::error_code ignored;
  for (auto const& entry : fs::directory_iterator(folder, ignored))
    out.push_back(entry.path());
  return out;
}

/// Folders of models that are not in the shipped list: `<name>`, or `<org>/<name>` as a pull of a repository makes it.
std::vector<ListedModel> unknown_models(fs::path const& models_dir) {
  std::vector<ListedModel> out;
  for (auto const& entry : entries(models_dir)) {
    auto const name = entry.filename().string();
    if (is_model_folder(entry)) {
      if (!find_known_model(name)) out.push_back({nullptr, name, entry});
      continue;
    }
    for (auto const& inner : entries(entry))
      if (is_model_folder(inner)) out.push_back({nullptr, name + "/" + inner.filename().string(), inner});
  }
  return out;
}

}  // namespace

std::span<KnownModel const> known_models() {
  static auto const models = read_models();
  return models;
}

KnownModel const* find_known_model(std::string_view name) {
  for (auto const& model : known_models())
    if (model.name == name || model.repo == name) return &model;
  return nullptr;
}

std::optional<fs::path> find_model_folder(std::string_view name, std::span<fs::path const> models_dirs) {
  auto const* known = find_known_model(name);
  auto const folder_name = known ? std::string_view(known->name) : name;
  for (auto const& dir : models_dirs)
    if (is_model_folder(dir / folder_name)) return dir / folder_name;
  if (name.find('/') != std::string_view::npos && is_model_folder(name)) return fs::path(name);
  return std::nullopt;
}

std::vector<ListedModel> list_models(std::span<fs::path const> models_dirs) {
  std::vector<ListedModel> out;
  for (auto const& known : known_models())
    out.push_back({&known, known.name, find_model_folder(known.name, models_dirs)});
  std::vector<ListedModel> others;
  for (auto const& dir : models_dirs)
    for (auto& model : unknown_models(dir))
      others.push_back(std::move(model));
  std::stable_sort(others.begin(), others.end(), [](auto const& a, auto const& b) { return a.name < b.name; });
  auto const same = [](auto const& a, auto const& b) { return a.name == b.name; };
  others.erase(std::unique(others.begin(), others.end(), same), others.end());
  out.insert(out.end(), others.begin(), others.end());
  return out;
}

}  // namespace jvmm::inference
