#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace jvmm::credentials {

/// What a person may claim; in the order in which documents list them.
enum class Kind : std::uint8_t {
  books,
  media_appearances,
  speaking_events,
  certifications,
  awards,
  podcast_appearances
};

inline constexpr std::array<Kind, 6> k_kinds{Kind::books,           Kind::media_appearances,
                                             Kind::speaking_events, Kind::certifications,
                                             Kind::awards,          Kind::podcast_appearances};

/// The key in documents, such as "media_appearances".
std::string_view name(Kind kind);

/// The kind of that key, or none.
std::optional<Kind> kind_named(std::string_view key);

/// Who found a value.
enum class Method : std::uint8_t { rules, ner, chat };
std::string_view name(Method method);

/// The columns that are read.
enum class Field : std::uint8_t { social_proof, bio };
std::string_view name(Field field);

/// A stretch of a stored text: code points, half open. Ill-formed UTF-8 counts as one code point per maximal subpart.
struct Place {
  std::size_t start = 0;
  std::size_t end = 0;
  friend bool operator==(Place, Place) = default;
};

/// One credential. `name` is the stored text from `place.start` to `place.end`, as it is written there (entities and
/// accents included; ill-formed bytes as U+FFFD).
struct Value {
  Kind kind = Kind::books;
  std::string name;
  std::optional<int> year;  ///< of a book, as digits beside its title; 1800..2199
  Field field = Field::social_proof;
  Place place;
  Method method = Method::rules;
  double confidence = 0;  ///< 0..1, two decimals; how sure the extractor is, not a measured probability
  friend bool operator==(Value const&, Value const&) = default;
};

/// The texts of one profile. Absent and blank are the same: no source.
struct Source {
  std::optional<std::string> social_proof;
  std::optional<std::string> bio;

  std::optional<std::string> const& field(Field which) const { return which == Field::bio ? bio : social_proof; }

  /// True if there is any text to read.
  bool has_text() const;
};

}  // namespace jvmm::credentials
