#pragma once

#include <string_view>

namespace jvmm::credentials {

/// The text of lib/credentials/gazetteers.json, as it was at build time.
std::string_view gazetteers_json();

}  // namespace jvmm::credentials
