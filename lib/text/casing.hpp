#pragma once

#include <string>
#include <string_view>

namespace jvmm::text {

/// Unicode's full lower case without a locale, as Python's str.lower: only U+0130 grows, and a capital sigma becomes
/// the final one at the end of a word. Ill-formed UTF-8 becomes U+FFFD. Thread-safe. **Cost**: linear, quick for ASCII.
std::string lower(std::string_view text);

/// Unicode's title case as Python's str.title: what follows a character without case, such as the apostrophe of
/// "women's", is title-cased, everything else lower-cased. Ill-formed UTF-8 becomes U+FFFD. Thread-safe.
std::string title(std::string_view text);

}  // namespace jvmm::text
