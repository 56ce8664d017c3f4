#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "credentials/credential.hpp"
#include "credentials/gazetteers.hpp"
#include "text/pattern.hpp"

namespace jvmm::credentials {

struct StringHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};
using Looks = std::array<std::uint8_t, k_kinds.size()>;
using StringSet = std::unordered_set<std::string, StringHash, std::equal_to<>>;

/// The gazetteers' words, ready to be asked. Names are shapes (normalised_text.hpp). Immutable.
class Lexicon {
 public:
  explicit Lexicon(Gazetteers const& gazetteers);

  /// How much a name looks like each kind: 3 it is in a list, 2 its words are those of such names, 1 its last word may
  /// be, 0 it does not. `any_case`: lists are compared without case.
  Looks looks(std::string_view name, bool any_case) const;

  bool is_small(std::string_view word) const { return m_small.contains(word); }
  bool stops_filler(std::string_view word) const { return m_filler_stop.contains(word); }
  bool is_abbreviation(std::string_view word) const { return m_abbreviations.contains(word); }
  bool is_common(std::string_view lower_word) const { return m_common.contains(lower_word); }
  bool is_ambiguous_outlet(std::string_view name) const { return m_ambiguous.contains(name); }
  bool is_role(std::string_view word) const { return m_roles.contains(word); }
  /// "CPA" after a name; not what is also a word or a degree of another sense.
  bool is_post_nominal(std::string_view word) const { return m_post_nominals.contains(word); }
  /// Capitals that stand for something else than a qualification: "CEO".
  bool is_common_abbreviation(std::string_view word) const { return m_common_abbreviations.contains(word); }
  /// "Microsoft": who certifies, and does much else.
  bool is_certifier(std::string_view name) const;
  bool is_generic(std::string_view name) const;

  text::Pattern const& generic_words() const { return m_generic_words; }

 private:
  std::uint8_t kinds_listing(std::string_view bare, bool any_case) const;
  bool is_broadcaster(std::string_view word) const;
  std::uint8_t look_of_words(Kind kind, std::string_view bare) const;
  void add_names(std::vector<std::string> const& names, Kind kind);

  std::unordered_map<std::string, std::uint8_t, StringHash, std::equal_to<>> m_names, m_lower_names;
  StringSet m_small, m_filler_stop, m_abbreviations, m_common, m_ambiguous, m_roles, m_post_nominals,
      m_common_abbreviations, m_certifiers, m_generic;
  StringSet m_media_strong, m_media_weak, m_media_first, m_event_strong, m_event_weak, m_podcast_strong, m_podcast_weak;
  text::Pattern m_award, m_certification, m_generic_words;
};

/// ASCII lower case.
std::string lowered(std::string_view text);

/// Without "The " or another article before it.
std::string_view without_article(std::string_view name);

}  // namespace jvmm::credentials
