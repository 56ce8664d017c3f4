#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace jvmm::text {

/// The bytes of a base64 text (RFC 4648, with padding and without white space). Absent if it is none.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace jvmm::text
