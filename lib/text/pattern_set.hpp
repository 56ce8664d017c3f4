#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace jvmm::text {

/// Several patterns (pattern.hpp) asked at once: which of them occur in a text. Far cheaper than asking each where few
/// do.
///
/// **Threads**: immutable.
class PatternSet {
 public:
  /// **Throws** bad_input for a pattern that is none; `name` is what messages call the set.
  PatternSet(std::vector<std::string> const& patterns, std::string_view name);
  ~PatternSet();
  PatternSet(PatternSet&&) noexcept;
  PatternSet& operator=(PatternSet&&) noexcept;

  std::size_t size() const;

  /// Per pattern, whether it occurs in the text; all of them where the text is too hard to tell, so that a caller who
  /// then searches misses nothing. **Cost**: linear.
  std::vector<bool> occurring(std::string_view text) const;

 private:
  struct State;
  std::unique_ptr<State const> m_state;
};

}  // namespace jvmm::text
