#include "credentials/rules.hpp"

#include <algorithm>
#include <cmath>

#include "credentials/merge.hpp"
#include "credentials/reader.hpp"

namespace jvmm::credentials {
namespace {

// The sentence that holds the position; the last one before it if none does.
std::optional<std::size_t> sentence_at(FieldText const& text, std::size_t at) {
  for (std::size_t i = 0; i < text.sentences.size(); ++i)
    if (at < text.sentences[i].end) return i;
  return std::nullopt;
}

}  // namespace

struct Rules::State {
  explicit State(Gazetteers const& gazetteers) : compiled(gazetteers) {}
  Compiled compiled;
};

Rules::Rules(Gazetteers const& gazetteers) : m_state(std::make_unique<State const>(gazetteers)) {}
Rules::~Rules() = default;
Rules::Rules(Rules&&) noexcept = default;
Rules& Rules::operator=(Rules&&) noexcept = default;

Extracted Rules::extract(Source const& source) const {
  Extracted out;
  std::vector<Value> values;
  for (auto const field : {Field::social_proof, Field::bio}) {
    auto const& stored = source.field(field);
    if (!stored) continue;
    FieldText const text(NormalisedText(*stored), m_state->compiled);
    for (std::size_t i = 0; i < text.sentences.size(); ++i) {
      SentenceReader reader(m_state->compiled, text, i);
      reader.read();
      out.unsure = out.unsure || reader.cue_left_over();
      for (auto const& found : reader.found()) {
        auto const place = text.text.place(found.range.start, found.range.end);
        values.push_back(
            {found.kind, text.text.slice(place), found.year, field, place, Method::rules, found.confidence});
      }
    }
  }
  out.values = merge_cut(std::move(values));
  return out;
}

bool Rules::is_claimed(NormalisedText const& text, Place place, Kind) const {
  FieldText const field(text, m_state->compiled);
  auto const at = text.positions(place);
  auto const sentence = sentence_at(field, at.start);
  if (!sentence) return false;
  auto const value = Range{at.start, at.end};
  auto const items = split_items(field.mask, field.sentences[*sentence]);
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (!items[i].overlaps(value)) continue;
    auto const& rules = m_state->compiled;
    if (rules.filters.occurs(clause_around(field.mask, items[i], value, rules))) return false;
    auto const next = i + 1 < items.size()
                          ? std::string_view(field.mask).substr(items[i + 1].start, items[i + 1].size())
                          : std::string_view();
    if (rules.tail && !next.empty() && rules.tail->occurs(next)) return false;
  }
  return true;
}

std::optional<Kind> Rules::kind_of(NormalisedText const& text, Place place) const {
  FieldText const field(text, m_state->compiled);
  auto const at = text.positions(place);
  auto const sentence = sentence_at(field, at.start);
  if (!sentence) return std::nullopt;
  auto const value = Range{at.start, at.end};
  SentenceReader reader(m_state->compiled, field, *sentence);
  reader.read();
  for (auto const& found : reader.found())
    if (found.range.overlaps(value)) return found.kind;
  auto const name = std::string_view(field.shape).substr(value.start, value.size());
  auto const looks = m_state->compiled.lexicon.looks(name, field.shouted[*sentence]);
  std::optional<Kind> best;
  int most = 1;
  for (auto const kind : k_kinds)
    if (auto const look = looks[static_cast<std::size_t>(kind)]; look > most) {
      most = look;
      best = kind;
    }
  return best;
}

}  // namespace jvmm::credentials
