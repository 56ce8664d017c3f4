#pragma once

#include <span>
#include <string_view>

#include "credentials/credential.hpp"

namespace jvmm::credentials {

/// How much the credentials of a profile weigh, 0..1, two decimals: books .15 each up to .30; well-known media .10 each
/// up to .30, an outlet once however it is written; TED or TEDx .25, else any speaking .10; certifications .10 each up
/// to .20; awards the same; .10 more if that is above 0; at most 1.
double credibility_score(std::span<Value const> values);

/// "high" from .6, "medium" from .3, "low" above 0, else "" (none).
std::string_view credibility_tier(double score);

}  // namespace jvmm::credentials
