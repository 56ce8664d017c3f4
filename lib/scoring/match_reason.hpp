#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "domain/profile.hpp"

namespace jvmm::scoring {

/// What a match reason needs of one profile, prepared once so that a pair costs little.
struct ReasonParts {
  struct AudienceToken {
    std::string text;
    bool in_own_name = false;  ///< then it is nothing shared when this profile is the partner
  };
  struct Offer {
    std::size_t end = 0;  ///< in `offers_text`
    std::string titled;
  };

  // For whom the reason is worded.
  bool has_audience = false;
  std::vector<AudienceToken> audience;           ///< in code-point order
  std::vector<std::vector<std::string>> sought;  ///< the words of each item of `seeking`
  double list_size = 0;                          ///< 0 where it is null

  // As the partner.
  std::string first_name;     ///< "This partner" where there is none
  std::string reaches;        ///< the sentence where no audience is shared; may be empty
  std::string offers_text;    ///< lower-cased items of `offering`, a comma after each
  std::vector<Offer> offers;  ///< these items
  std::string next_step;      ///< empty: list sizes decide
};

/// **Cost** linear in the profile's texts. Thread-safe. Ill-formed UTF-8 becomes U+FFFD.
ReasonParts reason_parts(Profile const& profile);

/// Why the partner is worth an introduction, worded for `reader`: one to three sentences, joined by full stops, without
/// one at the end. Never empty. Thread-safe. **Cost** a few microseconds.
std::string match_reason(ReasonParts const& reader, ReasonParts const& partner);

}  // namespace jvmm::scoring
