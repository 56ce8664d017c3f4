#include "text/casing.hpp"

#include <fmt/format.h>
#include <unicode/stringoptions.h>
#include <unicode/ucasemap.h>
#include <unicode/uchar.h>

#include <algorithm>
#include <memory>

#include "base/error.hpp"
#include "base/utf8.hpp"

namespace jvmm::text {
namespace {

struct CloseCaseMap {
  void operator()(UCaseMap* map) const { ucasemap_close(map); }
};

void require_success(UErrorCode code) {
  if (U_FAILURE(code)) throw Error(Kind::internal, fmt::format("ICU: {}", u_errorName(code)));
}

/// Title-casing may change the map, so each thread has its own.
UCaseMap* case_map() {
  thread_local auto const map = [] {
    auto code = U_ZERO_ERROR;
    std::unique_ptr<UCaseMap, CloseCaseMap> opened(
        ucasemap_open("", U_TITLECASE_WHOLE_STRING | U_TITLECASE_NO_BREAK_ADJUSTMENT, &code));
    require_success(code);
    return opened;
  }();
  return map.get();
}

template <class Map>
std::string mapped(std::string_view text, Map const& map) {
  std::string out(text.size() + text.size() / 2 + 16, '\0');
  for (;;) {
    auto code = U_ZERO_ERROR;
    auto const length = map(case_map(), out.data(), static_cast<std::int32_t>(out.size()), text.data(),
                            static_cast<std::int32_t>(text.size()), &code);
    bool const fits = code != U_BUFFER_OVERFLOW_ERROR;
    if (fits) require_success(code);
    out.resize(static_cast<std::size_t>(length));
    if (fits) return out;
  }
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

char ascii_lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

char ascii_upper(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c;
}

std::string ascii_title(std::string_view text) {
  std::string out(text);
  bool after_letter = false;
  for (char& c : out) {
    auto const small = ascii_lower(c);
    c = after_letter ? small : ascii_upper(c);
    after_letter = small >= 'a' && small <= 'z';
  }
  return out;
}

/// How many code points the lower case of one has.
int lower_length(char32_t c) {
  return c == U'\u0130' ? 2 : 1;
}

}  // namespace

std::string lower(std::string_view text) {
  if (!is_ascii(text)) return mapped(utf8::repaired(text), ucasemap_utf8ToLower);
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), ascii_lower);
  return out;
}

std::string title(std::string_view text) {
  if (is_ascii(text)) return ascii_title(text);
  auto const source = utf8::repaired(text);
  auto const lowered = lower(source);  // of the whole, because the final sigma depends on what is around it
  std::string out;
  out.reserve(lowered.size());
  bool after_cased = false;
  for (std::size_t at = 0, low = 0; at < source.size();) {
    auto const step = utf8::decode(source, at);
    auto const low_begin = low;
    for (int i = 0; i < lower_length(step.value); ++i)
      low += utf8::decode(lowered, low).length;
    if (after_cased)
      out.append(lowered, low_begin, low - low_begin);
    else
      out += mapped(std::string_view(source).substr(at, step.length), ucasemap_utf8ToTitle);
    after_cased = u_hasBinaryProperty(static_cast<UChar32>(step.value), UCHAR_CASED);
    at += step.length;
  }
  return out;
}

}  // namespace jvmm::text
