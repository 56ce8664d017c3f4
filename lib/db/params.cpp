#include "db/params.hpp"

#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "db/binary_codec.hpp"

namespace jvmm::db {
namespace {

using binary::Oid;

template <class Range, class F>
std::string array_of(Oid element, Range const& values, F payload) {
  std::string out;
  binary::encode_array(out, element, values, payload);
  return out;
}

constexpr auto k_plain = [](std::string& out, auto const& value) { binary::encode(out, value); };
constexpr auto k_json = [](std::string& out, std::string_view document) { binary::encode_jsonb(out, document); };
constexpr auto k_text = [](std::string& out, std::string_view text) { binary::encode(out, text); };
constexpr auto k_vector = [](std::string& out, std::span<float const> v) { binary::encode_vector(out, v); };

std::string number_text(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value < 0 ? "-Infinity" : "Infinity";
  return fmt::format("{}", value);
}

}  // namespace

Params& Params::push(Value::Form form, std::string bytes) {
  m_values.push_back({form, std::move(bytes)});
  return *this;
}

Params& Params::add_null() {
  return push(Value::Form::null, {});
}
Params& Params::add(std::int64_t value) {
  return push(Value::Form::text, fmt::format("{}", value));
}
Params& Params::add(double value) {
  return push(Value::Form::text, number_text(value));
}
Params& Params::add_bool(bool value) {
  return push(Value::Form::text, value ? "t" : "f");
}
Params& Params::add(ProfileId const& id) {
  return push(Value::Form::text, id.text());
}

Params& Params::add(SystemTime time) {
  auto const micros = std::chrono::floor<std::chrono::microseconds>(time.time_since_epoch()).count();
  auto const part = ((micros % 1'000'000) + 1'000'000) % 1'000'000;
  auto const seconds = std::chrono::floor<std::chrono::seconds>(time);
  return push(Value::Form::text, fmt::format("{}.{:06d}+00", iso8601(seconds).substr(0, 19), part));
}

Params& Params::add(std::string_view text) {
  std::string bytes;
  binary::encode(bytes, text);
  return push(Value::Form::text, std::move(bytes));
}

Params& Params::add_array(std::span<ProfileId const> ids) {
  return push(Value::Form::binary, array_of(Oid::uuid, ids, k_plain));
}

Params& Params::add_array(std::span<std::string const> texts) {
  return push(Value::Form::binary, array_of(Oid::text, texts, k_text));
}

Params& Params::add_array(std::span<std::string_view const> texts) {
  return push(Value::Form::binary, array_of(Oid::text, texts, k_text));
}

Params& Params::add_array(std::span<std::optional<std::string> const> texts) {
  return push(Value::Form::binary, array_of(Oid::text, texts, k_text));
}

Params& Params::add_array(std::span<std::int64_t const> values) {
  return push(Value::Form::binary, array_of(Oid::int8, values, k_plain));
}

Params& Params::add_array(std::span<std::optional<std::int64_t> const> values) {
  return push(Value::Form::binary, array_of(Oid::int8, values, k_plain));
}

Params& Params::add_array(std::span<double const> values) {
  return push(Value::Form::binary, array_of(Oid::float8, values, k_plain));
}

Params& Params::add_array(std::span<std::optional<double> const> values) {
  return push(Value::Form::binary, array_of(Oid::float8, values, k_plain));
}

Params& Params::add_array(std::span<SystemTime const> times) {
  return push(Value::Form::binary, array_of(Oid::timestamptz, times, k_plain));
}

Params& Params::add_bools(std::vector<bool> const& values) {
  auto const payload = [](std::string& out, bool value) { binary::encode(out, value); };
  return push(Value::Form::binary, array_of(Oid::boolean, std::vector<char>(values.begin(), values.end()), payload));
}

Params& Params::add_jsons(std::span<std::string const> documents) {
  return push(Value::Form::binary, array_of(Oid::jsonb, documents, k_json));
}

Params& Params::add_jsons(std::span<std::optional<std::string> const> documents) {
  return push(Value::Form::binary, array_of(Oid::jsonb, documents, k_json));
}

Params& Params::add_vectors(std::span<std::optional<std::span<float const>> const> vectors) {
  return push(Value::Form::vectors, array_of(Oid::unknown, vectors, k_vector));
}

}  // namespace jvmm::db
