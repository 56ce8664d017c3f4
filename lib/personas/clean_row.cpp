#include "personas/clean_row.hpp"

#include <algorithm>
#include <array>

#include "base/utf8.hpp"
#include "personas/clauses.hpp"
#include "text/canonical.hpp"
#include "text/casing.hpp"
#include "text/markup.hpp"
#include "text/tokens.hpp"

namespace jvmm::personas {
namespace {

constexpr std::array<std::string_view, 9> k_generic{"all",           "b2b",      "b2c", "both", "consumers",
                                                    "entrepreneurs", "everyone", "men", "women"};

bool is_invisible(char32_t c) {
  return (c >= 0x200B && c <= 0x200F) || c == 0x2060 || c == 0xFEFF || c == 0xAD;
}

bool is_control(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c < 0xA0);
}

char32_t straight(char32_t c) {
  if (c == 0x2018 || c == 0x2019 || c == 0x201A || c == 0x201B || c == 0x2032) return '\'';
  if (c == 0x201C || c == 0x201D || c == 0x201E || c == 0x201F || c == 0x2033) return '"';
  return c;
}

/// A prefix of at most so many bytes that ends with a code point.
std::string_view bounded(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0) == 0x80)
    --bytes;
  return text.substr(0, bytes);
}

/// One blank for a run of blanks, one new line for a run with a new line in it; none at the ends.
std::string collapsed(std::string_view text) {
  std::string out;
  char32_t gap = 0;
  for (std::size_t at = 0; at < text.size();) {
    auto const step = utf8::decode(text, at);
    at += step.length;
    if (is_invisible(step.value)) continue;
    if (text::is_space(step.value) || is_control(step.value)) {
      bool const line = step.value == '\n' || step.value == '\r' || step.value == 0x2028 || step.value == 0x2029;
      gap = line || gap == '\n' ? '\n' : ' ';
      continue;
    }
    if (gap != 0 && !out.empty()) utf8::append(out, gap);
    gap = 0;
    utf8::append(out, straight(step.value));
  }
  return out;
}

bool tells_something(std::string_view head) {
  if (text::code_point_count(head) < 3) return false;
  for (std::size_t at = 0; at < head.size();) {
    auto const step = utf8::decode(head, at);
    if (step.valid && text::is_word(step.value) && !(step.value >= '0' && step.value <= '9')) return true;
    at += step.length;
  }
  return false;
}

}  // namespace

std::string clean_text(std::string_view text) {
  auto const plain = text::strip_tags(text::unescape_html(utf8::repaired(bounded(text, k_most_field_bytes))));
  return text::lower(collapsed(text::nfkc(plain)));
}

std::vector<std::string> heads_of(std::string_view cleaned) {
  std::vector<std::string> out;
  for (auto const clause : clauses_of(cleaned))
    for (auto const head : audiences_of(clause)) {
      auto const cut = text::strip(text::first_code_points(head, k_most_phrase_code_points));
      if (out.size() < k_most_heads && tells_something(cut) && std::ranges::find(out, cut) == out.end())
        out.emplace_back(cut);
    }
  return out;
}

CleanRow clean_row(AudienceText const& row) {
  CleanRow out;
  auto const serve = clean_text(row.who_you_serve), customer = clean_text(row.ideal_customer);
  out.heads = heads_of(serve);
  for (auto& head : heads_of(customer))
    if (out.heads.size() < k_most_heads && std::ranges::find(out.heads, head) == out.heads.end())
      out.heads.push_back(std::move(head));
  out.type_value = clean_text(row.audience_type);
  if (!is_generic(out.type_value)) out.types = heads_of(out.type_value);
  for (auto const* text : {&row.what_you_do, &row.seeking, &row.offering})
    if (auto const cleaned = clean_text(*text); !cleaned.empty()) out.other += cleaned + '\n';
  out.has_text = !serve.empty() || !customer.empty() || !out.type_value.empty() || !out.other.empty() ||
                 !clean_text(row.niche).empty();
  return out;
}

bool is_generic(std::string_view cleaned) {
  return std::ranges::binary_search(k_generic, cleaned);
}

}  // namespace jvmm::personas
