#include <algorithm>
#include <array>

#include "credentials/reader.hpp"

namespace jvmm::credentials {
namespace {

std::string_view last_of(std::string_view name) {
  return name.substr(name.rfind(' ') + 1);
}

// "Judge at the Oban Awards": the first word has its capital from the sentence.
bool is_led_in(std::string_view text) {
  if (text.starts_with("Certified ") || text.starts_with("Accredited ")) return false;
  text.remove_prefix(std::min(text.find(' '), text.size()));
  return std::ranges::any_of(
      std::array<std::string_view, 7>{" for ", " at ", " in ", " to ", " on ", " with ", " from "},
      [&](auto word) { return text.starts_with(word); });
}

// "and on The Today Show": the name behind a preposition said again.
Range after_preposition(std::string_view mask, Range range) {
  for (std::string_view const word : {"on ", "in ", "at ", "by ", "for "})
    if (mask.substr(range.start, range.size()).starts_with(word)) return {range.start + word.size(), range.end};
  return range;
}

// Behind "(2020)" with which the range begins.
Range after_bracket(std::string_view mask, Range range) {
  auto const close = mask.find(')', range.start);
  if (range.empty() || mask[range.start] != '(' || close >= range.end) return range;
  return trimmed(mask, {close + 1, range.end});
}

}  // namespace

void SentenceReader::split_at_and(Found found, std::vector<Found>& out) const {
  auto const text = shape(found.range);
  for (std::string_view const word : {" and on ", " and in ", " and at ", " and ", " & "}) {
    auto const at = text.find(word);
    if (at == std::string_view::npos || look(found.kind, found.range) == 3) continue;
    auto const again = word.size() > 5 && found.kind != Kind::books;  // the preposition, as nowhere within a name
    auto left = found, right = found;
    left.range.end = found.range.start + at;
    right.range.start = left.range.end + word.size();
    auto const a = look(found.kind, left.range), b = look(found.kind, right.range);
    auto const listed = !found.cue.empty() && word == " and " && is_open(found.kind) &&
                        m_rules.list_words.occurs(mask({found.cue.start, found.range.start})) &&
                        count_words(shape(left.range)) >= 2 && count_words(shape(right.range)) >= 2;
    auto const roles = found.kind == Kind::certifications && !found.cue.empty() &&
                       m_rules.lexicon.is_role(last_of(shape(left.range))) &&
                       m_rules.lexicon.is_role(last_of(shape(right.range)));
    auto const complete = roles || (a >= 2 && (b >= 2 || (is_open(found.kind) && word == " and ")));
    auto const with_article = is_open(found.kind) && word == " and " && b >= 2 &&
                              without_article(shape(right.range)).size() < right.range.size();
    if (!listed && !complete && !with_article && !again) continue;
    out.push_back(left);
    split_at_and(right, out);
    return;
  }
  out.push_back(found);
}

// What of an item would be a member of a list: the item without "and", a year, a stop.
Range SentenceReader::list_member(Range item) const {
  auto range = trimmed(m_text.mask, item);
  for (std::string_view const word : {"and ", "or ", "& ", "plus ", "both "})
    if (mask(range).starts_with(word)) range = after_preposition(m_text.mask, {range.start + word.size(), range.end});
  return without_year(m_text.mask, trimmed(m_text.mask, range));
}

bool SentenceReader::may_continue(Kind kind, Range member) const {
  auto const name = name_at(m_text.mask, member.start, member.end, m_rules.lexicon);
  if (name.empty() || name.end != member.end) return false;
  auto const text = shape(name);
  if (m_rules.lexicon.is_generic(text) || m_rules.lead_words.find(without_article(text)) ||
      m_rules.lexicon.generic_words().fits(text))
    return false;
  auto const own = look(kind, name);
  if (!is_open(kind)) return own >= 2;
  if (other_look(kind, name) > std::max(own, 1)) return false;
  return own > 0 || !m_rules.lexicon.is_role(last_of(text));
}

// "…, the Mayo Banner and Irish Craft Journal followed": the name at the item's start, where it looks like the kind.
Range SentenceReader::last_member(Kind kind, Range item) const {
  auto const member = list_member(item);
  auto const name = name_at(m_text.mask, member.start, member.end, m_rules.lexicon);
  if (name.end + 1 >= member.end || !is_lower(m_text.mask[name.end + 1]) || look(kind, name) < 2)
    return {member.start, member.start};
  return name;
}

// "Forbes, Inc. and Fast Company have covered her": the list that a name on the left of its cue ends.
void SentenceReader::continue_list_before(Found const& from) {
  std::vector<Found> members;
  for (auto const item : m_items) {
    auto before = Range{item.start, std::min(item.end, from.range.start)};
    if (before.empty()) break;
    for (std::string_view const word : {" and ", " & "})
      if (item.end > from.range.start && mask(before).ends_with(word)) before.end -= word.size();
    auto member = from;
    member.range = list_member(before);
    if (is_used(member.range) || !may_continue(from.kind, member.range)) return;
    members.push_back(member);
  }
  for (auto const& member : members)
    accept(member);
}

void SentenceReader::continue_list(Found const& from, bool accepted) {
  auto at = from.range.end;
  auto last = from;
  auto const take = [&](Range member) {
    if (is_used(member) || !may_continue(from.kind, member)) return false;
    if (!accepted) {
      use(member);
      return true;
    }
    last = from;
    last.range = member;
    last.year.reset();
    std::vector<Found> parts;
    split_at_and(last, parts);
    for (auto const& part : parts)
      accept(part);
    return true;
  };
  for (std::size_t i = 0; i < m_items.size(); ++i) {
    auto const item = m_items[i];
    if (item.end <= at) continue;
    if (item.start <= at) {  // the rest of the item: nothing, a year, or "and X"
      auto const rest = without_year(m_text.mask, after_bracket(m_text.mask, trimmed(m_text.mask, {at, item.end})));
      if (rest.empty() || !is_word(m_text.mask[rest.start])) {
        auto const shown = mask(rest);
        if (rest.empty() || shown.starts_with('(') || shown.starts_with('"') || shown.starts_with('\'')) continue;
      }
      auto const text = mask(rest);
      auto joined = text.starts_with("and ") || text.starts_with("& ") || text.starts_with("/ ");
      if (!joined) return;
      auto const member = after_preposition(m_text.mask, {rest.start + text.find(' ') + 1, rest.end});
      auto const name = name_at(m_text.mask, member.start, member.end, m_rules.lexicon);
      if (name.empty() || !take({member.start, name.end}) || name.end != member.end) return;
      continue;
    }
    if (!take(list_member(item))) {
      take(last_member(from.kind, item));
      return;
    }
  }
}

void SentenceReader::read_bare_items() {
  read_opening_letters();
  for (std::size_t i = 0; i < m_items.size(); ++i)
    read_bare_item(m_items[i], i == 0);
}

// "PMP and Certified ScrumMaster with …": letters that open an item.
void SentenceReader::read_opening_letters() {
  for (auto const item : m_items) {
    auto const letters = Range{item.start, word_end(m_text.mask, item.start, item.end)};
    auto const rest = mask({letters.end, item.end});
    auto const goes_on = rest.starts_with(" and ") || rest.starts_with(" & ") || rest.starts_with(" with ");
    if (m_loud || !goes_on || !m_rules.lexicon.is_post_nominal(shape(letters)) || is_used(letters)) continue;
    Found found;
    found.kind = Kind::certifications;
    found.range = letters;
    found.confidence = 0.75;
    if (refused(found.kind, letters, {}))
      use(letters);
    else
      accept(found);
  }
}

void SentenceReader::read_bare_item(Range item, bool first) {
  auto range = list_member(item);
  for (std::string_view const tail : {" certified", " Certified", " qualified"})
    if (mask(range).ends_with(tail)) range.end -= tail.size();
  if (auto const since = mask(range).find(" since "); since != std::string_view::npos) range.end = range.start + since;
  range = without_year(m_text.mask, range);
  if (auto const bracket = mask(range).find(" ("); bracket != std::string_view::npos) range.end = range.start + bracket;
  auto const name = name_at(m_text.mask, range.start, range.end, m_rules.lexicon);
  if (name.empty() || name.end != range.end || is_used(name)) return;
  auto const text = shape(name);
  if (m_rules.lexicon.is_generic(text) || is_led_in(text)) return;
  Found found;
  found.range = name;
  auto const words = count_words(text);
  if (words == 1 && m_rules.lexicon.is_post_nominal(text)) {
    found.kind = Kind::certifications;
    found.confidence = first ? 0.75 : 0.85;
  } else if (words == 1 && text.starts_with("TEDx") && text.size() > 4) {
    found.kind = Kind::speaking_events;
    found.confidence = 0.7;
  } else if (look(Kind::awards, name) >= 2 && words >= 2) {
    found.kind = Kind::awards;
    found.confidence = 0.75;
  } else if (look(Kind::certifications, name) >= 2 && words >= 2 && !is_mere_job(Kind::certifications, name)) {
    found.kind = Kind::certifications;
    found.confidence = 0.75;
  } else {
    return;
  }
  if (refused(found.kind, name, {}))
    use(name);
  else
    accept(found);
}

// "Ada Brenn, CGCW, RQTP, helps teams": capitals right after a person's name, whether they are in a list or not.
void SentenceReader::read_letters_after_name() {
  if (m_loud || m_items.size() < 2 || m_names.front().size() != 1) return;
  auto const person = m_names.front().front();
  auto const words = count_words(shape(person));
  if (person != trimmed(m_text.mask, m_items.front()) || words < 2 || words > 3 || !m_rules.person.fits(shape(person)))
    return;
  for (std::size_t i = 1; i < m_items.size(); ++i) {
    auto const range = trimmed(m_text.mask, m_items[i]);
    if (!m_rules.letters.fits(shape(range)) || m_rules.lexicon.is_common_abbreviation(shape(range))) return;
    if (is_used(range)) continue;
    Found found;
    found.kind = Kind::certifications;
    found.range = range;
    found.confidence = 0.6;
    accept(found);
  }
}

// True if a person's name, said to be nobody else's, stands right before the bracket.
bool SentenceReader::follows_owner(std::size_t bracket) const {
  auto const item = item_at(bracket);
  auto const before = mask({item.start, bracket});
  if (m_rules.filters.occurs(before) || (m_rules.other_person && m_rules.other_person->occurs(before))) return false;
  return std::ranges::any_of(m_names, [&](auto const& names) {
    return std::ranges::any_of(names,
                               [&](Range name) { return name.end + 1 == bracket && m_rules.person.fits(shape(name)); });
  });
}

// "Josie Marsh (ACC, NBC-HWC) coaches": known letters in brackets.
void SentenceReader::read_letters_in_brackets() {
  if (m_loud) return;
  for (auto open = m_text.mask.find('(', m_sentence.start); open < m_sentence.end;
       open = m_text.mask.find('(', open + 1)) {
    auto const close = m_text.mask.find(')', open);
    if (close >= m_sentence.end) return;
    std::vector<Range> letters;
    for (auto at = open + 1; at < close;) {
      auto const end = std::min(m_text.mask.find(',', at), close);
      letters.push_back(trimmed(m_text.mask, {at, end}));
      at = end + 1;
    }
    auto const known = [&](Range one) { return m_rules.lexicon.is_post_nominal(shape(one)) && !is_used(one); };
    if (!std::ranges::all_of(letters, known)) continue;
    if (!follows_owner(open)) continue;
    for (auto const one : letters) {
      Found found;
      found.kind = Kind::certifications;
      found.range = one;
      found.confidence = 0.75;
      accept(found);
    }
  }
}

void SentenceReader::read_award_winning() {
  if (!holds(Sign::award_winning)) return;
  auto const text = mask(m_sentence);
  for (std::size_t from = 0; from < text.size();) {
    auto const match = m_rules.award_winning.find(text, from);
    if (!match || match->end == match->start) return;
    from = match->end;
    Found found;
    found.kind = Kind::awards;
    found.range = {m_sentence.start + match->start, m_sentence.start + match->end};
    found.confidence = 0.7;
    auto const item = item_at(found.range.start);
    if (is_used(found.range)) continue;
    if (m_rules.award_winning_of_others.occurs(mask({item.start, found.range.start})) ||
        refused(found.kind, found.range, {}))
      use(found.range);
    else
      accept(found);
  }
}

// "Her TEDx talk at TEDxOban": one talk.
void SentenceReader::drop_mere_tedx() {
  auto const is_tedx = [&](Found const& found, bool with_place) {
    auto const name = without_article(shape(found.range));
    return found.kind == Kind::speaking_events && name.starts_with("TEDx") && (name.size() > 4) == with_place;
  };
  if (std::ranges::any_of(m_found, [&](Found const& found) { return is_tedx(found, true); }))
    std::erase_if(m_found, [&](Found const& found) { return is_tedx(found, false); });
}

void SentenceReader::fall_back() {
  if (!holds(Sign::positive)) return;
  for (std::size_t i = 0; i < m_items.size(); ++i)
    for (auto whole : m_names[i]) {
      if (is_used(whole)) continue;
      if (auto const lead = m_rules.lead_words.find(shape(whole))) whole.start += lead->end;  // "Her TED talk"
      if (whole.empty()) continue;
      for (auto const kind : {Kind::media_appearances, Kind::speaking_events, Kind::certifications, Kind::awards,
                              Kind::podcast_appearances}) {
        auto const name = shortened(kind, whole);
        auto const text = shape(name);
        if (look(kind, name) < 2 || is_mere_job(kind, name) ||
            (kind == Kind::certifications && are_unknown_letters(name)) || other_look(kind, name) >= look(kind, name) ||
            m_rules.lexicon.is_generic(text) || m_rules.lexicon.is_ambiguous_outlet(text) ||
            (kind == Kind::awards && count_words(text) < 2))
          continue;
        auto const clause = clause_around(m_text.mask, m_items[i], name, m_rules);
        if (kind == Kind::speaking_events && !m_rules.speech_words.occurs(clause)) continue;
        if (!m_rules.positive.occurs(clause) || refused(kind, name, {})) continue;
        Found found;
        found.kind = kind;
        found.range = name;
        found.confidence = 0.6;
        accept(found);
        break;
      }
    }
}

}  // namespace jvmm::credentials
