#include "text/folding.hpp"

#include "text/utf8proc_map.hpp"

namespace jvmm::text {

std::string folded(std::string_view text) {
  constexpr auto k_options = static_cast<utf8proc_option_t>(UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD |
                                                            UTF8PROC_IGNORE | UTF8PROC_STRIPMARK);
  return utf8proc_mapped(text, k_options);
}

}  // namespace jvmm::text
