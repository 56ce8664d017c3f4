#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace jvmm::json {

/// Where a document does not fit its schema.
struct Violation {
  std::string path;     ///< JSON pointer, "" for the whole document
  std::string message;  ///< "Value type not permitted by 'type' constraint."
};

/// A JSON Schema (draft 7; `$ref` within the document only). Thread-safe once made.
class Schema {
 public:
  /// **Throws** internal for a schema that is none: ours are compiled in.
  explicit Schema(std::string_view text);
  ~Schema();

  /// What is wrong with the document, outermost first; empty if it fits.
  /// **Throws** bad_input if it is no JSON; parse it with json::parse first for a better message.
  std::vector<Violation> check(std::string_view document) const;

 private:
  struct State;
  std::unique_ptr<State> m_state;
};

}  // namespace jvmm::json
