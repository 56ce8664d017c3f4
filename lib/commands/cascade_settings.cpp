#include "commands/cascade_settings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/error.hpp"
#include "commands/services.hpp"
#include "inference/backend_spec.hpp"

namespace jvmm::commands {
namespace {

using classify::Task;

constexpr std::array<std::string_view, 5> k_stages{"embedding", "rules", "nli", "head", "chat"};

std::string cascade_key(Task task) {
  return fmt::format("cascade_{}", setting_word(task));
}

/// Offers have a route of their own, unless only the general one is set.
std::string_view route_name(config::Settings const& settings, Task task, std::string_view stage) {
  if (stage == "chat") return "chat";
  bool const own = !settings.text("zero_shot_offers").empty();
  return task == Task::offer_types && (own || settings.text("zero_shot").empty()) ? "zero_shot_offers" : "zero_shot";
}

}  // namespace

std::string_view setting_word(Task task) {
  switch (task) {
    case Task::niche:
      return "niche";
    case Task::offer_types:
      return "offers";
    case Task::content_style:
      return "style";
  }
  return "niche";
}

std::vector<std::string> cascade_stages(config::Settings const& settings, Task task) {
  auto const key = cascade_key(task);
  auto const& value = settings.value(key);
  std::vector<std::string> out;
  std::string name;
  for (char const c : value.text + ",") {
    if (c != ',' && c != ' ' && c != '\t') {
      name += c;
      continue;
    }
    if (name.empty()) continue;
    if (std::find(k_stages.begin(), k_stages.end(), name) == k_stages.end())
      throw Error(Kind::configuration, fmt::format("{} ({}): there is no stage '{}'", key, value.origin, name))
          .hint("the stages are embedding, rules, nli, head and chat");
    if (std::find(out.begin(), out.end(), name) != out.end())
      throw Error(Kind::configuration, fmt::format("{} ({}): the stage {} comes twice", key, value.origin, name));
    out.push_back(std::exchange(name, {}));
  }
  if (out.empty())
    throw Error(Kind::configuration, fmt::format("{} ({}) names no stage", key, value.origin))
        .hint("the stages are embedding, rules, nli, head and chat");
  return out;
}

std::string cascade_route(config::Settings const& settings, Task task, std::string_view stage) {
  auto const name = route_name(settings, task, stage);
  std::string out;
  for (auto const& spec : inference::parse_route(configured_route(settings, name)))
    if (spec.is_remote()) out += (out.empty() ? "" : ", ") + spec.text();
  if (out.empty())
    throw Error(Kind::configuration, fmt::format("the stage {} of {} needs a service, and the route for {} has none",
                                                 stage, cascade_key(task), name))
        .hint(fmt::format("set {0}, as in {0} = \"{1}\", or preset", name,
                          stage == "nli" ? "tei:http://localhost:3000" : "openai:http://localhost:8000#MODEL"));
  return out;
}

classify::Taxonomy configured_taxonomy(config::Settings const& settings, Task task) {
  auto const key = fmt::format("taxonomy_{}", setting_word(task));
  auto const& value = settings.value(key);
  try {
    return classify::load_taxonomy(value.text.empty() ? std::string(classify::default_taxonomy(task)) : value.text,
                                   task);
  } catch (Error& error) {
    error.context(fmt::format("in the setting {} ({})", key, value.origin));
    throw;
  }
}

}  // namespace jvmm::commands
