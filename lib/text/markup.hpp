#pragma once

#include <string>
#include <string_view>

namespace jvmm::text {

/// HTML's character references as what they stand for: numeric ones, and the names of HTML 4, which need their
/// semicolon but for amp, lt, gt, quot, nbsp. What is no reference stays; a number that is no character becomes U+FFFD.
/// Thread-safe. **Cost** linear.
std::string unescape_html(std::string_view text);

/// Every `<…>` that is not empty as a blank, those that end a line or a block (br, p, li, div, ul, ol, tr, h1-h6) as a
/// new line. A `<` without a `>` after it stays. Thread-safe. **Cost** linear.
std::string strip_tags(std::string_view text);

/// Unicode's normalization form KC. Ill-formed UTF-8 becomes U+FFFD. Thread-safe. **Cost** linear, nothing for ASCII.
std::string nfkc(std::string_view text);

}  // namespace jvmm::text
