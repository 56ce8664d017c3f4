#pragma once

// PostgreSQL's binary representation of the types jvmm moves in bulk: the payload of one field, without its length
// word. Shared by binary COPY in both directions and by array parameters. All numbers are big-endian.

#include <bit>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"

namespace jvmm::db::binary {

/// Type OIDs that PostgreSQL fixes for all time (pg_type.dat). That of `vector` differs by database.
enum class Oid : std::uint32_t {
  unknown = 0,
  boolean = 16,
  int8 = 20,
  text = 25,
  float8 = 701,
  timestamptz = 1184,
  uuid = 2950,
  jsonb = 3802,
};

/// Appends an integer, big-endian.
template <class T>
void put(std::string& out, T value) {
  using Unsigned = std::make_unsigned_t<T>;
  auto const bits = static_cast<Unsigned>(value);
  char bytes[sizeof(T)];
  for (std::size_t i = 0; i < sizeof(T); ++i)
    bytes[i] = static_cast<char>(static_cast<unsigned char>(bits >> (8 * (sizeof(T) - 1 - i))));
  out.append(bytes, sizeof(T));
}

/// Appends the field's payload.
void encode(std::string& out, std::int16_t value);
void encode(std::string& out, std::int32_t value);
void encode(std::string& out, std::int64_t value);
void encode(std::string& out, float value);
void encode(std::string& out, double value);
void encode(std::string& out, bool value);
void encode(std::string& out, ProfileId const& id);
void encode(std::string& out, SystemTime time);  ///< timestamptz: microseconds since 2000-01-01 UTC
/// **Throws** Error(bad_input) when the text has a NUL byte.
void encode(std::string& out, std::string_view text);
void encode_jsonb(std::string& out, std::string_view document);
/// **Throws** Error(bad_input) over 16,000 dimensions, pgvector's own limit.
void encode_vector(std::string& out, std::span<float const> vector);

/// Header of a one-dimensional array of `count` elements; the elements follow, each with its length word.
void encode_array_header(std::string& out, Oid element, std::size_t count, bool has_null);

/// Appends a length word and what `payload(out)` appends.
template <class F>
void with_length(std::string& out, F payload) {
  auto const at = out.size();
  put(out, std::int32_t{0});
  payload(out);
  auto const length = static_cast<std::uint32_t>(out.size() - at - sizeof(std::int32_t));
  std::string word;
  put(word, length);
  out.replace(at, word.size(), word);
}

/// The length word that stands for NULL.
inline void encode_null(std::string& out) {
  put(out, std::int32_t{-1});
}

template <class T>
T const* present(T const& value) {
  return &value;
}

template <class T>
T const* present(std::optional<T> const& value) {
  return value ? &*value : nullptr;
}

/// A whole array of plain or optional values: `payload(out, value)` appends one element's bytes.
template <class Range, class F>
void encode_array(std::string& out, Oid element, Range const& values, F payload) {
  bool has_null = false;
  for (auto const& value : values)
    has_null = has_null || present(value) == nullptr;
  encode_array_header(out, element, values.size(), has_null);
  for (auto const& value : values) {
    if (auto const* const found = present(value))
      with_length(out, [&](std::string& to) { payload(to, *found); });
    else
      encode_null(out);
  }
}

/// Reads payloads. Each **throws** Error(bad_answer) when the bytes are not of that type.
void decode(std::string_view bytes, std::int16_t& value);
void decode(std::string_view bytes, std::int32_t& value);
void decode(std::string_view bytes, std::int64_t& value);
void decode(std::string_view bytes, float& value);
void decode(std::string_view bytes, double& value);
void decode(std::string_view bytes, bool& value);
void decode(std::string_view bytes, ProfileId& id);
void decode(std::string_view bytes, SystemTime& time);
std::string_view decode_jsonb(std::string_view bytes);  ///< a view into `bytes`
void decode_vector(std::string_view bytes, std::vector<float>& vector);

/// The elements of an array of at most one dimension, as views into `bytes`; absent for NULL.
std::vector<std::optional<std::string_view>> decode_array(std::string_view bytes, Oid element);

}  // namespace jvmm::db::binary
