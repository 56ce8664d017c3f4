#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "credentials/credential.hpp"

namespace jvmm::commands {

/// What is true of a profile, and what was said of it.
struct CredentialCase {
  ProfileId profile;
  credentials::Source source;  ///< the texts; may be unknown
  std::array<std::vector<std::string>, credentials::k_kinds.size()> truth;
  std::vector<std::string> decoys;  ///< sentences that claim nothing
  std::vector<credentials::Value> said;
};

/// Of one kind, or of all.
struct CredentialMeasure {
  std::size_t truth = 0;       ///< names that are true
  std::size_t found = 0;       ///< of them, those that were said
  std::size_t said = 0;        ///< values said
  std::size_t wrong = 0;       ///< of them, those that are not true
  std::size_t ungrounded = 0;  ///< of them, those whose place does not hold their name

  /// 1 where nothing was said, or nothing was to be found.
  double precision() const { return said == 0 ? 1 : 1 - static_cast<double>(wrong) / static_cast<double>(said); }
  double recall() const { return truth == 0 ? 1 : static_cast<double>(found) / static_cast<double>(truth); }

  CredentialMeasure& operator+=(CredentialMeasure const& other);
};

struct CredentialMeasures {
  std::array<CredentialMeasure, credentials::k_kinds.size()> kinds;
  CredentialMeasure all;
  std::size_t profiles = 0;
  std::size_t decoys = 0;
  std::size_t decoys_accepted = 0;  ///< those in whose place in the text a value was said

  /// The lowest precision or recall of a kind.
  double lowest() const;
};

/// A value is right if a true name of its kind contains it, or it that name, both without regard to case, accents'
/// form, entities and punctuation. **Cost**: linear in texts, per case the product of names said and true.
CredentialMeasures measure_credentials(std::span<CredentialCase const> cases);

}  // namespace jvmm::commands
