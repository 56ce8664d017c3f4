#include "credentials/capitals.hpp"

namespace jvmm::credentials {
namespace {

// Calls `use(range)` for each run of letters, digits, hyphens and apostrophes.
template <class Use>
void each_word(std::string const& shape, Range range, Use const& use) {
  for (auto at = range.start; at < range.end;) {
    if (!is_word(shape[at])) {
      ++at;
      continue;
    }
    auto end = at;
    while (end < range.end && (is_word(shape[end]) || shape[end] == '-' || shape[end] == '\''))
      ++end;
    use(Range{at, end});
    at = end;
  }
}

}  // namespace

bool shouts(std::string const& shape, Range range, Lexicon const& lexicon) {
  std::size_t upper = 0, lower = 0;
  for (auto at = range.start; at < range.end; ++at) {
    upper += is_upper(shape[at]) ? 1U : 0U;
    lower += is_lower(shape[at]) ? 1U : 0U;
  }
  if (upper < 6 || lower * 10 > upper) return false;
  auto prose = false;
  each_word(shape, range, [&](Range word) {
    prose = prose || (word.size() > 1 && lexicon.is_common(lowered(shape.substr(word.start, word.size()))));
  });
  return prose;
}

void calm_down(std::string& shape, Range range, Lexicon const& lexicon) {
  each_word(shape, range, [&](Range word) {
    auto text = lowered(shape.substr(word.start, word.size()));
    if (!lexicon.is_common(text)) {
      text.front() = shape[word.start];
      if (text.starts_with("Tedx")) {
        text.replace(0, 3, "TED");
        if (text.size() > 4) text[4] = shape[word.start + 4];
      }
    }
    shape.replace(word.start, word.size(), text);
  });
}

}  // namespace jvmm::credentials
