#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/utf8.hpp"
#include "commands/extract_credentials/finder.hpp"

namespace jvmm::commands {
namespace {

// 512 tokens of a BERT take some 1,500 characters of English; fewer of other scripts, which the service's own windows
// (the parameter stride) then see to.
constexpr WindowSize k_window{1'200, 200};
constexpr double k_least_score = 0.8;

/// So that a rule's value, which names its reason, goes before one of NER where both found the same.
constexpr double k_trust = 0.85;

/// Position in the window of every byte of it that begins a code point.
std::vector<std::size_t> positions_of(std::string_view text) {
  std::vector<std::size_t> out(text.size() + 1);
  std::size_t position = 0;
  for (std::size_t at = 0; at < text.size(); ++position) {
    auto const length = utf8::decode(text, at).length;
    std::fill_n(out.begin() + static_cast<std::ptrdiff_t>(at), length, position);
    at += length;
  }
  out.back() = position;
  return out;
}

bool is_word(char shape) {
  return (shape >= 'a' && shape <= 'z') || (shape >= 'A' && shape <= 'Z') || (shape >= '0' && shape <= '9');
}

/// Whole words: models sometimes tag a piece of one.
Window whole_words(std::string_view shape, Window span) {
  while (span.start > 0 && is_word(shape[span.start]) && is_word(shape[span.start - 1]))
    --span.start;
  while (span.end < shape.size() && is_word(shape[span.end - 1]) && is_word(shape[span.end]))
    ++span.end;
  return span;
}

struct Named {
  Window span;
  double score = 0;
};

/// Pieces of one word, and what overlaps, are one thing; its score is that of the best.
std::vector<Named> joined(std::vector<Named> parts) {
  std::sort(parts.begin(), parts.end(), [](Named const& a, Named const& b) {
    return a.span.start != b.span.start ? a.span.start < b.span.start : a.span.end < b.span.end;
  });
  std::vector<Named> out;
  for (auto const& part : parts) {
    if (!out.empty() && part.span.start < out.back().span.end) {
      out.back().span.end = std::max(out.back().span.end, part.span.end);
      out.back().score = std::max(out.back().score, part.score);
    } else {
      out.push_back(part);
    }
  }
  return out;
}

class NerFinder final : public Finder {
 public:
  NerFinder(std::shared_ptr<credentials::Rules const> rules, std::unique_ptr<inference::EntityRecognizer> model,
            std::string description)
      : m_rules(std::move(rules)), m_model(std::move(model)), m_description(std::move(description)) {}

  std::string_view name() const override { return "ner"; }
  WindowSize window() const override { return k_window; }
  std::string fingerprint() const override {
    return fmt::format("ner({}; window={}/{})", m_description, k_window.most, k_window.overlap);
  }

  std::vector<Result<Found>> find(std::span<Passage const> passages) override {
    auto const texts = texts_of(passages);
    std::vector<std::string_view> const views(texts.begin(), texts.end());
    auto const answers = m_model->recognize(views);
    RuleReadings readings(*m_rules);
    std::vector<Result<Found>> out;
    for (std::size_t i = 0; i < passages.size(); ++i)
      out.push_back(answers[i] ? Result<Found>(read(passages[i], texts[i], *answers[i], readings))
                               : answers[i].error());
    return out;
  }

  void release(std::span<Passage const> passages) override {
    auto const texts = texts_of(passages);
    std::vector<std::string_view> const views(texts.begin(), texts.end());
    m_model->release(views);
  }

 private:
  static std::vector<std::string> texts_of(std::span<Passage const> passages) {
    std::vector<std::string> out;
    for (auto const& passage : passages)
      out.push_back(utf8_of(passage.field->text.text(), passage.window));
    return out;
  }

  static Found read(Passage const& passage, std::string_view sent, inference::Entities const& answer,
                    RuleReadings& readings) {
    auto const& text = passage.field->text;
    auto const positions = positions_of(sent);
    std::vector<Named> parts;
    for (auto const& entity : answer.entities) {
      // People are whom others' credentials belong to.
      if (entity.type == "PER" || entity.score < k_least_score) continue;
      Window const span{passage.window.start + positions[entity.begin], passage.window.start + positions[entity.end]};
      parts.push_back({whole_words(text.shape(), span), entity.score});
    }
    Found found;
    found.backend = answer.backend;
    for (auto const& one : joined(std::move(parts)))
      add(found, passage, one, readings);
    return found;
  }

  /// What touches a cut, which is behind a blank where there is one, is whole in the neighbouring window.
  static bool is_cut(Passage const& passage, Window const& span) {
    return (span.start <= passage.window.start && passage.window.start > 0) ||
           (span.end + 1 >= passage.window.end && passage.window.end < passage.field->text.size());
  }

  static void add(Found& found, Passage const& passage, Named const& one, RuleReadings& readings) {
    if (is_cut(passage, one.span)) return;
    auto const& field = *passage.field;
    auto const place = field.text.place(one.span.start, one.span.end);
    auto& reading = readings.of(field);
    auto const kind = reading.kind_of(place);
    if (!kind || !is_said(field, place) || !reading.is_claimed(place, *kind)) {
      ++found.dropped.unclaimed;
      return;
    }
    found.values.push_back({*kind, field.text.slice(place), std::nullopt, field.field, place, credentials::Method::ner,
                            std::round(k_trust * one.score * 100) / 100});
  }

  std::shared_ptr<credentials::Rules const> m_rules;
  std::unique_ptr<inference::EntityRecognizer> m_model;
  std::string m_description;
};

}  // namespace

std::unique_ptr<Finder> find_by_ner(std::shared_ptr<credentials::Rules const> rules,
                                    std::unique_ptr<inference::EntityRecognizer> model, std::string description) {
  return std::make_unique<NerFinder>(std::move(rules), std::move(model), std::move(description));
}

}  // namespace jvmm::commands
