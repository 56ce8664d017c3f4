#include <algorithm>
#include <array>

#include "credentials/reader.hpp"

namespace jvmm::credentials {
namespace {

void blank(std::string& clause, Range range, std::size_t from) {
  for (auto at = range.start; at < range.end; ++at)
    clause[at - from] = k_masked;
}

// How many characters an article at its start has: it belongs to the clause ("like a TED Talk").
std::size_t article_of(std::string_view mask, Range name) {
  auto const text = mask.substr(name.start, name.size());
  return text.size() - without_article(text).size();
}

// Where the name begins behind its first word and small ones ("Daughter of a BBC …").
std::size_t after_first_word(std::string_view mask, Range name) {
  auto at = word_end(mask, name.start, name.end);
  while (at < name.end && !is_upper(mask[at]) && !is_digit(mask[at]))
    ++at;
  return at;
}

// "A source for reporters at …": those who speak for the outlet.
bool is_of_press(std::string_view role) {
  return role == "journalists" || role == "reporters" || role == "editors" || role == "producers";
}

}  // namespace

std::string clause_around(std::string_view mask, Range item, Range value, Compiled const& rules) {
  std::string clause(mask.substr(item.start, item.size()));
  for (auto name : names_in(mask, item, rules.lexicon)) {
    // The first word of a clause has its capital from there: "Without a Certified Coach title".
    name.start = name.start == item.start ? after_first_word(mask, name) : name.start + article_of(mask, name);
    if (mask.substr(name.start, name.size()) == "I") continue;
    if (!name.empty()) blank(clause, name, item.start);
  }
  auto const start = std::max(value.start + article_of(mask, value), item.start);
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

// "Winners of the Oban Prize", "heckled the winner of …", "married to a … columnist".
bool SentenceReader::is_announced_by_others(Kind kind, Range value, Range cue) const {
  if (cue.empty()) return false;
  auto const words = mask({cue.start, std::max(cue.end, value.start)});
  auto const role = m_rules.others_role.find(words);
  auto const of_press =
      role && kind == Kind::media_appearances && is_of_press(words.substr(role->start, role->end - role->start));
  if (role && !of_press && words.find(':') == std::string_view::npos) return true;
  auto const item = item_at(value.start);
  auto const from = std::min(cue.start, value.start);
  return from > item.start && m_rules.role.occurs(mask(cue)) && m_rules.object_before.occurs(mask({item.start, from}));
}

// "Certified Coaches", but for "one of four …".
bool SentenceReader::names_several(Range certificate) const {
  auto const item = item_at(certificate.start);
  auto const before = mask({item.start, std::max(item.start, certificate.start)});
  if (before.find("one of ") != std::string_view::npos) return false;
  auto head = shape(certificate);
  for (std::string_view const word : {" of ", " for ", " in ", " at ", " from ", " ("})
    head = head.substr(0, head.find(word));
  head = head.substr(head.rfind(' ') + 1);
  return std::ranges::any_of(std::array<std::string_view, 2>{"es", "s"}, [&](auto ending) {
    return head.size() > 4 && head.ends_with(ending) &&
           m_rules.lexicon.is_role(head.substr(0, head.size() - ending.size()));
  });
}

// "TEDx speakers": an owner is one.
bool SentenceReader::is_role_of_others(Kind kind, Range value, Range cue) const {
  if (kind == Kind::books) return false;
  if (is_announced_by_others(kind, value, cue)) return true;
  auto const item = item_at(value.start);
  if (value.end < item.end && m_text.mask[value.end] == ' ') {
    auto const next = mask({value.end + 1, word_end(m_text.mask, value.end + 1, item.end)});
    if (!next.empty() && is_lower(next.front()) && m_rules.others_role.fits(next)) return true;
  }
  return kind == Kind::certifications && names_several(value);
}

// The part of the item in which the claim is made: without what another verb says before it ("coaches lawyers and is
// …") and without the aside after it ("… who helps teams").
Range SentenceReader::claim_part(Range item, Range reach) const {
  auto out = item;
  auto const text = mask({item.start, std::min(item.end, reach.end)});
  for (std::size_t at = 0; item.start + at < reach.start;) {
    auto const verb = m_rules.new_verb.find(text, at);
    if (!verb || item.start + verb->start >= reach.start) break;
    out.start = item.start + verb->start + 1;
    at = verb->end;
  }
  if (reach.end < item.end)
    if (auto const aside = m_rules.aside.find(mask({reach.end, item.end}))) out.end = reach.end + aside->start;
  return out;
}

// "My co-founder spoke at …", "Their founder, Lena Ruiz, spoke at …".
bool SentenceReader::speaks_of_others(Kind kind, std::size_t item, Range value, Range reach) {
  auto const whole = m_items[item];
  if (m_subjects.empty()) find_subjects();
  auto const subject = m_subjects[item];
  auto const of_others = subject != Subject::owner && value.start > whole.start;
  // Of a book much is said that speaks of others: who reads it, whom it is for.
  if (kind == Kind::books) return of_others && !m_rules.other_subject.occurs(mask(whole));
  if (subject == Subject::people_of_owner) return true;
  if (of_others) return true;
  if (!m_rules.other_person) return false;
  auto const clause = clause_around(m_text.mask, {whole.start, claim_part(whole, reach).end}, value, m_rules);
  auto const other = m_rules.other_person->find(clause);
  if (!other) return false;
  // "Her clients love it when she speaks at …": the owner speaks again.
  auto const behind = Range{whole.start + other->end, std::max(reach.start, value.start)};
  return behind.empty() || !m_rules.own_subject.occurs(mask(behind));
}

bool SentenceReader::says_otherwise(Kind kind, Range item, Range value, Range reach) const {
  auto const clause = clause_around(m_text.mask, claim_part(item, reach), value, m_rules);
  auto const& own = m_rules.filters_of_kind[static_cast<std::size_t>(kind)];
  return m_rules.filters.occurs(clause) || (own && own->occurs(clause));
}

bool SentenceReader::refused(Kind kind, Range value, Range cue) {
  if (kind != Kind::books && asks()) return true;
  if (is_role_of_others(kind, value, cue)) return true;
  auto const reach = cue.empty() ? value : Range{std::min(cue.start, value.start), std::max(cue.end, value.end)};
  for (std::size_t i = 0; i < m_items.size(); ++i) {
    auto const item = m_items[i];
    if (!item.overlaps(reach)) continue;
    if (is_of_somebody_else(kind, claim_part(item, reach), value) ||
        (kind == Kind::certifications && is_beside_somebody_else(i, value)))
      return true;
    if (speaks_of_others(kind, i, value, reach) || says_otherwise(kind, item, value, reach)) return true;
    if (i > 0 && m_rules.before && m_rules.before->occurs(mask(m_items[i - 1]))) return true;
    if (i + 1 < m_items.size() && m_rules.tail && m_rules.tail->occurs(mask(m_items[i + 1]))) return true;
  }
  return false;
}

// Which items have somebody else for their subject: until a pronoun takes over. One who is only named ("Their founder,
// Lena Ruiz, spoke …") is the subject of what follows; of one who already has a verb that goes on where verbs are
// strung together ("Clients have been on CNN, won prizes and found peace"), not in a list of claims.
void SentenceReader::find_subjects() {
  auto subject = Subject::owner;
  auto const strung = !m_items.empty() && m_rules.strung_verb.occurs(mask(m_items.back()));
  for (auto const item : m_items) {
    auto const text = mask(item);
    auto const other = m_rules.other_subject.find(text);
    auto const of_people = m_rules.people_of_owner.occurs(text);
    if (of_people)
      subject = Subject::others;
    else if ((other || subject == Subject::others) && m_rules.own_subject.occurs(text))
      subject = Subject::owner;
    else if (other)
      subject = strung || std::ranges::none_of(text.substr(other->end), is_lower) ? Subject::others : Subject::owner;
    m_subjects.push_back(of_people ? Subject::people_of_owner : subject);
  }
}

}  // namespace jvmm::credentials
