#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "classify/taxonomy.hpp"
#include "commands/run_context.hpp"

namespace jvmm::commands {

// What the settings say of classification and extraction: taxonomy_niche, cascade_niche and their like.

/// A task's word in settings and commands: "niche", "offers", "style".
std::string_view setting_word(classify::Task task);

/// The stages that a task's setting names, such as {"embedding", "nli"}. **Throws** configuration: one that is none or
/// comes twice, none at all.
std::vector<std::string> cascade_stages(config::Settings const& settings, classify::Task task);

/// The route of a stage that asks a service ("nli", "chat"), without what stays in this process: what is left when no
/// model is at hand is no opinion of a stage of its own. **Throws** configuration if nothing is left; as
/// configured_route.
std::string cascade_route(config::Settings const& settings, classify::Task task, std::string_view stage);

/// The same of extracting credentials: "rules", and what may follow: "ner", "chat", in this order.
std::vector<std::string> credential_stages(config::Settings const& settings);
std::string credential_route(config::Settings const& settings, std::string_view stage);

/// The taxonomy that a task's setting names. **Throws** as classify::load_taxonomy.
classify::Taxonomy configured_taxonomy(config::Settings const& settings, classify::Task task);

}  // namespace jvmm::commands
