#include "commands/credential_rules.hpp"

#include <fmt/format.h>

#include "base/error.hpp"

namespace jvmm::commands {
namespace {

constexpr std::size_t k_hash_digits = 12;

CredentialRules open(credentials::Gazetteers const& gazetteers) {
  return {std::make_shared<credentials::Rules const>(gazetteers),
          fmt::format("{}@{}", gazetteers.version, gazetteers.hash.substr(0, k_hash_digits))};
}

}  // namespace

CredentialRules open_credential_rules(config::Settings const& settings) {
  auto const& value = settings.value("gazetteers");
  if (value.text.empty()) return open(credentials::shipped_gazetteers());
  try {
    return open(credentials::load_gazetteers(value.text));
  } catch (Error& error) {
    error.context(fmt::format("in the setting gazetteers ({})", value.origin));
    throw;
  }
}

}  // namespace jvmm::commands
