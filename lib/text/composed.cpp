#include "text/composed.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <cstdlib>
#include <memory>

#include "base/error.hpp"
#include "base/utf8.hpp"

namespace jvmm::text {

std::string composed(std::string_view text) {
  if (std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; })) return std::string(text);
  constexpr auto k_options = static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE);
  auto const whole = utf8::repaired(text);
  utf8proc_uint8_t* made = nullptr;
  auto const length = utf8proc_map(reinterpret_cast<utf8proc_uint8_t const*>(whole.data()),
                                   static_cast<utf8proc_ssize_t>(whole.size()), &made, k_options);
  std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> const owned(made, &std::free);
  if (length < 0) throw Error(Kind::internal, std::string("utf8proc: ") + utf8proc_errmsg(length));
  return std::string(reinterpret_cast<char const*>(made), static_cast<std::size_t>(length));
}

}  // namespace jvmm::text
