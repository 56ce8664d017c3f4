#pragma once

#include <string>
#include <utility>

namespace jvmm {

/// A token, password or connection string. Has no formatter and no stream operator, so it cannot reach a log by
/// accident; `reveal` is the one way to the text, named so that a reader can search for its uses.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string text) : m_text(std::move(text)) {}

  std::string const& reveal() const { return m_text; }
  bool empty() const { return m_text.empty(); }

 private:
  std::string m_text;
};

}  // namespace jvmm
