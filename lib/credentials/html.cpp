#include "credentials/html.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace jvmm::credentials {
namespace {

struct Entity {
  std::string_view name;
  char32_t character;
};

constexpr std::array k_entities{
    Entity{"AMP", U'&'},      Entity{"Aacute", U'Á'},   Entity{"Agrave", U'À'},    Entity{"Aring", U'Å'},
    Entity{"Auml", U'Ä'},     Entity{"Ccedil", U'Ç'},   Entity{"Eacute", U'É'},    Entity{"Egrave", U'È'},
    Entity{"GT", U'>'},       Entity{"Iacute", U'Í'},   Entity{"LT", U'<'},        Entity{"Ntilde", U'Ñ'},
    Entity{"Oacute", U'Ó'},   Entity{"Oslash", U'Ø'},   Entity{"Ouml", U'Ö'},      Entity{"QUOT", U'"'},
    Entity{"Uacute", U'Ú'},   Entity{"Uuml", U'Ü'},     Entity{"aacute", U'á'},    Entity{"acirc", U'â'},
    Entity{"aelig", U'æ'},    Entity{"agrave", U'à'},   Entity{"amp", U'&'},       Entity{"apos", U'\''},
    Entity{"aring", U'å'},    Entity{"atilde", U'ã'},   Entity{"auml", U'ä'},      Entity{"bull", U'•'},
    Entity{"ccedil", U'ç'},   Entity{"copy", U'©'},     Entity{"eacute", U'é'},    Entity{"ecirc", U'ê'},
    Entity{"egrave", U'è'},   Entity{"emsp", U' '},     Entity{"ensp", U' '},      Entity{"euml", U'ë'},
    Entity{"euro", U'€'},     Entity{"frac12", U'½'},   Entity{"gt", U'>'},        Entity{"hellip", U'…'},
    Entity{"iacute", U'í'},   Entity{"icirc", U'î'},    Entity{"iuml", U'ï'},      Entity{"laquo", U'«'},
    Entity{"ldquo", U'“'},    Entity{"lsaquo", U'‹'},   Entity{"lsquo", U'‘'},     Entity{"lt", U'<'},
    Entity{"mdash", U'—'},    Entity{"middot", U'·'},   Entity{"nbsp", U'\u00A0'}, Entity{"ndash", U'–'},
    Entity{"ntilde", U'ñ'},   Entity{"oacute", U'ó'},   Entity{"ocirc", U'ô'},     Entity{"oelig", U'œ'},
    Entity{"oslash", U'ø'},   Entity{"otilde", U'õ'},   Entity{"ouml", U'ö'},      Entity{"pound", U'£'},
    Entity{"quot", U'"'},     Entity{"raquo", U'»'},    Entity{"rdquo", U'”'},     Entity{"reg", U'®'},
    Entity{"rsaquo", U'›'},   Entity{"rsquo", U'’'},    Entity{"sbquo", U'‚'},     Entity{"scaron", U'š'},
    Entity{"shy", U'\u00AD'}, Entity{"szlig", U'ß'},    Entity{"thinsp", U' '},    Entity{"times", U'×'},
    Entity{"trade", U'™'},    Entity{"uacute", U'ú'},   Entity{"ucirc", U'û'},     Entity{"ugrave", U'ù'},
    Entity{"uuml", U'ü'},     Entity{"zwj", U'\u200D'}, Entity{"zwnj", U'\u200C'},
};
static_assert(std::ranges::is_sorted(k_entities, {}, &Entity::name));

constexpr std::array<std::string_view, 29> k_separating{
    "article", "aside", "blockquote", "br",      "dd",    "div",    "dl", "dt", "footer", "h1",
    "h2",      "h3",    "h4",         "h5",      "h6",    "header", "hr", "li", "main",   "nav",
    "ol",      "p",     "pre",        "section", "table", "td",     "th", "tr", "ul"};
static_assert(std::ranges::is_sorted(k_separating));

bool is_letter(char32_t c) {
  return (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z');
}

bool is_digit(char32_t c) {
  return c >= U'0' && c <= U'9';
}

char32_t lower_ascii(char32_t c) {
  return c >= U'A' && c <= U'Z' ? c + 32 : c;
}

int digit_value(char32_t c, int base) {
  if (is_digit(c)) return static_cast<int>(c - U'0');
  auto const low = lower_ascii(c);
  if (base == 16 && low >= U'a' && low <= U'f') return static_cast<int>(low - U'a') + 10;
  return -1;
}

// Bytes 0x80..0x9F are Windows-1252's in what browsers make of them; the quotes and dashes among them matter here.
char32_t numbered(std::uint32_t number) {
  switch (number) {
    case 0x91:
      return U'‘';
    case 0x92:
      return U'’';
    case 0x93:
      return U'“';
    case 0x94:
      return U'”';
    case 0x96:
      return U'–';
    case 0x97:
      return U'—';
    default:
      break;
  }
  auto const scalar = number > 0 && number <= 0x10FFFF && (number < 0xD800 || number > 0xDFFF);
  return scalar ? static_cast<char32_t>(number) : U'\uFFFD';
}

std::optional<HtmlPiece> read_number(std::u32string_view text) {
  std::size_t at = 1;
  auto const base = at < text.size() && lower_ascii(text[at]) == U'x' ? 16 : 10;
  if (base == 16) ++at;
  auto const first = at;
  std::uint32_t number = 0;
  for (; at < text.size() && at - first < 8 && digit_value(text[at], base) >= 0; ++at)
    number = std::min<std::uint32_t>(
        number * static_cast<std::uint32_t>(base) + static_cast<std::uint32_t>(digit_value(text[at], base)), 0x110000);
  if (at == first) return std::nullopt;
  if (at < text.size() && text[at] == U';') ++at;
  return HtmlPiece{numbered(number), at};
}

std::optional<HtmlPiece> read_once(std::u32string_view text) {
  if (text.empty()) return std::nullopt;
  if (text.front() == U'#') return read_number(text);
  std::string entity;
  std::size_t at = 0;
  for (; at < text.size() && at < 8 && (is_letter(text[at]) || is_digit(text[at])); ++at)
    entity.push_back(static_cast<char>(text[at]));
  if (at >= text.size() || text[at] != U';') return std::nullopt;
  auto const found = std::ranges::lower_bound(k_entities, std::string_view(entity), {}, &Entity::name);
  if (found == k_entities.end() || found->name != entity) return std::nullopt;
  return HtmlPiece{found->character, at + 1};
}

}  // namespace

std::optional<HtmlPiece> read_entity(std::u32string_view after_ampersand) {
  auto const outer = read_once(after_ampersand);
  if (!outer || outer->character != U'&') return outer;
  auto const inner = read_once(after_ampersand.substr(outer->length));
  return inner ? HtmlPiece{inner->character, outer->length + inner->length} : outer;
}

std::optional<HtmlPiece> read_tag(std::u32string_view text) {
  constexpr std::size_t k_longest = 1'000;
  std::size_t at = 1;
  if (at < text.size() && text[at] == U'/') ++at;
  if (at >= text.size() || !(is_letter(text[at]) || text[at] == U'!')) return std::nullopt;
  std::string tag;
  for (auto i = at; i < text.size() && tag.size() < 12 && (is_letter(text[i]) || is_digit(text[i])); ++i)
    tag.push_back(static_cast<char>(lower_ascii(text[i])));
  auto const close = text.substr(0, k_longest).find_first_of(U"><", at);
  if (close == std::u32string_view::npos || text[close] != U'>') return std::nullopt;
  return HtmlPiece{std::ranges::binary_search(k_separating, tag) ? U'\n' : U'\0', close + 1};
}

}  // namespace jvmm::credentials
