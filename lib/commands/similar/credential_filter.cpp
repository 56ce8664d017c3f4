#include "commands/similar/credential_filter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "base/error.hpp"
#include "credentials/credential.hpp"
#include "text/canonical.hpp"

namespace jvmm::commands {
namespace {

constexpr std::string_view k_column = "credentials.";

/// From which score on a tier begins. Scores have two decimals.
constexpr std::array k_tiers{std::pair{std::string_view("low"), 0.01}, std::pair{std::string_view("medium"), 0.3},
                             std::pair{std::string_view("high"), 0.6}};

Error bad(std::string const& condition, std::string const& why) {
  return Error(Kind::usage, fmt::format("--with '{}': {}", condition, why))
      .hint(
          "as in --with credentials.books, --with credentials.speaking_events~TEDx, --with "
          "'credentials.credibility_score>=0.5' or --with 'credentials.credibility_tier>=medium'");
}

double score_of(std::string const& condition, std::string_view text) {
  double score = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), score);
  if (error != std::errc() || end != text.data() + text.size() || !(score >= 0 && score <= 1))
    throw bad(condition, "a score is 0 to 1");
  return score;
}

double tier_of(std::string const& condition, std::string_view text) {
  auto const found = std::find_if(k_tiers.begin(), k_tiers.end(), [&](auto const& one) { return one.first == text; });
  if (found == k_tiers.end()) throw bad(condition, "a tier is low, medium or high");
  return found->second;
}

}  // namespace

CredentialFilter parse_credential_filter(std::vector<std::string> const& conditions) {
  CredentialFilter out;
  for (auto const& condition : conditions) {
    auto rest = text::strip(condition);
    if (rest.starts_with(k_column)) rest.remove_prefix(k_column.size());
    auto const end = std::min(rest.find_first_of(">~="), rest.size());
    auto const key = text::strip(rest.substr(0, end));
    auto const operation = rest.substr(end);
    if (key == "credibility_score" || key == "credibility_tier") {
      if (!operation.starts_with(">=")) throw bad(condition, fmt::format("{} is compared by >=", key));
      auto const value = text::strip(operation.substr(2));
      out.least_score = std::max(out.least_score,
                                 key == "credibility_score" ? score_of(condition, value) : tier_of(condition, value));
      continue;
    }
    if (!credentials::kind_named(key))
      throw bad(condition,
                "there are books, media_appearances, speaking_events, certifications, awards, "
                "podcast_appearances, credibility_score and credibility_tier");
    auto const word = operation.empty() ? operation : text::strip(operation.substr(1));
    if (!operation.empty() && (operation[0] != '~' || word.empty()))
      throw bad(condition, "a kind stands alone, or with ~ and a word of the name");
    out.kinds.emplace_back(key);
    out.words.push_back(operation.empty() ? std::nullopt : std::optional<std::string>(word));
  }
  return out;
}

}  // namespace jvmm::commands
