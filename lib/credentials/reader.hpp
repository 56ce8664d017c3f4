#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "credentials/credential.hpp"
#include "credentials/gazetteers.hpp"
#include "credentials/lexicon.hpp"
#include "credentials/normalised_text.hpp"
#include "credentials/segments.hpp"
#include "credentials/spans.hpp"
#include "text/pattern.hpp"
#include "text/pattern_set.hpp"

namespace jvmm::credentials {

struct CompiledCue {
  Kind kind;
  Side side;
  int strength;
  text::Pattern pattern;
};

/// Patterns that are asked for together with the cues.
enum class Sign : std::uint8_t { podcast_words, plain_certification, board_certified, award_winning, positive };

/// The gazetteers, compiled. Immutable.
struct Compiled {
  explicit Compiled(Gazetteers const& gazetteers);

  Lexicon lexicon;
  std::vector<CompiledCue> cues, title_cues;
  text::PatternSet held;  ///< both, and the signs: which of them a text holds at all
  text::Pattern filters;  ///< those of all kinds in one
  std::array<std::optional<text::Pattern>, k_kinds.size()> filters_of_kind;  ///< those of one
  std::optional<text::Pattern> before, tail, other_person;  ///< asked of the item before and after; of persons
  text::Pattern book_words, other_work, lead_words, positive, claims_to_reader, podcast_words, plain_certification,
      board_certified, award_winning, award_winning_of_others, list_words, somebody_else, not_yet, own_show, publisher,
      person, letters, own_subject, other_subject, new_verb, aside, others_role, strung_verb, people_of_owner,
      certified_word, job_cue, object_before, role, certified_cue, speech_words, episode_number;
};

/// A text cut up for reading.
struct FieldText {
  FieldText(NormalisedText text, Compiled const& rules);

  NormalisedText text;
  std::string shape;  ///< of `text`, in ordinary case
  std::vector<Range> quotes;
  std::string mask;
  std::vector<Range> sentences;
  std::vector<bool> shouted;  ///< per sentence
};

/// Where a cue stands and where the name beside it would begin (right) or end (left).
struct CueHit {
  CompiledCue const* cue;
  Range range;
};

struct Found {
  Kind kind = Kind::books;
  Range range;
  Range cue;  ///< empty if none
  int type = 0;
  double score = 0;
  bool right = false;
  double confidence = 0;
  std::optional<int> year;
};

/// Whose an item is: "the people I coach" are others whatever else is said in it.
enum class Subject : std::uint8_t { owner, others, people_of_owner };

/// True for kinds whose names can be any words: not of awards and certifications, which name themselves.
inline bool is_open(Kind kind) {
  return kind != Kind::awards && kind != Kind::certifications;
}

/// Reads one sentence. Each step adds to `found` and marks what it took, or refused, as used.
class SentenceReader {
 public:
  SentenceReader(Compiled const& rules, FieldText const& text, std::size_t sentence);

  void read();
  std::vector<Found> const& found() const { return m_found; }
  bool cue_left_over() const { return m_left_over; }

  /// Of a name that somebody else found in this sentence, once that is read: whether it is claimed, and as what.
  bool claims(Kind kind, Range value) { return !refused(kind, value, {}); }
  std::optional<Kind> kind_of(Range value) const;

 private:
  // titles.cpp
  void read_quoted_titles();
  void read_quoted_title(Range quote);
  void read_unquoted_titles();
  void read_title_after(CueHit const& hit);
  void read_title_before(CueHit const& hit);
  bool is_title(Range inner) const;
  std::optional<int> year_after(std::size_t at, std::size_t limit) const;
  bool announced_as_other(Range quote) const;
  bool introduced_as_title(Range quote) const;
  void take_title(Range title, Range cue, double confidence, bool list);

