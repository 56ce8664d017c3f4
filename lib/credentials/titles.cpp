#include <algorithm>
#include <array>
#include <charconv>

#include "credentials/reader.hpp"

namespace jvmm::credentials {
namespace {

constexpr std::size_t k_near = 40;         // characters before a quote in which a word says what it is
constexpr std::size_t k_year_within = 40;  // characters after a title

bool is_capital_or_digit(char c) {
  return is_upper(c) || is_digit(c);
}

// Of a cue that also fits songs and talks ("titled"), whether it says that it is a book.
bool names_a_book(std::string_view cue) {
  auto const lower = lowered(cue);
  return std::ranges::any_of(std::array<std::string_view, 6>{"author", "book", "novel", "memoir", "guide", "wrote"},
                             [&](auto word) { return lower.find(word) != std::string::npos; });
}

// 'DM me "BOOK"'
bool is_a_shout(std::string_view text) {
  return std::ranges::all_of(text, is_upper);
}

// "wrote to the Radio Times": not what was written.
bool leads_elsewhere(std::string_view filler) {
  return std::ranges::any_of(std::array<std::string_view, 7>{"to ", "at ", "in ", "on ", "into ", "under ", "against "},
                             [&](auto word) { return filler.starts_with(word); });
}

}  // namespace

bool SentenceReader::is_title(Range inner) const {
  std::size_t words = 0, capital = 0;
  auto first = true;
  auto const text = shape(inner);
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == ' ') {
      ++at;
      continue;
    }
    auto const end = std::min(text.find(' ', at), text.size());
    auto word = text.substr(at, end - at);
    while (!word.empty() && !is_word(word.front()))
      word.remove_prefix(1);
    while (!word.empty() && !is_word(word.back()))
      word.remove_suffix(1);
    at = end;
    if (word.empty()) continue;
    if (first && !is_capital_or_digit(word.front())) return false;
    first = false;
    if (m_rules.lexicon.is_small(word)) continue;
    ++words;
    capital += is_capital_or_digit(word.front()) ? 1U : 0U;
  }
  return words > 0 && capital * 10 >= words * 7;
}

std::optional<int> SentenceReader::year_after(std::size_t at, std::size_t limit) const {
  auto const text = shape({at, std::min(limit, at + k_year_within)});
  std::size_t from = 0;
  while (from < text.size() && (text[from] == ' ' || text[from] == '"' || text[from] == '\'' || text[from] == '*'))
    ++from;
  auto end = text.size();
  if (from < text.size() && text[from] == '(')
    end = std::min(text.find(')', from), text.size());
  else if (from < text.size() && text[from] == ',')
    end = std::min(text.size(), from + 6);
  else
    return std::nullopt;
  for (auto i = from; i + 4 <= end; ++i) {
    int year = 0;
    if (is_digit(text[i - (i > 0 ? 1 : 0)]) && i > 0) continue;
    auto const [stop, error] = std::from_chars(text.data() + i, text.data() + i + 4, year);
    if (error == std::errc{} && stop == text.data() + i + 4 && year >= 1800 && year < 2200 &&
        (i + 4 >= text.size() || !is_digit(text[i + 4])))
      return year;
  }
  return std::nullopt;
}

// True if a strong cue of another kind stands right before the quote: 'Quoted in "The Lagos Standard"'.
bool SentenceReader::announced_as_other(Range quote) const {
  return std::ranges::any_of(m_hits, [&](CueHit const& hit) {
    return hit.cue->side == Side::right && hit.cue->strength == 2 && hit.range.end == quote.start &&
           hit.cue->kind != Kind::awards;
  });
}

// True if a strong cue of titles stands right before the quote, as "author of" does.
bool SentenceReader::introduced_as_title(Range quote) const {
  return std::ranges::any_of(m_title_hits, [&](CueHit const& hit) {
    return hit.cue->side == Side::right && hit.cue->strength == 2 && hit.range.end == quote.start &&
           names_a_book(mask(hit.range));
  });
}

