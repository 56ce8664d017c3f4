#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "credentials/credential.hpp"
#include "db/transaction.hpp"

namespace jvmm::commands {

/// How many profiles have credentials.
struct CredentialCoverage {
  std::int64_t with_text = 0;  ///< that they are read from
  std::int64_t found = 0;      ///< with any
  std::int64_t without = 0;    ///< read by jvmm, and none found
  std::array<std::int64_t, credentials::k_kinds.size()> kinds{};
};

/// **Cost**: a pass over profiles.
CredentialCoverage read_credential_coverage(db::ReadTx& tx);

/// A JSON object.
std::string credential_coverage_json(CredentialCoverage const& coverage);

}  // namespace jvmm::commands
