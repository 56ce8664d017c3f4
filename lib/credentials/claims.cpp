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
  return kind == Kind::podcast_appearances && m_rules.own_show.occurs(mask({item.start, value.start}));
}

bool SentenceReader::refused(Kind kind, Range value, Range cue) const {
  auto const reach = cue.empty() ? value : Range{std::min(cue.start, value.start), std::max(cue.end, value.end)};
  for (std::size_t i = 0; i < m_items.size(); ++i) {
    if (!m_items[i].overlaps(reach)) continue;
    if (is_of_somebody_else(kind, m_items[i], value)) return true;
    if (m_rules.filters.occurs(clause_around(m_text.mask, m_items[i], value, m_rules))) return true;
    if (i + 1 < m_items.size() && m_rules.tail && m_rules.tail->occurs(mask(m_items[i + 1]))) return true;
  }
  return false;
}

}  // namespace jvmm::credentials
