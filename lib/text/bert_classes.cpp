#include "text/bert_classes.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace jvmm::text {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};

#include "text/bert_classes.inc"

/// The ranges are sorted and apart.
bool contains(std::span<Range const> ranges, char32_t c) {
  auto const it =
      std::upper_bound(ranges.begin(), ranges.end(), c, [](char32_t v, Range const& range) { return v < range.first; });
  return it != ranges.begin() && c <= std::prev(it)->last;
}

BertClass searched_class(char32_t c) {
  if (contains(k_removed, c)) return BertClass::removed;
  if (contains(k_blank, c)) return BertClass::blank;
  if (contains(k_punctuation, c)) return BertClass::punctuation;
  return BertClass::ordinary;
}

}  // namespace

BertClass bert_class(char32_t c) {
  static auto const ascii = [] {
    std::array<BertClass, 128> out{};
    for (char32_t i = 0; i < out.size(); ++i)
      out[i] = searched_class(i);
    return out;
  }();
  return c < ascii.size() ? ascii[c] : searched_class(c);
}

bool is_bert_accent(char32_t c) {
  return c >= 0x300 && contains(k_accent, c);
}

bool is_bert_ideograph(char32_t c) {
  return c >= 0x3400 && contains(k_ideograph, c);
}

}  // namespace jvmm::text
