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

/// A text that was read once, to be asked about many names in it: those that NER or a model proposes. Sentences are
/// read when the first name in them is asked about. REQUIRES: the rules outlive it; places are of its text.
///
/// **Threads**: for one at a time. **Cost**: of all questions together linear in the text and in the questions.
class Reading {
 public:
  ~Reading();
  Reading(Reading&&) noexcept;
  Reading& operator=(Reading&&) noexcept;

  /// False if the words around the place do not claim it: a negation, a wish, another's credential, a figure of speech.
  bool is_claimed(Place place, Kind kind);

  /// The kind that a name found by NER has by its own look and the words around it, or none.
  std::optional<Kind> kind_of(Place place);

  std::size_t sentences_read() const;  ///< how many were read so far: none twice

 private:
  friend class Rules;
  struct State;
  explicit Reading(std::unique_ptr<State> state);
  std::unique_ptr<State> m_state;
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

  /// To ask about single names in a text.
  Reading read(NormalisedText text) const;

 private:
  struct State;
  std::unique_ptr<State const> m_state;
};

}  // namespace jvmm::credentials
