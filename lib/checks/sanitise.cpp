#include "checks/sanitise.hpp"

#include <optional>

#include "base/utf8.hpp"
#include "text/canonical.hpp"
#include "text/composed.hpp"

namespace jvmm::checks {
namespace {

using Text = std::u32string;

Text decoded(std::string_view text, bool& bad) {
  Text out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    auto const step = utf8::decode(text, at);
    bad |= !step.valid;
    out += step.value;
    at += step.length;
  }
  return out;
}

std::string encoded(Text const& text) {
  std::string out;
  out.reserve(text.size());
  for (char32_t const c : text)
    utf8::append(out, c);
  return out;
}

std::optional<std::string_view> ascii_of(char32_t c) {
  switch (c) {
    case 0x2010:
    case 0x2011:
    case 0x2013:
    case 0x2014:
    case 0x2212:
      return "-";
    case 0x2018:
    case 0x2019:
      return "'";
    case 0x201C:
    case 0x201D:
      return "\"";
    case 0x2026:
      return "...";
    default:
      return std::nullopt;
  }
}

std::optional<char32_t> bullet_of(char32_t c) {
  switch (c) {
    case 0x2022:
    case 0x25CF:
    case 0x00B7:
      return U'*';
    case 0x25A0:
    case 0x25AA:
      return U'-';
    default:
      return std::nullopt;
  }
}

bool is_invisible(char32_t c) {
  return c == 0xAD || c == 0x200B || c == 0x2060 || c == 0xFEFF;
}
bool is_joiner(char32_t c) {
  return c == 0x200C || c == 0x200D;
}
bool is_control(char32_t c) {
  return (c < 0x20 && c != '\t' && c != '\n') || (c >= 0x7F && c < 0xA0) || c == 0x202D || c == 0x202E;
}

/// Beyond the scripts that never join, and no punctuation or bullet: Hebrew upwards, emoji.
bool may_join(char32_t c) {
  return c >= 0x590 && !(c >= 0x2000 && c < 0x2070) && c != 0xFEFF && !bullet_of(c);
}

/// Blanks of whatever width, but for the newline and the ideographic space.
bool is_blank(char32_t c) {
  return text::is_space(c) && c != '\n' && c != 0x3000;
}

Text without_carriage_returns(Text const& text, bool& changed) {
  Text out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\r') {
      out += text[i];
      continue;
    }
    changed = true;
    if (i + 1 == text.size() || text[i + 1] != '\n') out += '\n';
  }
  return out;
}

/// The next character that is not invisible or a joiner; 0 at the end.
char32_t next_visible(Text const& text, std::size_t at) {
  for (std::size_t i = at; i < text.size(); ++i)
    if (!is_invisible(text[i]) && !is_joiner(text[i]) && (!is_control(text[i]) || text::is_space(text[i])))
      return text[i];
  return 0;
}

Text without_unseen(Text const& text, Sanitised& what) {
  Text out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char32_t const c = text[i];
    bool const joins = is_joiner(c) && !out.empty() && may_join(out.back()) && !is_joiner(out.back()) &&
                       may_join(next_visible(text, i + 1));
    if (is_invisible(c) || (is_joiner(c) && !joins)) {
      what.invisible = true;
    } else if (is_control(c)) {
      // U+001C..001F and U+0085 count as blanks.
      if (text::is_space(c)) out += ' ';
      (text::is_space(c) ? what.blanks : what.controls) = true;
    } else {
      out += c;
    }
  }
  return out;
}

Text with_ascii_marks(Text const& text, bool& changed) {
  Text out;
  bool line_begins = true;
  for (char32_t const c : text) {
    if (auto const ascii = ascii_of(c)) {
      out.append(ascii->begin(), ascii->end());
      changed = true;
    } else if (auto const bullet = line_begins ? bullet_of(c) : std::nullopt) {
      out += *bullet;
      changed = true;
    } else {
      out += c;
    }
    line_begins = c == '\n' || (line_begins && text::is_space(c));
  }
  return out;
}

Text with_plain_blanks(Text const& text) {
  Text out;
  std::size_t newlines = 0;
  bool blank = false;
  for (char32_t const c : text) {
    if (c == '\n') {
      blank = false;
      ++newlines;
    } else if (is_blank(c) || (c == 0x3000 && (newlines > 0 || out.empty()))) {
      blank = true;
    } else {
      if (!out.empty()) {
        while (newlines > 0 && out.back() == 0x3000)
          out.pop_back();
        if (newlines > 0)
          out.append(std::min<std::size_t>(newlines, 2), U'\n');
        else if (blank)
          out += ' ';
      }
      newlines = 0;
      blank = false;
      out += c;
    }
  }
  while (!out.empty() && out.back() == 0x3000)
    out.pop_back();
  return out;
}

Sanitised once(std::string_view text) {
  Sanitised what;
  auto const raw = decoded(text, what.encoding);
  auto const lines = encoded(without_carriage_returns(raw, what.blanks));
  auto const composed = text::composed(lines);
  bool unused = false;
  auto const seen = encoded(without_unseen(decoded(composed, unused), what));
  auto const whole = text::composed(seen);  // what went may have stood between a letter and its accent
  what.composed = composed != lines || whole != seen;
  auto const marked = with_ascii_marks(decoded(whole, unused), what.look_alikes);
  auto const plain = with_plain_blanks(marked);
  what.blanks |= plain != marked;
  what.text = encoded(plain);
  return what;
}

}  // namespace

/// What goes or changes may bring together what then changes too, so it is done until nothing does.
Sanitised sanitise(std::string_view text) {
  constexpr int k_most_times = 8;
  auto out = once(text);
  for (int time = 1; time < k_most_times; ++time) {
    auto again = once(out.text);
    if (again.text == out.text) break;
    again.composed |= out.composed;
    again.invisible |= out.invisible;
    again.controls |= out.controls;
    again.look_alikes |= out.look_alikes;
    again.blanks |= out.blanks;
    again.encoding |= out.encoding;
    out = std::move(again);
  }
  return out;
}

}  // namespace jvmm::checks
