#pragma once

#include <string>
#include <string_view>

namespace jvmm::checks {

/// A text without what only looks like something else, and what was changed. No letter of any script is lost.
struct Sanitised {
  std::string text;
  bool composed = false;     ///< accents that were spelled apart
  bool invisible = false;    ///< zero-width characters, soft hyphens, byte order marks
  bool controls = false;     ///< control characters, overrides of direction
  bool look_alikes = false;  ///< dashes, quotes, ellipses and bullets became ASCII
  bool blanks = false;       ///< odd, doubled, leading or trailing ones
  bool encoding = false;     ///< ill-formed UTF-8 became U+FFFD
};

/// - dashes U+2010 2011 2013 2014 2212 become "-", quotes U+2018 2019 201C 201D "'" and '"', U+2026 "..."; a bullet at
///   the beginning of a line (U+2022 25CF 00B7: "*", U+25A0 25AA: "-");
/// - U+00AD 200B 2060 FEFF go; U+200C and 200D stay between characters that they join (emoji, Arabic, Indic), else go;
/// - control characters but tab and newline go, as do U+202D and 202E; CR LF and CR become a newline;
/// - blanks of other widths become " " (U+3000 stays), runs of blanks one, blanks around a newline and at the ends go,
///   three newlines and more become two;
/// - the text is composed (NFC).
/// Doing it twice changes nothing more. **Cost** linear. **Threads** safe.
Sanitised sanitise(std::string_view text);

/// The text without HTML: known tags go (those that end a line or paragraph become a newline, script and style with
/// what is in them), entities become characters. What only looks like a tag ("a < b", "<3") stays. Equal to the text
/// where there is none. **Cost** linear.
std::string without_html(std::string_view text);

}  // namespace jvmm::checks
