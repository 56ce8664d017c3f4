#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace jvmm::inference {

/// What a route is for. Offers have one of their own, as the plan gives them a smaller model.
inline constexpr std::array<std::string_view, 6> k_route_names = {"embed", "zero_shot", "zero_shot_offers",
                                                                  "ner",   "summarise", "chat"};

/// Which backends serve each task: a route names them in order, and the first that can serves.
struct Preset {
  struct Backend {
    std::string spec;  ///< "hf:BAAI/bge-large-en-v1.5", "local:all-MiniLM-L6-v2", "rules"
    std::string note;  ///< why this one; may be empty
  };
  struct Route {
    std::string name;               ///< one of k_route_names
    std::vector<Backend> backends;  ///< none: the task is not served
  };

  std::string name, about;
  std::vector<Route> routes;  ///< in the order of k_route_names, each once

  /// REQUIRES: one of k_route_names.
  std::span<Backend const> route(std::string_view route_name) const;
};

inline constexpr std::string_view k_default_preset = "local";

/// The shipped list (presets.json), the default first. **Threads**: safe.
std::span<Preset const> presets();

/// **Throws** configuration where there is none of that name: lists those there are.
Preset const& find_preset(std::string_view name);

/// The text of presets.json.
std::string_view presets_json();

}  // namespace jvmm::inference
