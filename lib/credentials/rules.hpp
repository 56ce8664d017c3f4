#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "credentials/credential.hpp"
#include "credentials/gazetteers.hpp"
#include "credentials/normalised_text.hpp"

namespace jvmm::credentials {

struct Extracted {
  std::vector<Value> values;   ///< by kind, field, start; merged
  bool unsure = false;         ///< words that announce a credential are left over: worth asking a model
  std::size_t ungrounded = 0;  ///< always 0 for rules, whose values are cut from the text
};

/// The deterministic extractor (docs/algorithms/credentials.md).
///
/// **Threads**: immutable, share one. **Cost**: linear in the text, hostile text included.
class Rules {
 public:
  /// Compiles the patterns (some milliseconds). **Throws** bad_input as `parse_gazetteers`.
  explicit Rules(Gazetteers const& gazetteers);
  ~Rules();
  Rules(Rules&&) noexcept;
  Rules& operator=(Rules&&) noexcept;

  Extracted extract(Source const& source) const;

  /// False if the words around the place do not claim it: a negation, a wish, another's credential, a figure of speech.
  /// For names that NER or a model proposes. REQUIRES: the place is one of this text.
  bool is_claimed(NormalisedText const& text, Place place, Kind kind) const;

  /// The kind that a name found by NER has by its own look and the words around it, or none.
  std::optional<Kind> kind_of(NormalisedText const& text, Place place) const;

 private:
  struct State;
  std::unique_ptr<State const> m_state;
};

}  // namespace jvmm::credentials
