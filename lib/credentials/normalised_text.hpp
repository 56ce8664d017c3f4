#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "credentials/credential.hpp"

namespace jvmm::credentials {

/// A stored text made plain, with the way back to where each character stood.
///
/// HTML entities (twice, so that "&amp;quot;" is a quote) are what they stand for; tags are dropped, those of blocks
/// become a new line; a letter and its combining marks are composed and made compatible (NFKC) together; quotes of all
/// sorts are straight, dashes and blanks plain; runs of blanks are one; invisible characters are dropped.
///
/// `text()` and `shape()` have one element a position. The shape is what rules match: ASCII stays, an accented Latin
/// letter is its base letter, any other letter is 'X' (upper or without case) or 'x' (lower), any other digit '0', and
/// everything else '~', so that one byte is one position.
///
/// **Threads**: immutable. **Cost**: linear; about 30 bytes a code point.
class NormalisedText {
 public:
  explicit NormalisedText(std::string_view stored);

  std::u32string const& text() const { return m_text; }
  std::string const& shape() const { return m_shape; }
  std::u32string const& folded() const { return m_folded; }  ///< `text()` in lower case, position by position
  std::size_t size() const { return m_shape.size(); }

  /// Where the positions [start, end) stand in the stored text. REQUIRES: start < end <= size().
  Place place(std::size_t start, std::size_t end) const;

  /// The positions that come from the place: half open, empty if there are none.
  Place positions(Place place) const;

  /// The stored text of a place, ill-formed bytes as U+FFFD. REQUIRES: place.end <= code_points().
  std::string slice(Place place) const;

  /// Of the stored text.
  std::size_t code_points() const { return m_bytes.size() - 1; }

 private:
  friend class Normaliser;
  std::string m_stored;
  std::vector<std::uint32_t> m_bytes;   ///< per code point of the stored text, and its end: byte offset
  std::vector<std::uint32_t> m_starts;  ///< per position: first code point of the stored text it comes from
  std::vector<std::uint32_t> m_ends;
  std::u32string m_text;
  std::string m_shape;
  std::u32string m_folded;
};

/// The same normalisation and lower case, for comparing names: "Tom &amp; Ann" is "tom & ann".
std::u32string comparable(std::string_view name);

}  // namespace jvmm::credentials
