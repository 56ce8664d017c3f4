#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "json/value.hpp"

namespace jvmm::json {

/// A value in a text that is read once, from front to back, without a tree being built (simdjson on demand). Each value
/// may be read once; what is not read is skipped. REQUIRES: the document is alive, and `type` or a reader is called in
/// the order of the text.
///
/// Whatever does not fit **throws** bad_answer: "expected a number, found a string". After that nothing more may be
/// read of the document. What is skipped is not checked but for its brackets.
class LazyValue {
 public:
  Type type() const;  ///< all numbers are Type::number
  bool is_null() const { return type() == Type::null; }

  /// How many arrays open one in another where this begins: 0 for no array, 2 for "[[1, 2], …". Reads nothing.
  std::size_t array_depth() const;

  double number();
  std::string string();
  bool boolean();

  /// Calls `visit` for each element, which need not read it.
  void items(std::function<void(LazyValue)> const& visit);

  /// The same for members, with their names.
  void members(std::function<void(std::string_view name, LazyValue value)> const& visit);

  /// An array of nothing but numbers, appended. A null becomes NaN, what is beyond a float an infinity. The quick way
  /// for vectors.
  void append_numbers(std::vector<float>& out);

  /// The whole of it as a tree.
  Value tree();

 private:
  friend void read_lazily(std::string_view, std::function<void(LazyValue)> const&, std::size_t);
  LazyValue() = default;
  struct Access;
  alignas(8) std::array<std::byte, 64> m_storage{};
};

/// Reads `text`, which is copied into a padded buffer that the thread keeps; one document a thread at a time.
/// UTF-8 is checked, and that nothing follows the value.
/// **Throws** bad_answer: no JSON, not UTF-8, more than 256 deep, more than `max_bytes`; internal if called while this
/// thread reads another; and what `read` throws.
void read_lazily(std::string_view text, std::function<void(LazyValue root)> const& read,
                 std::size_t max_bytes = std::size_t{64} << 20);

}  // namespace jvmm::json
