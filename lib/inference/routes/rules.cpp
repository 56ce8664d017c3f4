#include "inference/routes/rules.hpp"

#include <algorithm>
#include <numeric>

#include "inference/remote/remote_backend.hpp"
#include "text/canonical.hpp"
#include "text/casing.hpp"
#include "text/tokens.hpp"

namespace jvmm::inference {
namespace {

std::string const k_rules = "rules";

template <class T>
class RuleBackend : public TaskBackend<T> {
 public:
  std::string const& name() const override { return k_rules; }
  std::vector<Tried<T>> attempt(std::span<std::string_view const> items, Patience) override {
    std::vector<Tried<T>> out;
    for (auto const item : items)
      out.push_back({apply(item)});
    return out;
  }

 private:
  virtual T apply(std::string_view text) const = 0;
};

// --- zero-shot ------------------------------------------------------------------------------------------------------

std::vector<std::string> words(std::string_view text) {
  return text::overlap_tokens(text, 2, {});
}

class ZeroShotByWords final : public RuleBackend<ZeroShotScores> {
 public:
  explicit ZeroShotByWords(ZeroShotParameters parameters) : m_multi_label(parameters.multi_label) {
    for (auto const& label : parameters.labels)
      m_labels.push_back(words(label));
  }

 private:
  ZeroShotScores apply(std::string_view text) const override {
    auto const found = words(text);
    ZeroShotScores out{{}, k_rules};
    for (auto const& label : m_labels)
      out.scores.push_back(share(label, found));
    if (m_multi_label) return out;
    auto const sum = std::accumulate(out.scores.begin(), out.scores.end(), 0.0);
    for (auto& score : out.scores)
      score = sum > 0 ? score / sum : 1.0 / static_cast<double>(out.scores.size());
    return out;
  }

  static double share(std::vector<std::string> const& label, std::vector<std::string> const& found) {
    if (label.empty()) return 0;
    auto const common = std::count_if(label.begin(), label.end(), [&](auto const& word) {
      return std::binary_search(found.begin(), found.end(), word);
    });
    return static_cast<double>(common) / static_cast<double>(label.size());
  }

  bool m_multi_label;
  std::vector<std::vector<std::string>> m_labels;
};

// --- entities -------------------------------------------------------------------------------------------------------

bool is_capitalised(std::string_view word) {
  return !word.empty() && text::lower(word.substr(0, 1)) != word.substr(0, 1);
}

bool ends_sentence(std::string_view word) {
  return word.ends_with('.') || word.ends_with('!') || word.ends_with('?');
}

std::string_view without_punctuation(std::string_view word) {
  constexpr std::string_view k_around = ".,;:!?\"'()[]";
  auto const begin = word.find_first_not_of(k_around);
  if (begin == std::string_view::npos) return {};
  return word.substr(begin, word.find_last_not_of(k_around) - begin + 1);
}

class EntitiesByCapitals final : public RuleBackend<Entities> {
  Entities apply(std::string_view text) const override {
    constexpr double k_score = 0.5;
    Entities out{{}, k_rules};
    bool at_begin = true, goes_on = false;
    for (auto const raw : text::split_whitespace(text)) {
      auto const word = without_punctuation(raw);
      bool const counts = !at_begin && is_capitalised(word);
      if (counts) {
        auto const begin = static_cast<std::size_t>(word.data() - text.data());
        if (goes_on)
          out.entities.back().end = begin + word.size();
        else
          out.entities.push_back({"MISC", begin, begin + word.size(), k_score});
      }
      goes_on = counts && raw.ends_with(word);
      at_begin = ends_sentence(raw);
    }
    return out;
  }
};

// --- summaries ------------------------------------------------------------------------------------------------------

class FirstSentences final : public RuleBackend<SummaryText> {
 public:
  explicit FirstSentences(SummaryParameters parameters) : m_parameters(parameters) {}

 private:
  SummaryText apply(std::string_view text) const override {
    auto const whole = text::strip(text);
    std::string_view const rest = whole;
    std::size_t end_of_words = 0, end_of_sentences = 0;
    for (auto const word : text::split_whitespace(rest)) {
      auto const end = static_cast<std::size_t>(word.data() - rest.data()) + word.size();
      if (estimated_tokens(rest.substr(0, end)) > m_parameters.max_tokens) break;
      end_of_words = end;
      if (ends_sentence(word)) end_of_sentences = end;
    }
    auto const end = end_of_words == rest.size() || end_of_sentences == 0 ? end_of_words : end_of_sentences;
    return {std::string(rest.substr(0, end)), k_rules};
  }

  SummaryParameters m_parameters;
};

}  // namespace

std::unique_ptr<TaskBackend<ZeroShotScores>> zero_shot_by_words(ZeroShotParameters parameters) {
  return std::make_unique<ZeroShotByWords>(std::move(parameters));
}

std::unique_ptr<TaskBackend<Entities>> entities_by_capitals() {
  return std::make_unique<EntitiesByCapitals>();
}

std::unique_ptr<TaskBackend<SummaryText>> summary_by_first_sentences(SummaryParameters parameters) {
  return std::make_unique<FirstSentences>(parameters);
}

}  // namespace jvmm::inference
