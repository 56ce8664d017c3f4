#include "scoring/match_reason.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <unordered_set>

#include "base/utf8.hpp"
#include "json/value.hpp"
#include "scoring/match_reason_text.hpp"
#include "text/canonical.hpp"
#include "text/casing.hpp"
#include "text/tokens.hpp"

namespace jvmm::scoring {
namespace {

struct ReasonWords {
  text::StopWords no_audience{"and",     "the",  "for",  "who",    "are",   "that",        "with", "their", "seeking",
                              "looking", "need", "want", "people", "those", "individuals", "help", "from",  "them",
                              "they",    "have", "been", "into",   "more",  "also",        "like", "just",  "about"};
  text::StopWords no_niche{"", "host", "other", "misc", "none", "n/a", "unknown"};
  text::StopWords filler{"and",   "or",  "but", "the", "a",   "an",           "in",        "on",  "at",
                         "to",    "for", "of",  "as",  "by",  "with",         "from",      "who", "that",
                         "their", "are", "is",  "be",  "its", "particularly", "including", "such"};
};

constexpr std::size_t k_min_audience_word = 5, k_min_sought_word = 4, k_min_niche = 4;  // code points
constexpr std::size_t k_most_audience = 80, k_most_program = 50, k_name_before = 30;    // code points
constexpr double k_reach_worth_naming = 1000, k_list_worth_mailing = 5000;              // people
constexpr std::size_t k_most_shared = 2;

ReasonWords const& reason_words() {
  static ReasonWords const words;
  return words;
}

std::string sound(std::optional<std::string> const& text) {
  return utf8::repaired(text.value_or(""));
}

std::string non_blank(json::Value const* value) {
  auto const* const text = value ? value->get_if<std::string>() : nullptr;
  return text ? utf8::repaired(text::strip(*text)) : "";
}

/// As a number of people, 0 where it is null.
double people(std::optional<double> const& size) {
  return size.value_or(0);
}

bool is_comma(char32_t c) {
  return c == ',';
}

bool is_comma_or_blank(char32_t c) {
  return c == ',' || text::is_space(c);
}

std::vector<ReasonParts::AudienceToken> audience_tokens(std::string_view audience, std::string_view name) {
  auto const of_name = text::split_whitespace(name);
  std::unordered_set<std::string_view> const name_words(of_name.begin(), of_name.end());
  auto words = text::split_at(audience, is_comma_or_blank);
  std::sort(words.begin(), words.end());
  words.erase(std::unique(words.begin(), words.end()), words.end());
  std::vector<ReasonParts::AudienceToken> tokens;
  for (auto const word : words) {
    if (text::code_point_count(word) < k_min_audience_word || reason_words().no_audience.contains(word)) continue;
    tokens.push_back({std::string(word), name_words.contains(word)});
  }
  return tokens;
}

/// The text if it has at most `most` code points, else cut at the last U+0020 before, without filler at the end.
std::string cut_at_word(std::string_view text, std::size_t most) {
  auto cut = text::first_code_points(text, most);
  if (cut.size() == text.size()) return std::string(text);
  cut = cut.substr(0, cut.rfind(' '));
  cut = cut.substr(0, cut.find_last_not_of(" ,;") + 1);
  auto words = text::split_whitespace(cut);
  while (!words.empty() && reason_words().filler.contains(words.back()))
    words.pop_back();
  return fmt::format("{}", fmt::join(words, " "));
}

/// The stripped items of a list written with commas.
std::vector<std::string_view> items_of(std::string_view list) {
  std::vector<std::string_view> items;
  for (auto const part : text::split_at(list, is_comma)) {
    auto const item = text::strip(part);
    if (!item.empty()) items.push_back(item);
  }
  return items;
}

std::vector<std::vector<std::string>> sought_words(std::string_view seeking) {
  std::vector<std::vector<std::string>> sought;
  for (auto const item : items_of(seeking)) {
    std::vector<std::string> words;
    for (auto const word : text::split_whitespace(item))
      if (text::code_point_count(word) >= k_min_sought_word) words.emplace_back(word);
    if (!words.empty()) sought.push_back(std::move(words));
  }
  return sought;
}

void add_offers(std::string_view offering, ReasonParts& parts) {
  for (auto const item : items_of(offering)) {
    parts.offers_text.append(item).append(",");
    parts.offers.push_back({parts.offers_text.size(), text::title(item)});
  }
}

std::string webinar_topic(Profile const& profile) {
  auto const niche = text::lower(text::strip(sound(profile.niche)));
  bool const vague = text::code_point_count(niche) < k_min_niche || reason_words().no_niche.contains(niche);
  return vague ? "your shared area of focus" : niche;
}

std::string joint_program(Profile const& profile) {
  auto const programs = sound(profile.signature_programs);
  if (text::strip(programs).empty()) return "A joint program combining your complementary expertise";
  auto const first = text::strip(std::string_view(programs).substr(0, programs.find(',')));
  return fmt::format("Explore a joint program building on {}", text::first_code_points(first, k_most_program));
}

/// Empty where it depends on both list sizes.
std::string next_step_with(Profile const& partner, std::string_view offering) {
  auto const offers = [&](std::string_view word) { return offering.find(word) != std::string_view::npos; };
  if (auto const podcast = non_blank(partner.content_platforms.find("podcast_name")); !podcast.empty()) {
    auto const listeners = people(partner.list_size);
    return fmt::format("A guest appearance on {}", podcast) +
           (listeners > k_reach_worth_naming ? fmt::format(" to their {} audience", reach(listeners)) : "");
  }
  if (offers("podcast")) return "A podcast guest swap to cross-pollinate audiences";
  if (offers("speaking") || offers("event") || offers("webinar"))
    return fmt::format("A co-hosted webinar on {}", webinar_topic(partner));
  if (offers("course") || offers("program")) return joint_program(partner);
  return "";
}

void append_sentence(std::string& reason, std::string_view sentence) {
  if (!reason.empty()) reason += ". ";
  reason += sentence;
}

void append_audience(std::string& reason, ReasonParts const& reader, ReasonParts const& partner) {
  if (!reader.has_audience || !partner.has_audience) return;
  std::vector<std::string_view> shared;
  for (auto a = reader.audience.begin(), b = partner.audience.begin();
       a != reader.audience.end() && b != partner.audience.end() && shared.size() < k_most_shared;) {
    auto const order = a->text.compare(b->text);
    if (order == 0 && !b->in_own_name) shared.push_back(a->text);
    if (order <= 0) ++a;
    if (order >= 0) ++b;
  }
  if (!shared.empty())
    append_sentence(reason, fmt::format("Both serve {}, creating a natural audience bridge for cross-promotion",
                                        fmt::join(shared, " and ")));
  else if (!partner.reaches.empty())
    append_sentence(reason, partner.reaches);
}

/// The first offer that contains one of the words, or none. No word has a comma, so none is found across two offers.
ReasonParts::Offer const* offer_with(std::vector<std::string> const& words, ReasonParts const& partner) {
  std::string_view const offers = partner.offers_text;
  auto found = offers.size();
  for (auto const& word : words)
    found = std::min(found, offers.substr(0, found).find(word));
  if (found == offers.size()) return nullptr;
  return &*std::find_if(partner.offers.begin(), partner.offers.end(),
                        [&](ReasonParts::Offer const& offer) { return found < offer.end; });
}

void append_offer(std::string& reason, ReasonParts const& reader, ReasonParts const& partner) {
  std::vector<std::string_view> taken;
  for (auto const& words : reader.sought) {
    auto const* const offer = offer_with(words, partner);
    if (!offer || std::find(taken.begin(), taken.end(), offer->titled) != taken.end()) continue;
    taken.push_back(offer->titled);
    if (taken.size() == k_most_shared) break;
  }
  if (taken.empty()) return;
  std::sort(taken.begin(), taken.end());
  append_sentence(reason, fmt::format("{} offers {} \u2014 aligning with your partnership goals", partner.first_name,
                                      fmt::join(taken, ", ")));
}

void append_next_step(std::string& reason, ReasonParts const& reader, ReasonParts const& partner) {
  constexpr std::string_view k_prefix = "Suggested next step: ";
  if (!partner.next_step.empty())
    append_sentence(reason, fmt::format("{}{}", k_prefix, partner.next_step));
  else if (reader.list_size > k_list_worth_mailing && partner.list_size > k_list_worth_mailing)
    append_sentence(reason, fmt::format("{}A co-promoted email campaign to your combined {} subscribers", k_prefix,
                                        reach(reader.list_size + partner.list_size)));
  else
    append_sentence(reason, fmt::format("{}An introductory call to explore mutual referral opportunities", k_prefix));
}

}  // namespace

ReasonParts reason_parts(Profile const& profile) {
  ReasonParts parts;
  auto const name = sound(profile.name);
  auto const name_words = text::split_whitespace(name);
  parts.first_name = name_words.empty() ? "This partner" : std::string(name_words.front());

  auto const audience = text::lower(profile.who_you_serve.value_or(""));
  auto const lower_name = text::lower(name);
  parts.has_audience = !audience.empty();
  parts.audience = audience_tokens(audience, lower_name);
  bool const names_itself = text::first_code_points(audience, k_name_before).find(lower_name) != std::string_view::npos;
  if (!names_itself)
    parts.reaches = fmt::format("{} reaches {}", parts.first_name, cut_at_word(audience, k_most_audience));

  parts.sought = sought_words(text::lower(profile.seeking.value_or("")));
  auto const offering = text::lower(profile.offering.value_or(""));
  add_offers(offering, parts);
  parts.next_step = next_step_with(profile, offering);
  parts.list_size = people(profile.list_size);
  return parts;
}

std::string match_reason(ReasonParts const& reader, ReasonParts const& partner) {
  std::string reason;
  append_audience(reason, reader, partner);
  append_offer(reason, reader, partner);
  append_next_step(reason, reader, partner);
  sanitise_reason(reason);
  return reason;
}

}  // namespace jvmm::scoring
