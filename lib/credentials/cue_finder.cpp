#include <algorithm>
#include <array>
#include <cmath>

#include "credentials/reader.hpp"

namespace jvmm::credentials {
namespace {

constexpr int k_filler_words = 4;

// What the words before a right-hand name end in.
bool ends_in_on(std::string_view cue) {
  while (!cue.empty() && (cue.back() == ' ' || cue.back() == ':'))
    cue.remove_suffix(1);
  return cue.ends_with(" on") || cue.ends_with(" at") || cue == "on";
}

// A cue of one kind may announce a name that looks like another kind: "featured in the Forbes 30 Under 30".
bool may_become(CompiledCue const& from, Kind to, std::string_view cue) {
  if (from.kind == Kind::media_appearances && to == Kind::speaking_events) return from.strength == 2 && ends_in_on(cue);
  if (from.kind == Kind::certifications) return to == Kind::awards;
  return to != Kind::books;
}

// "podcasts, including Mend": what is listed may be named in the item before.
bool lists_examples(std::string_view cue) {
  return std::ranges::any_of(std::array<std::string_view, 3>{"ncluding", "uch as", "mong them"},
                             [&](auto word) { return cue.find(word) != std::string_view::npos; });
}

double confidence_of(int type, int strength) {
  if (type >= 3) return strength == 2 ? 0.95 : 0.9;
  if (type == 2) return strength == 2 ? 0.9 : 0.8;
  return strength == 2 ? 0.75 : 0.6;
}

// "Oban FM's breakfast show": the station. What is so called ("Reader's Digest", "Barron's") goes on with a capital or
// ends.
Range without_possessive(std::string_view mask, Range name, std::size_t limit) {
  auto const text = mask.substr(name.start, name.size());
  auto const followed = name.end + 1 < limit && mask[name.end] == ' ' && is_lower(mask[name.end + 1]);
  if (followed && text.ends_with("'s")) name.end -= 2;
  return name;
}

// "Failed the Licensed Plumber": behind a word that has its capital from the clause.
std::size_t after_opening_verb(std::string_view mask, Range name) {
  auto const first = word_end(mask, name.start, name.end);
  for (std::string_view const article : {" the ", " a ", " an "})
    if (mask.substr(first, name.end - first).starts_with(article)) return first + article.size();
  return name.start;
}

}  // namespace

std::vector<CueHit> SentenceReader::find_hits(std::vector<CompiledCue> const& cues, std::size_t first_held) const {
  std::vector<CueHit> out;
  auto const text = mask(m_sentence);
  for (std::size_t i = 0; i < cues.size(); ++i) {
    auto const& cue = cues[i];
    if (!m_held[first_held + i] || (cue.strength == 0 && !holds(Sign::podcast_words))) continue;
    for (std::size_t from = 0; from < text.size();) {
      auto const match = cue.pattern.find(text, from);
      if (!match || match->end == match->start) break;
      auto range = Range{m_sentence.start + match->start, m_sentence.start + match->end};
      // The patterns take in the character before a right-hand cue, and the one after a left-hand cue.
      if (cue.side == Side::right && !is_word(m_text.mask[range.start]) && m_text.mask[range.start] != '#')
        ++range.start;
      if (cue.side == Side::left && !is_word(m_text.mask[range.end - 1])) --range.end;
      out.push_back({&cue, range});
      from = std::max(match->start + 1, match->end - 1);
    }
  }
  return out;
}

bool SentenceReader::at_clause_start(std::size_t at) const {
  auto const item = item_at(at);
  auto before = at;
  while (before > item.start && m_text.mask[before - 1] == ' ')
    --before;
  if (before <= item.start) return true;
  return std::string_view(":(\"'*-&/>").find(m_text.mask[before - 1]) != std::string_view::npos;
}

std::size_t SentenceReader::skip_filler(std::size_t at, std::size_t limit) const {
  auto const start = at;
  for (int words = 0; words <= k_filler_words; ++words) {
    while (at < limit && m_text.mask[at] == ' ')
      ++at;
    if (at >= limit || !is_lower(m_text.mask[at])) return at;
    if (!name_at(m_text.mask, at, limit, m_rules.lexicon).empty()) return at;  // "the Oban Gazette"
    auto const end = word_end(m_text.mask, at, limit);
    if (m_rules.lexicon.stops_filler(shape({at, end})) || (end < limit && m_text.mask[end] != ' ')) return start;
    at = end;
  }
  return start;
}

bool SentenceReader::speaks_of_podcasts(Range item) const {
  return holds(Sign::podcast_words) && m_rules.podcast_words.occurs(mask(item));
}

void SentenceReader::read_cues() {
  for (auto const& hit : m_hits)
    if (hit.cue->side == Side::right)
      propose_after(hit);
    else
      propose_before(hit);
  propose_plain_certifications();
  choose();
}

void SentenceReader::propose_after(CueHit const& hit) {
  if (is_upper(m_text.mask[hit.range.start]) && !at_clause_start(hit.range.start)) return;
  auto const item = item_at(hit.range.end);
  if (auto const quote = quote_at(hit.range.end)) {
    auto const inner = trimmed(m_text.shape, {quote->start + 1, quote->end - 1});
    if (!inner.empty() && is_title(inner)) propose(hit, inner, true);
    return;
  }
  auto const at = skip_filler(hit.range.end, item.end);
  auto name = name_at(m_text.mask, at, item.end, m_rules.lexicon);
  if (name.empty()) return;
  name = first_of_two(without_possessive(m_text.mask, name, item.end));
  // "speaks at schools across Cornwall": words in between, and nothing that looks like what was announced.
  auto const between = trimmed(m_text.mask, {hit.range.end, at});
  if (!between.empty() && is_open(hit.cue->kind) && look(hit.cue->kind, name) == 0 &&
      other_look(hit.cue->kind, name) < 2)
    return;
  propose(hit, name, false);
}

void SentenceReader::propose_before(CueHit const& hit) {
  auto first = hit.range.start;
  while (first < hit.range.end && !is_word(m_text.mask[first]))
    ++first;
  if (m_text.mask.compare(hit.range.start, 2, "'s") == 0) first += 2;
  if (first < hit.range.end && is_upper(m_text.mask[first])) return;
  for (auto const quote : m_quotes)
    if (quote.end == hit.range.start) {
      auto const inner = trimmed(m_text.shape, {quote.start + 1, quote.end - 1});
      if (!inner.empty() && is_title(inner)) propose(hit, inner, true);
      return;
    }
  for (auto const& names : m_names)
    for (auto name : names) {
      auto end = name.end;
      if (end == hit.range.start + 2 && m_text.mask.compare(hit.range.start, 2, "'s") == 0) end -= 2;
      // "PMP-certified"
      auto const hyphenated = hit.cue->kind == Kind::certifications && m_text.mask[hit.range.start] == '-' &&
                              name.start < hit.range.start && end <= hit.range.end;
      if (hyphenated) end = std::min(end, hit.range.start);
      if (end != hit.range.start) continue;
      name.end = end;
      if (auto const lead = m_rules.lead_words.find(shape(name))) name.start += lead->end;
      if (name.empty() || m_rules.lexicon.generic_words().fits(shape(name)) || opens_prose(hit, name)) continue;
      propose(hit, name, false);
    }
}

// "Good Morning America and the Today Show": the first where it is known; the list goes on from there.
Range SentenceReader::first_of_two(Range name) const {
  for (std::string_view const word : {" and on ", " and in ", " and at "})
    if (auto const at = shape(name).find(word); at != std::string_view::npos) return {name.start, name.start + at};
  auto const at = shape(name).find(" and ");
  auto const is_known = [&](Range range) { return other_look(Kind::books, range) == 3; };
  if (at == std::string_view::npos || is_known(name)) return name;
  auto const head = Range{name.start, name.start + at};
  return is_known(head) ? head : name;
}

// "Makes stage sets": one capitalised word at the start of a clause is no name of an event by that.
bool SentenceReader::opens_prose(CueHit const& hit, Range name) const {
  if (count_words(shape(name)) != 1 || !at_clause_start(name.start)) return false;
  if (hit.cue->kind == Kind::speaking_events) return look(Kind::speaking_events, name) == 0;
  // "Money expert"
  return mask(hit.range).find("expert") != std::string_view::npos && m_rules.lexicon.is_ambiguous_outlet(shape(name));
}

Range SentenceReader::shortened(Kind kind, Range name) const {
  name = without_year(m_text.mask, name);
  if (kind == Kind::podcast_appearances)  // "Dan on The Second Act Podcast"
    for (std::string_view const guest_on : {" on The ", " on the "})
      if (auto const at = shape(name).find(guest_on); at != std::string_view::npos) name.start += at + 4;
  if (kind == Kind::podcast_appearances)
    if (auto const number = m_rules.episode_number.find(shape(name))) name.start += number->end;
  auto const of_events = kind == Kind::speaking_events;
  if (kind != Kind::awards && kind != Kind::certifications && !of_events) return name;
  if (kind == Kind::certifications)  // "Ravi is a PMP"
    if (auto const at = shape(name).rfind(" is "); at != std::string_view::npos) name.start += at + 4;
  if (!of_events && at_clause_start(name.start)) name.start = after_opening_verb(m_text.mask, name);
  for (std::string_view const cut : {" by ", " from ", " at ", " in "}) {
    if (of_events != (cut == " in ")) continue;
    auto const at = shape(name).find(cut);
    if (at == std::string_view::npos) continue;
    auto const head = Range{name.start, name.start + at};
    if (look(kind, head) >= 2) return head;
  }
  return name;
}

void SentenceReader::propose(CueHit const& hit, Range name, bool quoted) {
  auto const& cue = *hit.cue;
  auto const on_podcast = speaks_of_podcasts(lists_examples(mask(hit.range)) ? m_sentence : item_at(name.start));
  if (cue.strength == 0 && !on_podcast) return;
  for (auto const kind : k_kinds) {
    if (kind == Kind::books || (cue.strength == 0 && kind != cue.kind)) continue;
    auto const range = quoted ? name : shortened(kind, name);
    auto const letters = std::ranges::any_of(shape(range), [](char c) { return is_upper(c) || is_lower(c); });
    if (range.empty() || !letters || m_rules.lexicon.is_generic(shape(range))) continue;
    auto const type = look(kind, range);
    if (quoted && kind == Kind::speaking_events && type == 0) continue;  // the title of a talk
    if (is_no_name_of(kind, range, hit) || !looks_enough(kind, range, hit, on_podcast)) continue;
    Found found;
    found.kind = kind;
    found.range = range;
    found.cue = hit.range;
    found.type = type;
    found.right = cue.side == Side::right;
    found.score = 2.0 * type + cue.strength + (kind == cue.kind ? 1 : 0) + (found.right ? 0.5 : 0);
    found.confidence = confidence_of(type, cue.strength);
    m_proposed.push_back(found);
  }
}

// What the words of a name and its cue rule out, whatever the name looks like.
bool SentenceReader::is_no_name_of(Kind kind, Range name, CueHit const& hit) const {
  auto const before = mask(hit.range);
  auto const bare = without_article(shape(name));
  if (kind != Kind::podcast_appearances && mask({name.end, m_sentence.end}).starts_with(" podcast")) return true;
  if (kind == Kind::certifications)
    return m_rules.lexicon.is_common_abbreviation(bare) ||
           (!m_rules.certified_cue.occurs(before) && needs_certified_cue(name, before));
  return kind == Kind::media_appearances && before.find("ublished") != std::string_view::npos &&
         m_rules.publisher.fits(bare);
}

// True if the name looks enough like the kind for its cue.
bool SentenceReader::looks_enough(Kind kind, Range name, CueHit const& hit, bool on_podcast) const {
  auto const& cue = *hit.cue;
  auto const type = look(kind, name);
  auto const of_media = kind == Kind::media_appearances;
  if (of_media && on_podcast && type < 2) return false;
  if (of_media && cue.strength == 1 && m_rules.lexicon.is_ambiguous_outlet(shape(name))) return false;
  auto const of_podcast = kind == Kind::podcast_appearances && on_podcast;
  if (kind != cue.kind) return (type >= 2 || of_podcast) && may_become(cue, kind, mask(hit.range));
  auto const others = other_look(kind, name);
  auto needed = others >= 2 ? 2 : 0;
  if (cue.strength < 2 && !of_podcast) needed = is_open(kind) ? 1 : 2;
  auto const stays = of_media && cue.strength == 2 && !ends_in_on(mask(hit.range));
  return type >= needed || (stays && others < 3 && look(Kind::podcast_appearances, name) < 2);
}

// "Business Analyst": what somebody is, with no word of a certificate.
bool SentenceReader::is_mere_job(Kind kind, Range name) const {
  if (kind == Kind::certifications && m_rules.lexicon.is_certifier(shape(name))) return true;
  return kind == Kind::certifications && look(kind, name) < 3 && !m_rules.certified_word.occurs(shape(name));
}

// "MBA", "HR": capitals that are no letters of a certificate.
bool SentenceReader::are_unknown_letters(Range name) const {
  auto const text = without_article(shape(name));
  return m_rules.letters.fits(text) && !m_rules.lexicon.is_post_nominal(text);
}

// Of what a cue announces that speaks of no certificate ("is an", "holds"): jobs, bodies, capitals that are no known
// letters.
bool SentenceReader::needs_certified_cue(Range name, std::string_view cue) const {
  auto const& lexicon = m_rules.lexicon;
  if (are_unknown_letters(name)) return true;
  return lexicon.is_certifier(shape(name)) || (m_rules.job_cue.occurs(cue) && is_mere_job(Kind::certifications, name));
}

void SentenceReader::propose_plain_certifications() {
  auto const text = mask(m_sentence);
  auto const& plain = m_rules.plain_certification;
  for (auto const* pattern : {&plain, &m_rules.board_certified}) {
    if (!holds(pattern == &plain ? Sign::plain_certification : Sign::board_certified)) continue;
    for (std::size_t from = 0; from < text.size();) {
      auto const match = pattern->find(text, from);
      if (!match || match->end == match->start) break;
      from = match->end;
      Found found;
      found.kind = Kind::certifications;
      found.range = {m_sentence.start + match->start, m_sentence.start + match->end};
      for (auto const& names : m_names)
        for (auto const name : names)
          if (name.contains({found.range.start, found.range.start + 1}) && name.end > found.range.end &&
              shape({found.range.end, name.end}).find(" and ") == std::string_view::npos)
            found.range.end = shortened(Kind::certifications, {found.range.start, name.end}).end;
      found.type = 2;
      found.score = 7.5;
      found.right = true;
      found.confidence = 0.85;
      m_proposed.push_back(found);
    }
  }
}

void SentenceReader::choose() {
  std::ranges::stable_sort(m_proposed, [](Found const& a, Found const& b) {
    if (a.score != b.score) return a.score > b.score;
    if (a.range.start != b.range.start) return a.range.start < b.range.start;
    return a.range.size() > b.range.size();
  });
  for (auto const& found : m_proposed) {
    if (is_used(found.range)) continue;
    if (refused(found.kind, found.range, found.cue)) {
      use(found.range);
      if (found.right) continue_list(found, false);
      continue;
    }
    std::vector<Found> parts;
    split_at_and(found, parts);
    for (auto const& part : parts)
      accept(part);
    if (found.right)
      continue_list(parts.back(), true);
    else
      continue_list_before(parts.front());
  }
}

}  // namespace jvmm::credentials
