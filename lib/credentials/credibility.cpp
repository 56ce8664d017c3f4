#include "credentials/credibility.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <string>

#include "credentials/lexicon.hpp"
#include "credentials/normalised_text.hpp"

namespace jvmm::credentials {
namespace {

// Spellings of one outlet beside each other: each outlet is named by the first.
constexpr std::array<std::pair<std::string_view, std::string_view>, 51> k_major{{
    {"forbes", "forbes"},
    {"forbes magazine", "forbes"},
    {"inc", "inc"},
    {"inc.", "inc"},
    {"inc magazine", "inc"},
    {"inc. magazine", "inc"},
    {"entrepreneur", "entrepreneur"},
    {"entrepreneur magazine", "entrepreneur"},
    {"fast company", "fast company"},
    {"new york times", "nyt"},
    {"nyt", "nyt"},
    {"wall street journal", "wsj"},
    {"wsj", "wsj"},
    {"usa today", "usa today"},
    {"huffington post", "huffpost"},
    {"huffpost", "huffpost"},
    {"business insider", "business insider"},
    {"cnbc", "cnbc"},
    {"cnn", "cnn"},
    {"cnn business", "cnn"},
    {"cnn money", "cnn"},
    {"abc", "abc"},
    {"abc news", "abc"},
    {"nbc", "nbc"},
    {"nbc news", "nbc"},
    {"cbs", "cbs"},
    {"cbs news", "cbs"},
    {"fox", "fox"},
    {"fox news", "fox"},
    {"fox business", "fox"},
    {"bbc", "bbc"},
    {"bbc news", "bbc"},
    {"bbc radio", "bbc"},
    {"bbc radio 4", "bbc"},
    {"bbc one", "bbc"},
    {"bbc breakfast", "bbc"},
    {"yahoo finance", "yahoo finance"},
    {"bloomberg", "bloomberg"},
    {"bloomberg tv", "bloomberg"},
    {"bloomberg businessweek", "bloomberg"},
    {"time", "time"},
    {"time magazine", "time"},
    {"wired", "wired"},
    {"techcrunch", "techcrunch"},
    {"mashable", "mashable"},
    {"guardian", "guardian"},
    {"oprah", "oprah"},
    {"oprah winfrey show", "oprah"},
    {"good morning america", "gma"},
    {"gma", "gma"},
    {"today show", "today show"},
}};

std::string plain(Value const& value) {
  auto const shape = lowered(NormalisedText(value.name).shape());
  return std::string(without_article(shape));
}

}  // namespace

double credibility_score(std::span<Value const> values) {
  std::array<std::size_t, k_kinds.size()> counts{};
  std::set<std::string_view> outlets;
  auto ted = false;
  for (auto const& value : values) {
    ++counts[static_cast<std::size_t>(value.kind)];
    auto const name = plain(value);
    if (value.kind == Kind::media_appearances)
      for (auto const& [spelling, outlet] : k_major)
        if (name == spelling) outlets.insert(outlet);
    if (value.kind == Kind::speaking_events)
      ted = ted || name == "ted" || name.starts_with("tedx") || name.starts_with("ted ") || name.starts_with("tedw") ||
            name.starts_with("tedg") || name.starts_with("tedm");
  }
  auto const of = [&](Kind kind) { return static_cast<double>(counts[static_cast<std::size_t>(kind)]); };
  auto score = std::min(0.15 * of(Kind::books), 0.30) + std::min(0.10 * static_cast<double>(outlets.size()), 0.30) +
               (ted                             ? 0.25
                : of(Kind::speaking_events) > 0 ? 0.10
                                                : 0.0) +
               std::min(0.10 * of(Kind::certifications), 0.20) + std::min(0.10 * of(Kind::awards), 0.20);
  if (score > 0) score += 0.10;
  return std::min(1.0, std::round(score * 100) / 100);
}

std::string_view credibility_tier(double score) {
  if (score >= 0.6) return "high";
  if (score >= 0.3) return "medium";
  return score > 0 ? "low" : "";
}

}  // namespace jvmm::credentials
