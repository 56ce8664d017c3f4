#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace jvmm::credentials {

/// Something of HTML at the start of a text, and how many code points it takes.
struct HtmlPiece {
  char32_t character = 0;  ///< an entity's; of a tag that separates '\n', of another tag 0
  std::size_t length = 0;
};

/// The entity whose name or number begins here, after its '&'; the ';' may be missing after a number only.
/// What is encoded twice ("&amp;quot;") is decoded twice.
std::optional<HtmlPiece> read_entity(std::u32string_view after_ampersand);

/// The tag or comment that begins here with '<'; at most 1,000 code points long.
std::optional<HtmlPiece> read_tag(std::u32string_view text);

}  // namespace jvmm::credentials
