#include <algorithm>

#include "credentials/reader.hpp"

namespace jvmm::credentials {
namespace {

void blank(std::string& clause, Range range, std::size_t from) {
  for (auto at = range.start; at < range.end; ++at)
    clause[at - from] = k_masked;
}

}  // namespace

std::string clause_around(std::string_view mask, Range item, Range value, Compiled const& rules) {
  std::string clause(mask.substr(item.start, item.size()));
  for (auto name : names_in(mask, item, rules.lexicon)) {
    // The first word of a clause has its capital from there: "Without a Certified Coach title".
    if (name.start == item.start) name.start = word_end(mask, name.start, name.end);
    if (!name.empty()) blank(clause, name, item.start);
  }
  auto const start = std::max(value.start, item.start);
  auto const end = std::min(value.end, item.end);
  if (start < end) blank(clause, {start, end}, item.start);
  if (auto const claim = rules.claims_to_reader.find(clause)) blank(clause, {claim->start, claim->end}, 0);
  return clause;
}

// "Trained by a Certified Coach", "Aspiring TEDx speaker", "host of the Ledger podcast".
bool SentenceReader::is_of_somebody_else(Kind kind, Range item, Range value) const {
  if (kind == Kind::books || value.start < item.start) return false;
  if (m_rules.not_yet.occurs(shape(value))) return true;
  auto const name = shape(value);
  auto const article = name.size() - without_article(name).size();
  auto const before = mask({item.start, value.start + article});
  if (kind == Kind::certifications) return m_rules.somebody_else.occurs(before);
  auto const of_shows =
      kind == Kind::podcast_appearances || (kind == Kind::speaking_events && speaks_of_podcasts(m_sentence));
  return of_shows && m_rules.own_show.occurs(mask({item.start, value.start}));
}

// "Her mentor, a Certified Coach": what is set beside somebody else is theirs.
bool SentenceReader::is_beside_somebody_else(std::size_t item, Range value) const {
  if (item == 0 || value.start < m_items[item].start) return false;
  auto const lead = trimmed(m_text.mask, {m_items[item].start, value.start});
  auto const article = mask(lead) == "a" || mask(lead) == "an" || mask(lead) == "the";
  auto const with_article = lead.empty() && without_article(shape(value)).size() < value.size();
  return (article || with_article) && m_rules.filters.occurs(mask(m_items[item - 1]));
}

bool SentenceReader::asks() const {
  return m_sentence.end > 0 && (m_text.shape[m_sentence.end - 1] == '?' ||
                                (m_sentence.end < m_text.shape.size() && m_text.shape[m_sentence.end] == '?'));
}

bool SentenceReader::refused(Kind kind, Range value, Range cue) const {
  if (kind != Kind::books && asks()) return true;
  auto const reach = cue.empty() ? value : Range{std::min(cue.start, value.start), std::max(cue.end, value.end)};
  for (std::size_t i = 0; i < m_items.size(); ++i) {
    if (!m_items[i].overlaps(reach)) continue;
    if (is_of_somebody_else(kind, m_items[i], value) ||
        (kind == Kind::certifications && is_beside_somebody_else(i, value)))
      return true;
    if (m_rules.filters.occurs(clause_around(m_text.mask, m_items[i], value, m_rules))) return true;
    if (i + 1 < m_items.size() && m_rules.tail && m_rules.tail->occurs(mask(m_items[i + 1]))) return true;
  }
  return false;
}

}  // namespace jvmm::credentials