void SentenceReader::take_title(Range title, Range cue, double confidence, bool list) {
  Found found;
  found.kind = Kind::books;
  found.range = title;
  found.cue = cue;
  found.right = true;
  found.confidence = confidence;
  auto const item = item_at(title.start);
  if (refused(Kind::books, title, cue)) {
    use(title);
    return;
  }
  found.year = year_after(title.end, item.end + 6 < m_sentence.end ? item.end + 6 : m_sentence.end);
  std::vector<Found> parts;
  split_at_and(found, parts);
  for (auto const& part : parts)
    accept(part);
  if (list && !parts.empty()) continue_list(parts.back(), true);
}

void SentenceReader::read_quoted_titles() {
  for (auto const quote : m_quotes)
    read_quoted_title(quote);
}

void SentenceReader::read_quoted_title(Range quote) {
  auto const inner = trimmed(m_text.shape, {quote.start + 1, quote.end - 1});
  if (inner.empty() || !is_title(inner) || announced_as_other(quote)) return;
  auto const item = item_at(quote.start);
  auto const index = static_cast<std::size_t>(std::ranges::find(m_items, item) - m_items.begin());
  auto const before = Range{index > 0 ? m_items[index - 1].start : item.start, quote.start};
  auto const own = clause_around(m_text.mask, item, quote, m_rules);
  auto const last = m_items.empty() ? m_sentence : m_items[std::min(index + 2, m_items.size() - 1)];
  auto const near = Range{std::max(m_sentence.start, quote.start > k_near ? quote.start - k_near : 0), quote.start};
  Found found;
  found.range = inner;
  found.right = true;
  if (m_rules.podcast_words.occurs(own)) {
    found.kind = Kind::podcast_appearances;
    found.confidence = 0.85;
  } else {
    auto const introduced = introduced_as_title(quote);
    if (!introduced && (m_rules.other_work.occurs(mask(near)) || is_a_shout(shape(inner)))) return;
    auto const announced =
        introduced || m_rules.book_words.occurs(mask(before)) || m_rules.book_words.occurs(mask({quote.end, last.end}));
    auto const in_prose =
        count_words(shape(inner)) >= 2 && std::ranges::any_of(own, is_lower) && !m_rules.other_work.occurs(own);
    if (!announced && !in_prose) return;
    found.confidence = announced ? 0.92 : 0.7;
    take_title(inner, {}, found.confidence, false);
    return;
  }
  if (refused(found.kind, inner, {}))
    use(quote);
  else
    accept(found);
}

void SentenceReader::read_unquoted_titles() {
  for (auto const& hit : m_title_hits)
    if (hit.cue->side == Side::right)
      read_title_after(hit);
    else
      read_title_before(hit);
}

void SentenceReader::read_title_after(CueHit const& hit) {
  if (is_upper(m_text.mask[hit.range.start]) && !at_clause_start(hit.range.start)) return;
  if (hit.cue->strength == 1 && !m_rules.book_words.occurs(mask({m_sentence.start, hit.range.start}))) return;
  auto const item = item_at(hit.range.end);
  auto const at = skip_filler(hit.range.end, item.end);
  if (leads_elsewhere(mask({hit.range.end, at}))) return;
  auto title = without_year(m_text.mask, name_at(m_text.mask, at, item.end, m_rules.lexicon));
  if (auto const with = shape(title).find(" with "); with != std::string_view::npos && count_words(shape(title)) > 4)
    title.end = title.start + with;
  if (title.empty() || is_used(title)) return;
  auto const text = shape(title);
  if (count_words(without_article(text)) < 2 && !year_after(title.end, item.end)) return;
  if (m_rules.lead_words.find(without_article(text)) || other_look(Kind::books, title) == 3 ||
      look(Kind::awards, title) >= 2 || text.starts_with("TEDx"))
    return;
  take_title(title, hit.range, 0.85, true);
}

void SentenceReader::read_title_before(CueHit const& hit) {
  for (auto const& names : m_names)
    for (auto const name : names) {
      if (name.end != hit.range.start || is_used(name) || count_words(shape(name)) < 2) continue;
      if (m_rules.lexicon.generic_words().fits(shape(name)) || other_look(Kind::books, name) >= 2 ||
          m_rules.lead_words.find(without_article(shape(name))))
        continue;
      take_title(name, hit.range, 0.75, false);
    }
}

}  // namespace jvmm::credentials
