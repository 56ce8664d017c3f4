#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace jvmm::commands {

/// A stretch of a text: positions, half open.
struct Window {
  std::size_t start = 0, end = 0;
  friend bool operator==(Window, Window) = default;
};

/// How a text is cut for a model that sees only so much of it; in code points.
struct WindowSize {
  std::size_t most = 0;     ///< of a window
  std::size_t overlap = 0;  ///< of two neighbours, at least; less than half of `most`
};

/// Windows that cover the text, in order. They begin and end between words where there are any; whatever is no longer
/// than the overlap is whole in one of them. One window where the text is short enough, none where it is empty.
/// **Cost**: linear.
std::vector<Window> windows_of(std::u32string_view text, WindowSize size);

/// The stretch as UTF-8.
std::string utf8_of(std::u32string_view text, Window window);

}  // namespace jvmm::commands
