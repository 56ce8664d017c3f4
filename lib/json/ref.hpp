#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "json/value.hpp"

namespace jvmm::json {

/// A value together with where it stands, for reading documents of a known shape: whatever does not fit is thrown with
/// its path, "models.json: /files/0/sha256: expected string, found number" (bad_input). Refers to the Value, which
/// must outlive it.
///
/// **Example**
///
///     auto const root = json::Ref(document, "models.json");
///     for (auto const& file : root["files"].items()) use(file["sha256"].string());
class Ref {
 public:
  Ref(Value const& value, std::string source) : m_value(&value), m_source(std::move(source)) {}

  /// The member of an object, the element of an array. **Throws** if it is not there.
  Ref operator[](std::string_view member) const;
  Ref operator[](std::size_t index) const;

  /// The member, or absent if it is missing or null. **Throws** if this is no object.
  std::optional<Ref> find(std::string_view member) const;

  std::string const& string() const;
  bool boolean() const;
  std::int64_t integer() const;
  std::size_t size_value() const;  ///< an integer that is not negative
  double number() const;           ///< of either sort
  std::vector<Ref> items() const;  ///< of an array
  std::vector<std::pair<std::string, Ref>> members() const;

  Value const& value() const { return *m_value; }

  /// An error about this value: "source: /path: expected …, found …".
  Error unexpected(std::string_view expected) const;

  /// The same in other words: "source: /path: what".
  Error error(std::string_view what) const;

 private:
  Ref step(Value const& value, std::string_view name) const;

  Value const* m_value;
  std::string m_source;
  std::string m_path;
};

}  // namespace jvmm::json
