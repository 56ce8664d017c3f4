#pragma once

#include <array>
#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "credentials/rules.hpp"

namespace jvmm::credentials {

/// A text or two, and what they claim.
struct Labelled {
  Source source;
  std::array<std::vector<std::string>, k_kinds.size()> gold;
  std::vector<std::string> decoys;
  std::string sort;
};

/// tests/data/fixtures/labelled-200.jsonl.gz, or a file of tests/data/credentials.
std::vector<Labelled> read_labelled(std::filesystem::path const& path);

struct Counts {
  std::size_t gold = 0, found = 0, matched_gold = 0, matched_found = 0;
  double precision() const;
  double recall() const;
};

struct Figures {
  std::array<Counts, k_kinds.size()> of;
  std::size_t decoys = 0, decoys_accepted = 0, ungrounded = 0;
};

/// A found value matches a true one if, both without case, entities and punctuation, one contains the other.
/// With JVMM_SHOW_MISSES in the environment, misses are printed.
Figures measure(Rules const& rules, std::vector<Labelled> const& rows, bool may_show);

std::string to_text(Figures const& figures);

}  // namespace jvmm::credentials
