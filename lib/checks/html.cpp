#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "base/utf8.hpp"
#include "checks/sanitise.hpp"

namespace jvmm::checks {
namespace {

using namespace std::literals;

constexpr std::array k_tags{
    "a"sv,      "abbr"sv,   "b"sv,        "blockquote"sv, "body"sv,   "br"sv,      "center"sv,  "code"sv,
    "div"sv,    "em"sv,     "font"sv,     "footer"sv,     "form"sv,   "h1"sv,      "h2"sv,      "h3"sv,
    "h4"sv,     "h5"sv,     "h6"sv,       "head"sv,       "header"sv, "hr"sv,      "html"sv,    "i"sv,
    "iframe"sv, "img"sv,    "input"sv,    "li"sv,         "link"sv,   "main"sv,    "meta"sv,    "nav"sv,
    "ol"sv,     "p"sv,      "pre"sv,      "s"sv,          "script"sv, "section"sv, "small"sv,   "span"sv,
    "strong"sv, "style"sv,  "sub"sv,      "sup"sv,        "svg"sv,    "table"sv,   "tbody"sv,   "td"sv,
    "th"sv,     "thead"sv,  "title"sv,    "tr"sv,         "u"sv,      "ul"sv,      "video"sv,   "object"sv,
    "embed"sv,  "button"sv, "textarea"sv, "select"sv,     "option"sv, "label"sv,   "article"sv, "aside"sv};
constexpr std::array k_breaking{"br"sv, "p"sv,  "div"sv, "li"sv, "ul"sv, "ol"sv,    "tr"sv,      "h1"sv,        "h2"sv,
                                "h3"sv, "h4"sv, "h5"sv,  "h6"sv, "hr"sv, "table"sv, "section"sv, "blockquote"sv};
constexpr std::pair<std::string_view, char32_t> k_entities[]{
    {"amp", U'&'},     {"lt", U'<'},      {"gt", U'>'},      {"quot", U'"'},     {"apos", U'\''},   {"nbsp", 0xA0},
    {"copy", 0xA9},    {"reg", 0xAE},     {"trade", 0x2122}, {"hellip", 0x2026}, {"ndash", 0x2013}, {"mdash", 0x2014},
    {"lsquo", 0x2018}, {"rsquo", 0x2019}, {"ldquo", 0x201C}, {"rdquo", 0x201D},  {"laquo", 0xAB},   {"raquo", 0xBB},
    {"bull", 0x2022},  {"middot", 0xB7},  {"deg", 0xB0},     {"eacute", 0xE9},   {"egrave", 0xE8},  {"aacute", 0xE1},
    {"iacute", 0xED},  {"oacute", 0xF3},  {"uacute", 0xFA},  {"ntilde", 0xF1},   {"ccedil", 0xE7},  {"auml", 0xE4},
    {"ouml", 0xF6},    {"uuml", 0xFC},    {"szlig", 0xDF},   {"euro", 0x20AC},   {"pound", 0xA3},   {"zwnj", 0x200C},
    {"zwj", 0x200D},   {"shy", 0xAD}};

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

struct Tag {
  std::string name;
  bool closes = false;
  std::size_t end = 0;  ///< after ">"
};

constexpr std::size_t k_longest_tag = 4096;

/// The known tag that begins at "<", if one does and ends.
std::optional<Tag> tag_at(std::string_view text, std::size_t at) {
  Tag tag;
  auto i = at + 1;
  if (i < text.size() && text[i] == '/') {
    tag.closes = true;
    ++i;
  }
  for (; i < text.size() && tag.name.size() < 12 && (std::isalnum(static_cast<unsigned char>(text[i])) != 0); ++i)
    tag.name += lower(text[i]);
  if (std::ranges::find(k_tags, tag.name) == k_tags.end()) return std::nullopt;
  if (i < text.size() && text[i] != '>' && text[i] != '/' && text[i] != ' ' && text[i] != '\n' && text[i] != '\t')
    return std::nullopt;
  auto const end = text.substr(i, k_longest_tag).find('>');
  auto const nested = text.substr(i, k_longest_tag).find('<');
  if (end == std::string_view::npos || nested < end) return std::nullopt;
  tag.end = i + end + 1;
  return tag;
}

/// What has been looked for in vain up to the end of the text is not looked for again: keeps the cost linear.
struct Unclosed {
  bool comment = false, script = false, style = false;
};

/// After a comment that begins at "<", if one does.
std::optional<std::size_t> comment_end(std::string_view text, std::size_t at, Unclosed& unclosed) {
  if (unclosed.comment || !text.substr(at).starts_with("<!--")) return std::nullopt;
  auto const end = text.find("-->", at + 4);
  unclosed.comment = end == std::string_view::npos;
  return unclosed.comment ? std::nullopt : std::optional(end + 3);
}

/// After the closing tag of script or style; after the opening one where it is never closed.
std::size_t content_end(std::string_view text, Tag const& tag, Unclosed& unclosed) {
  auto& in_vain = tag.name == "script" ? unclosed.script : unclosed.style;
  if (in_vain) return tag.end;
  for (auto at = text.find("</", tag.end); at != std::string_view::npos; at = text.find("</", at + 2))
    if (auto const close = tag_at(text, at); close && close->name == tag.name) return close->end;
  in_vain = true;
  return tag.end;
}

struct Entity {
  char32_t character = 0;
  std::size_t end = 0;
};

std::optional<char32_t> numbered(std::string_view digits) {
  unsigned base = 10;
  if (!digits.empty() && (digits[0] == 'x' || digits[0] == 'X')) {
    base = 16;
    digits.remove_prefix(1);
  }
  if (digits.empty() || digits.size() > 7) return std::nullopt;
  char32_t value = 0;
  for (char const c : digits) {
    auto const digit = c >= '0' && c <= '9'                 ? static_cast<unsigned>(c - '0')
                       : lower(c) >= 'a' && lower(c) <= 'f' ? static_cast<unsigned>(lower(c) - 'a') + 10
                                                            : 99;
    if (digit >= base) return std::nullopt;
    value = value * base + digit;
  }
  bool const scalar = value > 0 && value <= 0x10FFFF && (value < 0xD800 || value > 0xDFFF);
  return scalar ? std::optional(value) : std::nullopt;
}

std::optional<Entity> entity_at(std::string_view text, std::size_t at) {
  auto const end = text.substr(at, 12).find(';');
  if (end == std::string_view::npos || end < 2) return std::nullopt;
  auto const name = text.substr(at + 1, end - 1);
  if (name[0] == '#') {
    auto const character = numbered(name.substr(1));
    return character ? std::optional(Entity{*character, at + end + 1}) : std::nullopt;
  }
  auto const* known = std::ranges::find(k_entities, name, &std::pair<std::string_view, char32_t>::first);
  if (known == std::end(k_entities)) return std::nullopt;
  return Entity{known->second, at + end + 1};
}

}  // namespace

std::string without_html(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  Unclosed unclosed;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == '<') {
      if (auto const end = comment_end(text, at, unclosed)) {
        at = *end;
        continue;
      }
      if (auto const tag = tag_at(text, at)) {
        if (std::ranges::find(k_breaking, tag->name) != k_breaking.end()) out += '\n';
        bool const skips = !tag->closes && (tag->name == "script" || tag->name == "style");
        at = skips ? content_end(text, *tag, unclosed) : tag->end;
        continue;
      }
    } else if (text[at] == '&') {
      if (auto const entity = entity_at(text, at)) {
        utf8::append(out, entity->character);
        at = entity->end;
        continue;
      }
    }
    out += text[at++];
  }
  return out;
}

}  // namespace jvmm::checks
