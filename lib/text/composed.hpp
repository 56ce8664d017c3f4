#pragma once

#include <string>
#include <string_view>

namespace jvmm::text {

/// Unicode's composed form (NFC): the same characters, each in its shortest spelling ("e" and U+0301 become "é").
/// Ill-formed UTF-8 becomes U+FFFD. Thread-safe. **Cost** linear; ASCII is only copied.
std::string composed(std::string_view text);

}  // namespace jvmm::text
