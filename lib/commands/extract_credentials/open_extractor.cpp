#include "commands/extract_credentials/open_extractor.hpp"

#include "commands/cascade_settings.hpp"
#include "commands/credential_rules.hpp"
#include "inference/open_route.hpp"

namespace jvmm::commands {

std::unique_ptr<Extractor> open_extractor(RunContext& context, Services& services, bool ask_nobody) {
  auto const& settings = context.settings;
  auto const stages = credential_stages(settings);
  auto [rules, gazetteers] = open_credential_rules(settings);
  std::vector<std::unique_ptr<Finder>> finders;
  for (auto const& stage : stages) {
    if (stage == "rules") continue;
    auto const route = credential_route(settings, stage);
    auto const opened = services.route_context(route, ask_nobody);
    if (stage == "ner") {
      finders.push_back(find_by_ner(rules, inference::open_ner(route, opened), models_of_route(route)));
      continue;
    }
    auto prompt = classify::load_prompt("credentials", settings.text("prompt_credentials"));
    auto parameters = credential_chat_parameters(prompt);
    finders.push_back(find_by_chat(rules, std::move(prompt), inference::open_chat(route, std::move(parameters), opened),
                                   models_of_route(route)));
  }
  return std::make_unique<Extractor>(std::move(rules), std::move(gazetteers), std::move(finders));
}

}  // namespace jvmm::commands
