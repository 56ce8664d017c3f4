#include "text/utf8proc_map.hpp"

#include <cstdlib>
#include <memory>

#include "base/error.hpp"
#include "base/utf8.hpp"

namespace jvmm::text {

std::string utf8proc_mapped(std::string_view text, utf8proc_option_t options) {
  auto const whole = utf8::repaired(text);
  utf8proc_uint8_t* made = nullptr;
  auto const length = utf8proc_map(reinterpret_cast<utf8proc_uint8_t const*>(whole.data()),
                                   static_cast<utf8proc_ssize_t>(whole.size()), &made, options);
  std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> const owned(made, &std::free);
  if (length < 0) throw Error(Kind::internal, std::string("utf8proc: ") + utf8proc_errmsg(length));
  return std::string(reinterpret_cast<char const*>(made), static_cast<std::size_t>(length));
}

}  // namespace jvmm::text
