#include "inference/routes/rules.hpp"

#include <algorithm>
#include <numeric>

#include "base/utf8.hpp"
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
  if (word.empty()) return false;
  auto const first = utf8::decode(word, 0);
  auto const letter = word.substr(0, first.length);
  return first.valid && text::lower(letter) != letter;
}

bool ends_sentence(std::string_view word) {
  auto const last = word.find_last_not_of("\"')]");
  return last != std::string_view::npos && std::string_view(".!?").find(word[last]) != std::string_view::npos;
}

/// From the first to the last letter or digit.
std::string_view without_punctuation(std::string_view word) {
  auto begin = word.size(), end = std::size_t{0};
  for (std::size_t at = 0; at < word.size();) {
    auto const step = utf8::decode(word, at);
    if (text::is_word(step.value)) {
      begin = std::min(begin, at);
      end = at + step.length;
    }
    at += step.length;
  }
  return end == 0 ? std::string_view() : word.substr(begin, end - begin);
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
        if (goes_on && raw.starts_with(word))
          out.entities.back().end = begin + word.size();
        else
          out.entities.push_back({"MISC", begin, begin + word.size(), k_score});
      }
      goes_on = counts && raw.ends_with(word);
      at_begin = ends_sentence(raw) || (at_begin && word.empty());
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
    auto const rest = text::strip(text);
    std::size_t end_of_words = 0, end_of_sentences = 0;
    for (auto const word : text::split_whitespace(rest)) {
      auto const end = static_cast<std::size_t>(word.data() - rest.data()) + word.size();
      if (estimated_tokens(rest.substr(0, end)) > m_parameters.max_tokens) break;
      end_of_words = end;
      if (ends_sentence(word)) end_of_sentences = end;
    }
    auto end = end_of_words == rest.size() || end_of_sentences == 0 ? end_of_words : end_of_sentences;
    if (end == 0) end = longest_part(rest);
    return {std::string(rest.substr(0, end)), k_rules};
  }

  /// Of a text without blanks; one code point at least.
  std::size_t longest_part(std::string_view text) const {
    std::size_t end = 0;
    while (end < text.size()) {
      auto const next = end + utf8::decode(text, end).length;
      if (end > 0 && estimated_tokens(text.substr(0, next)) > m_parameters.max_tokens) break;
      end = next;
    }
    return end;
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
