#pragma once

#include <span>
#include <string>

#include "credentials/credential.hpp"

namespace jvmm::credentials {

/// What the column `credentials` holds (docs/schemas/credentials.json): a list per kind, `credibility_score`, and
/// `credibility_tier` (null without any). Without source text: "{}".
std::string to_json(std::span<Value const> values, Source const& source);

}  // namespace jvmm::credentials
