#include "db/binary_codec.hpp"

#include <fmt/format.h>

#include "base/error.hpp"

namespace jvmm::db::binary {
namespace {

using Microseconds = std::chrono::microseconds;
constexpr std::chrono::sys_days k_epoch{std::chrono::January / 1 / 2000};
constexpr std::size_t k_max_dims = 16'000;
constexpr char k_jsonb_version = 1;

[[noreturn]] void mismatch(std::string_view expected, std::string_view bytes) {
  throw Error(Kind::bad_answer, fmt::format("a binary value of {} bytes is not {}", bytes.size(), expected));
}

// Takes a big-endian number off the front.
template <class T>
T take(std::string_view& bytes, std::string_view expected) {
  if (bytes.size() < sizeof(T)) mismatch(expected, bytes);
  std::make_unsigned_t<T> value = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i)
    value =
        static_cast<std::make_unsigned_t<T>>((value << (sizeof(T) > 1 ? 8 : 0)) | static_cast<unsigned char>(bytes[i]));
  bytes.remove_prefix(sizeof(T));
  return static_cast<T>(value);
}

template <class T>
T whole(std::string_view bytes, std::string_view expected) {
  auto const value = take<T>(bytes, expected);
  if (!bytes.empty()) mismatch(expected, bytes);
  return value;
}

}  // namespace

void encode(std::string& out, std::int16_t value) {
  put(out, value);
}
void encode(std::string& out, std::int32_t value) {
  put(out, value);
}
void encode(std::string& out, std::int64_t value) {
  put(out, value);
}
void encode(std::string& out, float value) {
  put(out, std::bit_cast<std::uint32_t>(value));
}
void encode(std::string& out, double value) {
  put(out, std::bit_cast<std::uint64_t>(value));
}
void encode(std::string& out, bool value) {
  out += value ? '\1' : '\0';
}

void encode(std::string& out, ProfileId const& id) {
  out.append(reinterpret_cast<char const*>(id.bytes().data()), id.bytes().size());
}

void encode(std::string& out, SystemTime time) {
  put(out, std::int64_t{std::chrono::floor<Microseconds>(time - k_epoch).count()});
}

void encode(std::string& out, std::string_view text) {
  if (auto const at = text.find('\0'); at != std::string_view::npos) {
    throw Error(Kind::bad_input,
                fmt::format("a text of {} bytes has a NUL byte at {}, which PostgreSQL cannot store", text.size(), at));
  }
  out += text;
}

void encode_jsonb(std::string& out, std::string_view document) {
  out += k_jsonb_version;
  encode(out, document);
}

void encode_vector(std::string& out, std::span<float const> vector) {
  if (vector.size() > k_max_dims) {
    throw Error(Kind::bad_input,
                fmt::format("a vector of {} dimensions exceeds pgvector's limit of {}", vector.size(), k_max_dims));
  }
  put(out, static_cast<std::int16_t>(vector.size()));
  put(out, std::int16_t{0});
  auto const at = out.size();
  out.resize(at + vector.size_bytes());
  auto* bytes = out.data() + at;
  for (float value : vector) {
    auto const bits = std::bit_cast<std::uint32_t>(value);
    for (int shift = 24; shift >= 0; shift -= 8)
      *bytes++ = static_cast<char>(static_cast<unsigned char>(bits >> shift));
  }
}

void encode_array_header(std::string& out, Oid element, std::size_t count, bool has_null) {
  put(out, std::int32_t{count > 0});  // dimensions: an empty array has none
  put(out, std::int32_t{has_null});
  put(out, static_cast<std::uint32_t>(element));
  if (count == 0) return;
  put(out, static_cast<std::int32_t>(count));
  put(out, std::int32_t{1});  // lower bound
}

void decode(std::string_view bytes, std::int16_t& value) {
  value = whole<std::int16_t>(bytes, "an int2");
}
void decode(std::string_view bytes, std::int32_t& value) {
  value = whole<std::int32_t>(bytes, "an int4");
}
void decode(std::string_view bytes, std::int64_t& value) {
  value = whole<std::int64_t>(bytes, "an int8");
}

void decode(std::string_view bytes, float& value) {
  value = std::bit_cast<float>(whole<std::uint32_t>(bytes, "a float4"));
}

void decode(std::string_view bytes, double& value) {
  value = std::bit_cast<double>(whole<std::uint64_t>(bytes, "a float8"));
}

void decode(std::string_view bytes, bool& value) {
  if (bytes.size() != 1) mismatch("a boolean", bytes);
  value = bytes[0] != '\0';
}

void decode(std::string_view bytes, ProfileId& id) {
  ProfileId::Bytes raw{};
  if (bytes.size() != raw.size()) mismatch("a uuid", bytes);
  std::memcpy(raw.data(), bytes.data(), raw.size());
  id = ProfileId(raw);
}

void decode(std::string_view bytes, SystemTime& time) {
  time = k_epoch + Microseconds(whole<std::int64_t>(bytes, "a timestamptz"));
}

std::string_view decode_jsonb(std::string_view bytes) {
  if (bytes.empty() || bytes[0] != k_jsonb_version) mismatch("jsonb of version 1", bytes);
  return bytes.substr(1);
}

void decode_vector(std::string_view bytes, std::vector<float>& vector) {
  auto const dims = take<std::uint16_t>(bytes, "a vector");
  take<std::uint16_t>(bytes, "a vector");
  if (bytes.size() != std::size_t{dims} * sizeof(float)) mismatch("a vector", bytes);
  vector.resize(dims);
  for (auto& value : vector)
    value = std::bit_cast<float>(take<std::uint32_t>(bytes, "a vector"));
}

std::vector<std::optional<std::string_view>> decode_array(std::string_view bytes, Oid element) {
  constexpr std::string_view k_what = "an array of the expected type";
  auto const dimensions = take<std::int32_t>(bytes, k_what);
  take<std::int32_t>(bytes, k_what);  // whether it has NULLs; the elements say so themselves
  auto const oid = take<std::uint32_t>(bytes, k_what);
  if (dimensions > 1 || oid != static_cast<std::uint32_t>(element)) mismatch(k_what, bytes);
  std::vector<std::optional<std::string_view>> elements;
  if (dimensions == 0) return elements;
  auto const count = take<std::int32_t>(bytes, k_what);
  take<std::int32_t>(bytes, k_what);  // lower bound
  for (std::int32_t i = 0; i < count; ++i) {
    auto const length = take<std::int32_t>(bytes, k_what);
    if (length < 0) {
      elements.emplace_back(std::nullopt);
      continue;
    }
    if (bytes.size() < static_cast<std::size_t>(length)) mismatch(k_what, bytes);
    elements.emplace_back(bytes.substr(0, static_cast<std::size_t>(length)));
    bytes.remove_prefix(static_cast<std::size_t>(length));
  }
  if (!bytes.empty()) mismatch(k_what, bytes);
  return elements;
}

}  // namespace jvmm::db::binary
