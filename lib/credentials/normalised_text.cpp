#include "credentials/normalised_text.hpp"

#include <algorithm>

#include "base/utf8.hpp"
#include "credentials/html.hpp"
#include "text/canonical.hpp"
#include "text/shape.hpp"

namespace jvmm::credentials {
namespace {

constexpr std::size_t k_longest_character = 32;  // code points with their marks; more is noise

// Quotes and dashes as rules know them. An em dash separates like '|'.
char32_t plain(char32_t c) {
  switch (c) {
    case U'“':
    case U'”':
    case U'„':
    case U'‟':
    case U'«':
    case U'»':
    case U'″':
    case U'〝':
    case U'〞':
    case U'＂':
      return U'"';
    case U'‘':
    case U'’':
    case U'‚':
    case U'‛':
    case U'′':
    case U'`':
    case U'´':
    case U'ʼ':
    case U'‹':
    case U'›':
      return U'\'';
    case U'‐':
    case U'‑':
    case U'‒':
    case U'–':
    case U'−':
      return U'-';
    case U'—':
    case U'―':
      return U'|';
    case U'\u2028':
    case U'\u2029':
    case U'\u0085':
    case U'\v':
    case U'\f':
      return U'\n';
    default:
      return c;
  }
}

bool is_mark_of_trade(char32_t c) {
  return c == U'®' || c == U'©' || c == U'™' || c == U'℠';
}

}  // namespace

class Normaliser {
 public:
  explicit Normaliser(NormalisedText& out) : m_out(out) {}

  void run() {
    decode();
    for (std::size_t at = 0; at < m_points.size();)
      at += step(at);
    while (!m_out.m_shape.empty() && (m_out.m_shape.back() == ' ' || m_out.m_shape.back() == '\n'))
      drop_last();
  }

 private:
  void decode() {
    auto const& stored = m_out.m_stored;
    m_points.reserve(stored.size());
    m_out.m_bytes.reserve(stored.size() + 1);
    for (std::size_t at = 0; at < stored.size();) {
      m_out.m_bytes.push_back(static_cast<std::uint32_t>(at));
      if (static_cast<unsigned char>(stored[at]) < 0x80) {
        m_points.push_back(static_cast<unsigned char>(stored[at++]));
        continue;
      }
      auto const one = utf8::decode(stored, at);
      m_points.push_back(one.value);
      at += one.length;
    }
    m_out.m_bytes.push_back(static_cast<std::uint32_t>(stored.size()));
    m_out.m_text.reserve(m_points.size());
    m_out.m_shape.reserve(m_points.size());
    m_out.m_starts.reserve(m_points.size());
    m_out.m_ends.reserve(m_points.size());
  }

  // Reads what begins at code point `at`; how many it takes.
  std::size_t step(std::size_t at) {
    auto const rest = std::u32string_view(m_points).substr(at);
    auto const first = rest.front();
    if (first == U'&') {
      if (auto const entity = read_entity(rest.substr(1))) {
        put(entity->character, at, at + 1 + entity->length);
        return 1 + entity->length;
      }
    }
    if (first == U'<') {
      if (auto const tag = read_tag(rest)) {
        if (tag->character != 0) put(tag->character, at, at + tag->length);
        return tag->length;
      }
    }
    std::size_t length = 1;
    while (length < rest.size() && length < k_longest_character && text::continues_character(rest[length]))
      ++length;
    if (length == 1 && first < 0x80)
      put(first, at, at + 1);
    else if (length == 1 && (plain(first) != first || is_mark_of_trade(first)))
      put(first, at, at + 1);
    else
      for (auto const c : text::composed(rest.substr(0, length)))
        put(c, at, at + length);
    return length;
  }

  void put(char32_t c, std::size_t start, std::size_t end) {
    if (c > U' ' && c < 0x7F && c != U'`') return append(c, static_cast<char>(c), start, end);
    if (is_mark_of_trade(c) || c == 0x200D || (c >= 0xFE00 && c <= 0xFE0F)) return;
    c = plain(c);
    if (text::is_invisible(c)) return;
    auto shape = text::ascii_shape(c);
    if (shape == '~' && text::continues_character(c)) shape = 'x';
    if (shape == ' ' || shape == '\n') {
      if (m_out.m_shape.empty()) return;
      auto const last = m_out.m_shape.back();
      if (last == '\n' || last == shape) return;
      if (last == ' ') drop_last();
      c = shape == ' ' ? U' ' : U'\n';
    }
    append(c, shape, start, end);
  }

  void append(char32_t c, char shape, std::size_t start, std::size_t end) {
    m_out.m_text.push_back(c);
    m_out.m_shape.push_back(shape);
    m_out.m_starts.push_back(static_cast<std::uint32_t>(start));
    m_out.m_ends.push_back(static_cast<std::uint32_t>(end));
  }

  void drop_last() {
    m_out.m_text.pop_back();
    m_out.m_shape.pop_back();
    m_out.m_starts.pop_back();
    m_out.m_ends.pop_back();
  }

  NormalisedText& m_out;
  std::u32string m_points;
};

NormalisedText::NormalisedText(std::string_view stored) : m_stored(stored) {
  Normaliser(*this).run();
  m_folded = m_text;
  for (auto& c : m_folded)
    c = text::lower(c);
}

Place NormalisedText::place(std::size_t start, std::size_t end) const {
  return {m_starts[start], m_ends[end - 1]};
}

Place NormalisedText::positions(Place place) const {
  auto const first = std::ranges::lower_bound(m_starts, place.start);
  auto const last = std::upper_bound(m_ends.begin(), m_ends.end(), place.end);
  auto const start = static_cast<std::size_t>(first - m_starts.begin());
  auto const end = static_cast<std::size_t>(last - m_ends.begin());
  return {start, std::max(start, end)};
}

std::string NormalisedText::slice(Place place) const {
  auto const from = m_bytes[place.start];
  return utf8::repaired(std::string_view(m_stored).substr(from, m_bytes[place.end] - from));
}

std::u32string comparable(std::string_view name) {
  return NormalisedText(name).folded();
}

}  // namespace jvmm::credentials
