#include "commands/cascade_settings.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "base/error.hpp"
#include "commands/services.hpp"
#include "inference/backend_spec.hpp"

namespace jvmm::commands {
namespace {

using classify::Task;

constexpr std::array<std::string_view, 5> k_stages{"embedding", "rules", "nli", "head", "chat"};
constexpr std::array<std::string_view, 3> k_credential_stages{"rules", "ner", "chat"};
constexpr auto k_credentials_key = "cascade_credentials";

std::string cascade_key(Task task) {
  return fmt::format("cascade_{}", setting_word(task));
}

/// Offers have a route of their own, unless only the general one is set.
std::string_view route_name(config::Settings const& settings, Task task, std::string_view stage) {
  if (stage == "chat") return "chat";
  bool const own = !settings.text("zero_shot_offers").empty();
  return task == Task::offer_types && (own || settings.text("zero_shot").empty()) ? "zero_shot_offers" : "zero_shot";
}

/// The stages that a setting names, each of which is one of those that there are.
std::vector<std::string> listed_stages(config::Settings const& settings, std::string const& key,
                                       std::span<std::string_view const> stages) {
  auto const& value = settings.value(key);
  auto const hint = fmt::format("the stages are {}", fmt::join(stages, ", "));
  std::vector<std::string> out;
  std::string name;
  for (char const c : value.text + ",") {
    if (c != ',' && c != ' ' && c != '\t') {
      name += c;
      continue;
    }
    if (name.empty()) continue;
    if (std::find(stages.begin(), stages.end(), name) == stages.end())
      throw Error(Kind::configuration, fmt::format("{} ({}): there is no stage '{}'", key, value.origin, name))
          .hint(hint);
    if (std::find(out.begin(), out.end(), name) != out.end())
      throw Error(Kind::configuration, fmt::format("{} ({}): the stage {} comes twice", key, value.origin, name));
    out.push_back(std::exchange(name, {}));
  }
  if (out.empty())
    throw Error(Kind::configuration, fmt::format("{} ({}) names no stage", key, value.origin)).hint(hint);
  return out;
}

/// What of a route leaves this process.
std::string services_of_route(config::Settings const& settings, std::string_view route, std::string_view stage,
                              std::string_view key) {
  std::string out;
  for (auto const& spec : inference::parse_route(configured_route(settings, route)))
    if (spec.is_remote()) out += (out.empty() ? "" : ", ") + spec.text();
  if (out.empty())
    throw Error(Kind::configuration,
                fmt::format("the stage {} of {} needs a service, and the route for {} has none", stage, key, route))
        .hint(fmt::format("set {0}, as in {0} = \"{1}\", or preset", route,
                          stage == "chat"  ? "openai:http://localhost:8000#MODEL"
                          : stage == "ner" ? "hf:dslim/bert-base-NER"
                                           : "tei:http://localhost:3000"));
  return out;
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
  return listed_stages(settings, cascade_key(task), k_stages);
}

std::vector<std::string> credential_stages(config::Settings const& settings) {
  auto const stages = listed_stages(settings, k_credentials_key, k_credential_stages);
  auto const place = [](std::string const& stage) {
    return std::find(k_credential_stages.begin(), k_credential_stages.end(), stage);
  };
  bool const in_order =
      std::is_sorted(stages.begin(), stages.end(), [&](auto const& a, auto const& b) { return place(a) < place(b); });
  if (stages.front() != "rules" || !in_order)
    throw Error(
        Kind::configuration,
        fmt::format("{} ({}) is '{}'; it begins with rules, and the order is rules, ner, chat", k_credentials_key,
                    settings.value(k_credentials_key).origin, settings.text(k_credentials_key)));
  return stages;
}

std::string cascade_route(config::Settings const& settings, Task task, std::string_view stage) {
  return services_of_route(settings, route_name(settings, task, stage), stage, cascade_key(task));
}

std::string credential_route(config::Settings const& settings, std::string_view stage) {
  return services_of_route(settings, stage, stage, k_credentials_key);
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