  // cue_finder.cpp
  std::vector<CueHit> find_hits(std::vector<CompiledCue> const& cues, std::size_t first_held) const;
  bool holds(Sign sign) const {
    return m_held[m_rules.cues.size() + m_rules.title_cues.size() + static_cast<std::size_t>(sign)];
  }
  void read_cues();
  void propose_after(CueHit const& hit);
  void propose_before(CueHit const& hit);
  void propose(CueHit const& hit, Range name, bool quoted);
  bool is_no_name_of(Kind kind, Range name, CueHit const& hit) const;
  bool looks_enough(Kind kind, Range name, CueHit const& hit, bool on_podcast) const;
  void propose_plain_certifications();
  bool are_unknown_letters(Range name) const;
  bool needs_certified_cue(Range name, std::string_view cue) const;
  bool is_mere_job(Kind kind, Range name) const;
  bool opens_prose(CueHit const& hit, Range name) const;
  Range first_of_two(Range name) const;
  Range shortened(Kind kind, Range name) const;
  std::size_t skip_filler(std::size_t at, std::size_t limit) const;
  bool at_clause_start(std::size_t at) const;
  void choose();

  // lists.cpp
  void continue_list(Found const& from, bool accepted);
  void split_at_and(Found found, std::vector<Found>& out) const;
  Range list_member(Range item) const;
  Range last_member(Kind kind, Range item) const;
  void continue_list_before(Found const& from);
  bool may_continue(Kind kind, Range member) const;
  void read_bare_items();
  void read_opening_letters();
  void read_bare_item(Range item, bool first);
  void read_letters_after_name();
  void read_letters_in_brackets();
  bool follows_owner(std::size_t bracket) const;
  void read_award_winning();
  void fall_back();
  void drop_mere_tedx();

  // claims.cpp
  bool refused(Kind kind, Range value, Range cue);
  void find_subjects();
  bool is_of_somebody_else(Kind kind, Range item, Range value) const;
  bool is_beside_somebody_else(std::size_t item, Range value) const;
  bool is_role_of_others(Kind kind, Range value, Range cue) const;
  bool is_announced_by_others(Kind kind, Range value, Range cue) const;
  bool names_several(Range certificate) const;
  bool speaks_of_others(Kind kind, std::size_t item, Range value, Range reach);
  bool says_otherwise(Kind kind, Range item, Range value, Range reach) const;
  Range claim_part(Range item, Range reach) const;
  bool asks() const;
  bool speaks_of_podcasts(Range item) const;

  std::string_view shape(Range range) const { return std::string_view(m_text.shape).substr(range.start, range.size()); }
  std::string_view mask(Range range) const { return std::string_view(m_text.mask).substr(range.start, range.size()); }
  Looks looks(Range range) const;
  int look(Kind kind, Range range) const { return looks(range)[static_cast<std::size_t>(kind)]; }
  int other_look(Kind kind, Range range) const;  ///< the greatest of any other kind
  Range item_at(std::size_t at) const;
  bool is_used(Range range) const;
  void use(Range range) { m_used.push_back(range); }
  std::optional<Range> quote_at(std::size_t start) const;
  void accept(Found found);

  Compiled const& m_rules;
  FieldText const& m_text;
  Range m_sentence;
  bool m_loud;
  std::vector<Range> m_items;
  std::vector<Range> m_quotes;
  std::vector<std::vector<Range>> m_names;  ///< per item
  std::vector<Subject> m_subjects;          ///< per item: somebody else is its subject; empty until asked for
  std::vector<bool> m_held;                 ///< of the rules' `held`
  mutable std::vector<std::pair<Range, Looks>> m_looks;  ///< the last that were asked for
  std::vector<CueHit> m_hits, m_title_hits;
  std::vector<Found> m_proposed;
  std::vector<Found> m_found;
  std::vector<Range> m_used;
  bool m_left_over = false;
};

/// The words around a value with the value and other names blanked out, without what only sounds like a refusal.
std::string clause_around(std::string_view mask, Range item, Range value, Compiled const& rules);

}  // namespace jvmm::credentials
