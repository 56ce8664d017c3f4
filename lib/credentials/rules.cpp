#include "credentials/rules.hpp"

#include <algorithm>
#include <cmath>

#include "credentials/merge.hpp"
#include "credentials/reader.hpp"

namespace jvmm::credentials {
namespace {

// The sentence that holds the position, or the next one.
std::optional<std::size_t> sentence_at(FieldText const& text, std::size_t at) {
  auto const sentence = std::ranges::upper_bound(text.sentences, at, {}, &Range::end);
  if (sentence == text.sentences.end()) return std::nullopt;
  return static_cast<std::size_t>(sentence - text.sentences.begin());
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

Reading Rules::read(NormalisedText text) const {
  return Reading(std::make_unique<Reading::State>(m_state->compiled, std::move(text)));
}

struct Reading::State {
  State(Compiled const& compiled, NormalisedText normalised)
      : rules(compiled), text(std::move(normalised), compiled), readers(text.sentences.size()) {}

  /// The sentence in which the place begins, read; null without any.
  SentenceReader* reader_at(Range value) {
    auto const sentence = sentence_at(text, value.start);
    if (!sentence) return nullptr;
    auto& reader = readers[*sentence];
    if (!reader) {
      reader = std::make_unique<SentenceReader>(rules, text, *sentence);
      reader->read();
      ++sentences_read;
    }
    return reader.get();
  }

  Range range_of(Place place) const {
    auto const at = text.text.positions(place);
    return {at.start, at.end};
  }

  Compiled const& rules;
  FieldText text;
  std::vector<std::unique_ptr<SentenceReader>> readers;  ///< per sentence, once it was asked about
  std::size_t sentences_read = 0;
};

Reading::Reading(std::unique_ptr<State> state) : m_state(std::move(state)) {}
Reading::~Reading() = default;
Reading::Reading(Reading&&) noexcept = default;
Reading& Reading::operator=(Reading&&) noexcept = default;

std::size_t Reading::sentences_read() const {
  return m_state->sentences_read;
}

bool Reading::is_claimed(Place place, Kind kind) {
  auto const value = m_state->range_of(place);
  auto* const reader = m_state->reader_at(value);
  return reader != nullptr && reader->claims(kind, value);
}

std::optional<Kind> Reading::kind_of(Place place) {
  auto const value = m_state->range_of(place);
  auto* const reader = m_state->reader_at(value);
  return reader == nullptr ? std::nullopt : reader->kind_of(value);
}

}  // namespace jvmm::credentials
