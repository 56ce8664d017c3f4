#pragma once

#include <utf8proc.h>

#include <string>
#include <string_view>

namespace jvmm::text {

/// utf8proc_map of the text, ill-formed UTF-8 replaced first. **Throws** internal where it refuses its options, or has
/// no memory.
std::string utf8proc_mapped(std::string_view text, utf8proc_option_t options);

}  // namespace jvmm::text
