#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "credentials/credential.hpp"

namespace jvmm::credentials {

/// What a model says is a credential; not yet found in a text.
struct Candidate {
  Kind kind = Kind::books;
  std::string name;  ///< stripped, 1..300 code points, no control characters
  std::optional<int> year;
  double confidence = 0.6;  ///< the model's own if it gives one in 0..1, at most 0.8
  friend bool operator==(Candidate const&, Candidate const&) = default;
};

struct ParsedAnswer {
  std::vector<Candidate> candidates;  ///< in the answer's order, at most 200
  std::size_t refused = 0;            ///< entries of the wrong type, overlong, beyond the 200
  std::size_t unknown_keys = 0;       ///< members of the object that name no kind
  bool readable = false;              ///< there was an object with at least one known key
  bool truncated = false;             ///< it broke off; what stood before the break is used
};

/// Reads a model's answer leniently (fences, prose around it, single keys of the short form "media", "speaking",
/// "podcasts", comments, trailing commas, an end that is missing) and validates it strictly: a list per kind, of
/// strings or of objects with "name" or "title", and "year", "confidence". Never throws for what the answer holds.
/// **Cost**: linear; of an answer above 1 MiB the first MiB is read.
ParsedAnswer parse_chat_answer(std::string_view answer);

}  // namespace jvmm::credentials
