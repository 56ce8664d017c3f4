#include "text/composed.hpp"

#include <algorithm>

#include "text/utf8proc_map.hpp"

namespace jvmm::text {

std::string composed(std::string_view text) {
  if (std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; })) return std::string(text);
  constexpr auto k_options = static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE);
  return utf8proc_mapped(text, k_options);
}

}  // namespace jvmm::text
