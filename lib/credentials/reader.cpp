#include "credentials/reader.hpp"

#include <algorithm>

#include "credentials/capitals.hpp"

namespace jvmm::credentials {
namespace {

std::vector<CompiledCue> compile(std::vector<Cue> const& cues) {
  std::vector<CompiledCue> out;
  for (auto const& cue : cues)
    out.push_back({cue.kind, cue.side, cue.strength, text::Pattern(cue.pattern, "of a cue")});
  return out;
}

// These have times of their own at which they are asked.
constexpr std::string_view k_before = "before";
constexpr std::string_view k_tail = "tail";
constexpr std::string_view k_other_person = "other_person";

std::optional<text::Pattern> filter_named(Gazetteers const& gazetteers, std::string_view name) {
  for (auto const& filter : gazetteers.filters)
    if (filter.name == name) return text::Pattern(filter.pattern, name);
  return std::nullopt;
}

// All filters for which `is_in`, in one; empty without any.
template <class Predicate>
std::string joined_filters(Gazetteers const& gazetteers, Predicate const& is_in) {
  std::string out;
  for (auto const& filter : gazetteers.filters)
    if (filter.name != k_before && filter.name != k_tail && filter.name != k_other_person && is_in(filter))
      out += (out.empty() ? "(?:" : "|(?:") + filter.pattern + ")";
  return out;
}

std::string filters_of_all(Gazetteers const& gazetteers) {
  auto const out = joined_filters(gazetteers, [](Filter const& filter) { return filter.kinds.empty(); });
  return out.empty() ? "[^\\x00-\\xff]" : out;
}

std::array<std::optional<text::Pattern>, k_kinds.size()> filters_by_kind(Gazetteers const& gazetteers) {
  std::array<std::optional<text::Pattern>, k_kinds.size()> out;
  for (auto const kind : k_kinds) {
    auto const joined = joined_filters(
        gazetteers, [&](Filter const& filter) { return std::ranges::find(filter.kinds, kind) != filter.kinds.end(); });
    if (!joined.empty()) out[static_cast<std::size_t>(kind)].emplace(joined, name(kind));
  }
  return out;
}

text::Pattern compiled(Gazetteers const& gazetteers, std::string_view name) {
  return text::Pattern(gazetteers.pattern(name), name);
}

// The cues, the cues of titles, and the signs in their order.
std::vector<std::string> held_patterns(Gazetteers const& g) {
  std::vector<std::string> out;
  for (auto const* cues : {&g.cues, &g.title_cues})
    for (auto const& cue : *cues)
      out.push_back(cue.pattern);
  for (auto const* sign : {"podcast_words", "plain_certification", "board_certified", "award_winning", "positive"})
    out.push_back(g.pattern(sign));
  return out;
}

}  // namespace

Compiled::Compiled(Gazetteers const& g)
    : lexicon(g),
      cues(compile(g.cues)),
      title_cues(compile(g.title_cues)),
      held(held_patterns(g), "of cues"),
      filters(filters_of_all(g), "filters"),
      filters_of_kind(filters_by_kind(g)),
      before(filter_named(g, k_before)),
      tail(filter_named(g, k_tail)),
      other_person(filter_named(g, k_other_person)),
      book_words(compiled(g, "book_words")),
      other_work(compiled(g, "other_work")),
      lead_words(compiled(g, "lead_words")),
      positive(compiled(g, "positive")),
      claims_to_reader(compiled(g, "claims_to_reader")),
      podcast_words(compiled(g, "podcast_words")),
      plain_certification(compiled(g, "plain_certification")),
      board_certified(compiled(g, "board_certified")),
      award_winning(compiled(g, "award_winning")),
      award_winning_of_others(compiled(g, "award_winning_of_others")),
      list_words(compiled(g, "list_words")),
      somebody_else(compiled(g, "somebody_else")),
      not_yet(compiled(g, "not_yet")),
      own_show(compiled(g, "own_show")),
      publisher(compiled(g, "publisher")),
      person(compiled(g, "person")),
      letters(compiled(g, "letters")),
      own_subject(compiled(g, "own_subject")),
      other_subject(compiled(g, "other_subject")),
      new_verb(compiled(g, "new_verb")),
      aside(compiled(g, "aside")),
      others_role(compiled(g, "others_role")),
      strung_verb(compiled(g, "strung_verb")),
      people_of_owner(compiled(g, "people_of_owner")),
      certified_word(compiled(g, "certified_word")),
      job_cue(compiled(g, "job_cue")),
      object_before(compiled(g, "object_before")),
      role(compiled(g, "role")),
      certified_cue(compiled(g, "certified_cue")),
      speech_words(compiled(g, "speech_words")),
      episode_number("^#?\\d+ (?:of|on) ", "of an episode") {}

FieldText::FieldText(NormalisedText normalised, Compiled const& rules)
    : text(std::move(normalised)),
      shape(text.shape()),
      quotes(find_quotes(shape)),
      mask(masked(shape, quotes)),
      sentences(split_sentences(mask, rules.lexicon)) {
  auto any = false;
  for (auto const sentence : sentences) {
    shouted.push_back(shouts(shape, sentence, rules.lexicon));
    if (!shouted.back()) continue;
    calm_down(shape, sentence, rules.lexicon);
    any = true;
  }
  if (any) mask = masked(shape, quotes);
}

SentenceReader::SentenceReader(Compiled const& rules, FieldText const& text, std::size_t sentence)
    : m_rules(rules),
      m_text(text),
      m_sentence(text.sentences[sentence]),
      m_loud(text.shouted[sentence]),
      m_items(split_items(text.mask, m_sentence)) {
  auto quote = std::ranges::lower_bound(text.quotes, m_sentence.start, {}, &Range::start);
  for (; quote != text.quotes.end() && quote->end <= m_sentence.end; ++quote)
    m_quotes.push_back(*quote);
  for (auto const item : m_items)
    m_names.push_back(names_in(text.mask, item, rules.lexicon));
}

void SentenceReader::read() {
  m_held = m_rules.held.occurring(mask(m_sentence));
  m_hits = find_hits(m_rules.cues, 0);
  m_title_hits = find_hits(m_rules.title_cues, m_rules.cues.size());
  read_quoted_titles();
  read_unquoted_titles();
  read_cues();
  read_bare_items();
  read_letters_after_name();
  read_letters_in_brackets();
  read_award_winning();
  fall_back();
  drop_mere_tedx();
  if (m_found.empty() && m_used.empty())
    m_left_over = std::ranges::any_of(m_hits, [](CueHit const& hit) { return hit.cue->strength == 2; });
}

std::optional<Kind> SentenceReader::kind_of(Range value) const {
  for (auto const& found : m_found)
    if (found.range.overlaps(value)) return found.kind;
  auto const by_look = looks(value);
  auto const most = std::ranges::max_element(by_look);
  if (*most < 2) return std::nullopt;
  return k_kinds[static_cast<std::size_t>(most - by_look.begin())];
}

Looks SentenceReader::looks(Range range) const {
  constexpr std::size_t k_most = 32;
  auto const known = std::ranges::find(m_looks, range, &std::pair<Range, Looks>::first);
  if (known != m_looks.end()) return known->second;
  if (m_looks.size() == k_most) m_looks.clear();
  return m_looks.emplace_back(range, m_rules.lexicon.looks(shape(range), m_loud)).second;
}

int SentenceReader::other_look(Kind kind, Range range) const {
  int most = 0;
  auto const all = looks(range);
  for (auto const other : k_kinds)
    if (other != kind) most = std::max<int>(most, all[static_cast<std::size_t>(other)]);
  return most;
}

Range SentenceReader::item_at(std::size_t at) const {
  for (auto const item : m_items)
    if (at < item.end) return item;
  return m_items.empty() ? m_sentence : m_items.back();
}

bool SentenceReader::is_used(Range range) const {
  return std::ranges::any_of(m_used, [&](Range other) { return other.overlaps(range); });
}

std::optional<Range> SentenceReader::quote_at(std::size_t start) const {
  for (auto const quote : m_quotes)
    if (quote.start == start) return quote;
  return std::nullopt;
}

void SentenceReader::accept(Found found) {
  use(found.range);
  m_found.push_back(std::move(found));
}

}  // namespace jvmm::credentials
