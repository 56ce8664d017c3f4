#include "commands/extract_credentials/windows.hpp"

#include <algorithm>

#include "base/utf8.hpp"
#include "text/canonical.hpp"

namespace jvmm::commands {
namespace {

/// The last place in (from, to] that follows a blank; `to` if there is none.
std::size_t after_blank(std::u32string_view text, std::size_t from, std::size_t to) {
  for (auto at = to; at > from; --at)
    if (text::is_space(text[at - 1])) return at;
  return to;
}

}  // namespace

std::vector<Window> windows_of(std::u32string_view text, WindowSize size) {
  std::vector<Window> out;
  std::size_t start = 0;
  while (start < text.size()) {
    if (text.size() - start <= size.most) {
      out.push_back({start, text.size()});
      break;
    }
    auto const end = after_blank(text, start + size.most - size.overlap / 2, start + size.most);
    out.push_back({start, end});
    auto const next = end - size.overlap;
    start = std::max(start + 1, after_blank(text, next - std::min(next, size.overlap / 2), next));
  }
  return out;
}

std::string utf8_of(std::u32string_view text, Window window) {
  std::string out;
  for (auto const c : text.substr(window.start, window.end - window.start))
    utf8::append(out, c);
  return out;
}

}  // namespace jvmm::commands
