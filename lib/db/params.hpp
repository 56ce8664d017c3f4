#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"

namespace jvmm::db {

/// The values of $1, $2, … in order. Scalars travel as text, so that the statement's own cast decides their type;
/// arrays travel in PostgreSQL's binary form and want a cast to exactly the type named below. A name that is spelled
/// out ("vectors", "jsons") is where the C++ type alone would not tell.
///
/// **Throws** Error(bad_input) for text with a NUL byte, which PostgreSQL cannot store.
///
/// **Example**
///
///     tx.exec(db::sql::embed_write, db::Params().add(run.value).add_array(ids).add_vectors(vectors));
class Params {
 public:
  struct Value {
    enum class Form { null, text, binary, vectors };  // vectors: binary, with the element type still to be filled in
    Form form = Form::null;
    std::string bytes;
  };

  Params& add_null();
  Params& add(std::string_view text);
  Params& add(char const* text) { return add(std::string_view(text)); }
  Params& add(std::int64_t value);
  Params& add(double value);
  Params& add(std::same_as<bool> auto value) { return add_bool(value); }
  Params& add(ProfileId const& id);
  Params& add(SystemTime time);  ///< timestamptz

  template <std::integral T>
    requires(!std::same_as<T, bool> && !std::same_as<T, std::int64_t>)
  Params& add(T value) {
    return add(static_cast<std::int64_t>(value));
  }

  /// NULL when absent.
  template <class T>
  Params& add(std::optional<T> const& value) {
    return value ? add(*value) : add_null();
  }

  Params& add_array(std::span<ProfileId const> ids);                                    ///< uuid[]
  Params& add_array(std::span<std::string const> texts);                                ///< text[]
  Params& add_array(std::span<std::string_view const> texts);                           ///< text[]
  Params& add_array(std::span<std::optional<std::string> const> texts);                 ///< text[]
  Params& add_array(std::span<std::int64_t const> values);                              ///< bigint[]
  Params& add_array(std::span<std::optional<std::int64_t> const> values);               ///< bigint[]
  Params& add_array(std::span<double const> values);                                    ///< float8[]
  Params& add_array(std::span<std::optional<double> const> values);                     ///< float8[]
  Params& add_array(std::span<SystemTime const> times);                                 ///< timestamptz[]
  Params& add_bools(std::vector<bool> const& values);                                   ///< boolean[]
  Params& add_jsons(std::span<std::string const> documents);                            ///< jsonb[]
  Params& add_jsons(std::span<std::optional<std::string> const> documents);             ///< jsonb[]
  Params& add_vectors(std::span<std::optional<std::span<float const>> const> vectors);  ///< vector[]

  std::span<Value const> values() const { return m_values; }

 private:
  Params& add_bool(bool value);
  Params& push(Value::Form form, std::string bytes);

  std::vector<Value> m_values;
};

}  // namespace jvmm::db
