#pragma once

#include <string>
#include <string_view>

namespace jvmm::text {

/// The text for comparing names: without case, accents and invisible characters, compatible forms made one ("ﬁ" is
/// "fi", "ß" is "ss"). Letters that only look accented, such as "ø", stay. Ill-formed UTF-8 becomes U+FFFD.
/// Thread-safe. **Cost** linear.
std::string folded(std::string_view text);

}  // namespace jvmm::text
