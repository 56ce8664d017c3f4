#include "inference/presets.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"
#include "json/parse.hpp"
#include "json/ref.hpp"

namespace jvmm::inference {
namespace {

Preset::Route read_route(std::string_view name, json::Ref const& backends) {
  Preset::Route out{std::string(name), {}};
  for (auto const& backend : backends.items()) {
    auto const note = backend.find("note");
    out.backends.push_back({backend["backend"].string(), note ? note->string() : ""});
  }
  return out;
}

Preset read_preset(json::Ref const& preset) {
  Preset out{preset["name"].string(), preset["about"].string(), {}};
  auto const routes = preset["routes"];
  for (auto const name : k_route_names)
    out.routes.push_back(read_route(name, routes[name]));
  return out;
}

std::vector<Preset> read_presets() {
  auto const document = json::parse(presets_json(), "presets.json");
  std::vector<Preset> out;
  for (auto const& preset : json::Ref(document, "presets.json")["presets"].items())
    out.push_back(read_preset(preset));
  return out;
}

}  // namespace

std::span<Preset::Backend const> Preset::route(std::string_view route_name) const {
  for (auto const& one : routes)
    if (one.name == route_name) return one.backends;
  throw Error(Kind::internal, fmt::format("no route is called '{}'", route_name));
}

std::span<Preset const> presets() {
  static auto const shipped = read_presets();
  return shipped;
}

Preset const& find_preset(std::string_view name) {
  std::vector<std::string_view> names;
  for (auto const& preset : presets()) {
    if (preset.name == name) return preset;
    names.push_back(preset.name);
  }
  throw Error(Kind::configuration, fmt::format("there is no preset '{}'; there are {}", name, fmt::join(names, ", ")))
      .hint("docs/presets.md says what each asks");
}

}  // namespace jvmm::inference
