#pragma once

#include <memory>
#include <string>

#include "config/settings.hpp"
#include "credentials/rules.hpp"

namespace jvmm::commands {

/// The rules for credentials, and which lists they go by.
struct CredentialRules {
  std::shared_ptr<credentials::Rules const> rules;
  std::string gazetteers;  ///< "VERSION@HASH", the hash by its first digits
};

/// Those of the setting `gazetteers`. **Throws** as credentials::load_gazetteers.
CredentialRules open_credential_rules(config::Settings const& settings);

}  // namespace jvmm::commands
