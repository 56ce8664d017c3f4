#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "scoring/prepared.hpp"

namespace jvmm::scoring {

/// What tells that two profiles are of one person. An empty text is no evidence.
struct DuplicateKey {
  std::vector<std::string> name;                       ///< words without case, accents, titles and initials, sorted
  std::string email;                                   ///< lower-cased; only what can be an address
  bool role_mailbox = false;                           ///< of an office, not of a person: "info@", "team@"
  std::string company;                                 ///< folded, without its legal form; no placeholder
  std::string host;                                    ///< of the website, without "www."; none that many people share
  std::array<std::span<float const>, 3> vectors = {};  ///< seeking, offering, audience; refer to the profile's
};

enum class DuplicateEvidence { email, company, website, vectors };
std::string_view name(DuplicateEvidence evidence);

/// The key of a profile; `vectors` stay empty. **Cost** linear in these four texts.
DuplicateKey duplicate_key(std::optional<std::string> const& name, std::optional<std::string> const& email,
                           std::optional<std::string> const& company, std::optional<std::string> const& website);

/// The key with the vectors that scoring compares, which have to outlive it.
DuplicateKey with_vectors(DuplicateKey key, Prepared const& prepared);

/// Why two profiles count as one person, by the first rule that holds (docs/algorithms/duplicates.md):
/// 1. the same e-mail address, and the names share a word; of a role mailbox, one name's words are all in the other;
/// 2. the same name of two words or more, and the same company or website;
/// 3. the same such name, and a mean cosine of at least 0.95 over two or three fields that both have vectors for.
std::optional<DuplicateEvidence> duplicate_evidence(DuplicateKey const& a, DuplicateKey const& b);

/// All pairs (smaller index first, ascending) that are duplicates. Candidates are those with the same e-mail or the
/// same name; where more than 100 share one, each is compared with the next 100 of them by company, website and index.
/// **Cost** O(n log n), at most 200 n comparisons. **Threads** safe.
std::vector<std::pair<std::uint32_t, std::uint32_t>> duplicate_pairs(std::span<DuplicateKey const> keys);

}  // namespace jvmm::scoring
