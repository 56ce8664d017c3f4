#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace jvmm::classify {

/// A label and what else people call it.
struct LabelName {
  std::string key;
  std::vector<std::string> others = {};
};

/// A finer or differently worded label that a file of labels uses, and the label that it belongs to.
struct LabelParent {
  std::string label, parent;
  std::size_t line = 0;
};

/// The labels that files may use. Case, blanks at the ends, runs of blanks and curly apostrophes make no difference.
class LabelNames {
 public:
  /// Where two labels answer to one name, it is the first's.
  explicit LabelNames(std::span<LabelName const> labels);

  /// Adds names that stand below others: a parent is one of the labels, or in the list itself.
  /// **Throws** bad_input, with `source` and line: a name that is empty, one of the labels, or there twice with
  /// different parents; a parent that is neither; a circle.
  void add_parents(std::span<LabelParent const> parents, std::string const& source);

  /// The key of the label of that name; absent if there is none.
  std::optional<std::string> find(std::string_view text) const;

  /// The known name that is least unlike, for messages; empty if none is close.
  std::string suggestion(std::string_view text) const;

  std::vector<std::string> const& keys() const { return m_keys; }

 private:
  std::vector<std::string> m_keys;
  std::map<std::string, std::string, std::less<>> m_key_of;  ///< by folded name
};

/// Reads CSV with the columns label and parent. **Throws** missing_input, local_io, bad_input.
std::vector<LabelParent> read_label_parents(std::string const& path);

}  // namespace jvmm::classify
