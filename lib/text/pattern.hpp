#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace jvmm::text {

/// A regular expression in RE2's syntax over bytes: `.`, `\w` and classes are of ASCII, case matters unless the pattern
/// says `(?i)`. Searching is linear in the text, whatever pattern and text hold.
///
/// **Threads**: immutable.
class Pattern {
 public:
  /// **Throws** bad_input, saying what the pattern lacks; `name` is what messages call it.
  Pattern(std::string_view pattern, std::string_view name);
  ~Pattern();
  Pattern(Pattern&&) noexcept;
  Pattern& operator=(Pattern&&) noexcept;

  struct Match {
    std::size_t start = 0;
    std::size_t end = 0;
  };

  /// The leftmost match that begins at `from` or later; `^` and `$` are the ends of the whole text.
  std::optional<Match> find(std::string_view text, std::size_t from = 0) const;

  /// True if it matches somewhere.
  bool occurs(std::string_view text) const;

  /// True if it matches the text as a whole.
  bool fits(std::string_view text) const;

 private:
  struct State;
  std::unique_ptr<State> m_state;
};

}  // namespace jvmm::text
