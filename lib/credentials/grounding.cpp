#include "credentials/grounding.hpp"

#include "text/shape.hpp"

namespace jvmm::credentials {
namespace {

constexpr std::size_t k_longest_name = 300;

bool is_word(char shape) {
  return (shape >= 'a' && shape <= 'z') || (shape >= 'A' && shape <= 'Z') || (shape >= '0' && shape <= '9');
}

// Without quotes, brackets, stops and blanks at the ends.
std::u32string bare(std::u32string name) {
  constexpr std::u32string_view k_around = U" \n\"'*_()[]{}.,;:|~";
  auto const first = name.find_first_not_of(k_around);
  if (first == std::u32string::npos) return {};
  auto const last = name.find_last_not_of(U" \n\"'*_([{,;:|~.");
  return name.substr(first, last + 1 - first);
}

bool has_word(std::u32string_view name) {
  for (auto const c : name)
    if (is_word(text::ascii_shape(c))) return true;
  return false;
}

bool whole_words(std::string const& shape, std::size_t start, std::size_t end) {
  return !(start > 0 && is_word(shape[start - 1]) && is_word(shape[start])) &&
         !(end < shape.size() && is_word(shape[end]) && is_word(shape[end - 1]));
}

std::size_t distance(std::size_t a, std::size_t b) {
  return a < b ? b - a : a - b;
}

}  // namespace

std::optional<Place> ground(std::string_view proposed, NormalisedText const& text, std::optional<std::size_t> near) {
  if (proposed.size() > 8 * k_longest_name) return std::nullopt;
  auto const name = bare(comparable(proposed));
  if (name.empty() || name.size() > k_longest_name || !has_word(name)) return std::nullopt;
  std::optional<Place> best;
  for (auto at = text.folded().find(name); at != std::u32string::npos; at = text.folded().find(name, at + 1)) {
    if (!whole_words(text.shape(), at, at + name.size())) continue;
    auto const place = text.place(at, at + name.size());
    if (!near) return place;
    if (!best || distance(place.start, *near) < distance(best->start, *near)) best = place;
  }
  return best;
}

}  // namespace jvmm::credentials
