#include "credentials/lexicon.hpp"

#include <algorithm>

#include "credentials/normalised_text.hpp"
#include "credentials/spans.hpp"

namespace jvmm::credentials {
namespace {

std::uint8_t bit(Kind kind) {
  return static_cast<std::uint8_t>(1U << static_cast<unsigned>(kind));
}

StringSet set_of(std::vector<std::string> const& words) {
  StringSet out;
  for (auto const& word : words)
    out.insert(NormalisedText(word).shape());
  return out;
}

// The last word but for a number or year behind it ("Channel 4", "Summit 2023").
std::string_view last_word(std::string_view name) {
  auto const cut = name.rfind(' ');
  if (cut == std::string_view::npos) return name;
  auto const last = name.substr(cut + 1);
  if (!std::ranges::all_of(last, is_digit)) return last;
  return last_word(name.substr(0, cut));
}

// "Oban Festival" of "Oban Festival of Ideas".
std::string_view head_of(std::string_view name) {
  for (std::string_view const word : {" of ", " on ", " for "})
    name = name.substr(0, name.find(word));
  return name;
}

// "Top 20 Chefs" of "Oban Magazine's Top 20 Chefs".
std::string_view after_owner(std::string_view name) {
  auto const owner = name.find("'s ");
  return owner == std::string_view::npos ? name : name.substr(owner + 3);
}

std::string_view first_words(std::string_view name, int count) {
  std::size_t end = 0;
  while (count-- > 0 && end < name.size())
    end = std::min(name.find(' ', end + 1), name.size());
  return name.substr(0, end);
}

// True if the last one or two words are in the set.
bool ends_in(StringSet const& words, std::string_view name) {
  auto const last = last_word(name);
  if (words.contains(last)) return true;
  auto const from = static_cast<std::size_t>(last.data() - name.data());
  if (from < 2) return false;
  auto const cut = name.rfind(' ', from - 2);
  auto const start = cut == std::string_view::npos ? 0 : cut + 1;
  return words.contains(name.substr(start, from + last.size() - start));
}

// "The Curious Nurse": a title, not what anybody is.
bool is_titled(Kind kind, std::string_view name) {
  return kind == Kind::certifications && name.starts_with("The ");
}

}  // namespace

std::string lowered(std::string_view text) {
  std::string out(text);
  for (auto& c : out)
    if (is_upper(c)) c = static_cast<char>(c + 32);
  return out;
}

std::string_view without_article(std::string_view name) {
  if (name.empty() || std::string_view("TtAa").find(name.front()) == std::string_view::npos) return name;
  for (std::string_view const article : {"The ", "the ", "A ", "a ", "An ", "an "})
    if (name.starts_with(article)) return name.substr(article.size());
  return name;
}

Lexicon::Lexicon(Gazetteers const& gazetteers)
    : m_small(set_of(gazetteers.list("small_words"))),
      m_filler_stop(set_of(gazetteers.list("filler_stop"))),
      m_abbreviations(set_of(gazetteers.list("abbreviations"))),
      m_common(set_of(gazetteers.list("common_words"))),
      m_ambiguous(set_of(gazetteers.list("media_ambiguous"))),
      m_roles(set_of(gazetteers.list("cert_head"))),
      m_post_nominals(set_of(gazetteers.list("cert_abbr"))),
      m_common_abbreviations(set_of(gazetteers.list("common_abbreviations"))),
      m_certifiers(set_of(gazetteers.list("cert_bodies"))),
      m_generic(set_of(gazetteers.list("generic_values"))),
      m_media_strong(set_of(gazetteers.list("media_strong"))),
      m_media_weak(set_of(gazetteers.list("media_weak"))),
      m_media_first(set_of(gazetteers.list("media_first"))),
      m_event_strong(set_of(gazetteers.list("event_strong"))),
      m_event_weak(set_of(gazetteers.list("event_weak"))),
      m_podcast_strong(set_of(gazetteers.list("podcast_strong"))),
      m_podcast_weak(set_of(gazetteers.list("podcast_weak"))),
      m_award(gazetteers.pattern("award"), "award"),
      m_certification(gazetteers.pattern("certification"), "certification"),
      m_generic_words(gazetteers.pattern("generic"), "generic") {
  add_names(gazetteers.list("media"), Kind::media_appearances);
  add_names(gazetteers.list("cert_abbr"), Kind::certifications);
  add_names(gazetteers.list("cert_names"), Kind::certifications);
  add_names(gazetteers.list("cert_bodies"), Kind::certifications);
  add_names(gazetteers.list("awards"), Kind::awards);
  add_names(gazetteers.list("events"), Kind::speaking_events);
  add_names(gazetteers.list("podcasts"), Kind::podcast_appearances);
  for (auto const& word : gazetteers.list("common_abbreviations"))
    m_post_nominals.erase(word);
}

void Lexicon::add_names(std::vector<std::string> const& names, Kind kind) {
  for (auto const& name : names) {
    auto const shape = NormalisedText(name).shape();
    auto const bare = without_article(shape);
    m_names[std::string(bare)] |= bit(kind);
    m_lower_names[lowered(bare)] |= bit(kind);
  }
}

// The kinds in whose lists the name is, as bits.
std::uint8_t Lexicon::kinds_listing(std::string_view bare, bool any_case) const {
  std::uint8_t kinds = 0;
  if (auto const found = m_names.find(bare); found != m_names.end()) kinds = found->second;
  if (any_case)
    if (auto const found = m_lower_names.find(lowered(bare)); found != m_lower_names.end()) kinds |= found->second;
  return kinds;
}

// "BBC", as in "BBC Woman's Hour".
bool Lexicon::is_broadcaster(std::string_view word) const {
  return std::ranges::all_of(word, is_upper) && m_media_first.contains(word);
}

std::uint8_t Lexicon::look_of_words(Kind kind, std::string_view bare) const {
  auto const words = bare.find(' ') != std::string_view::npos;
  switch (kind) {
    case Kind::media_appearances:
      if (words && (ends_in(m_media_strong, bare) || m_media_first.contains(first_words(bare, 1)) ||
                    m_media_first.contains(first_words(bare, 2)) ||
                    (bare.find(" Radio ") != std::string_view::npos && !ends_in(m_podcast_strong, bare))))
        return 2;
      return ends_in(m_media_weak, bare) ? 1 : 0;
    case Kind::speaking_events:
      if (bare.starts_with("TEDx") || (bare.size() > 6 && last_word(bare).ends_with("fest")) ||
          (words && (ends_in(m_event_strong, bare) || ends_in(m_event_strong, head_of(bare)))))
        return 2;
      return ends_in(m_event_weak, bare) ? 1 : 0;
    case Kind::podcast_appearances:
      if (words && ends_in(m_podcast_strong, bare)) return is_broadcaster(first_words(bare, 1)) ? 0 : 2;
      return ends_in(m_podcast_weak, bare) ? 1 : 0;
    case Kind::certifications:
      return m_certification.fits(bare) ? 2 : 0;
    case Kind::awards:
      return m_award.fits(bare) || m_award.fits(after_owner(bare)) ? 2 : 0;
    case Kind::books:
      break;
  }
  return 0;
}

Looks Lexicon::looks(std::string_view name, bool any_case) const {
  Looks out{};
  auto const bare = without_article(name);
  if (bare.empty()) return out;
  auto const listing = kinds_listing(bare, any_case);
  for (auto const kind : k_kinds) {
    if (kind == Kind::books) continue;
    auto& look = out[static_cast<std::size_t>(kind)];
    if ((listing & bit(kind)) != 0)
      look = 3;
    else if (!is_titled(kind, name))
      look = look_of_words(kind, bare);
  }
  return out;
}

bool Lexicon::is_certifier(std::string_view name) const {
  return m_certifiers.contains(name) || m_certifiers.contains(without_article(name));
}

bool Lexicon::is_generic(std::string_view name) const {
  return m_generic.contains(lowered(without_article(name)));
}

}  // namespace jvmm::credentials
