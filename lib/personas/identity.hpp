#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "personas/fit.hpp"
#include "personas/model.hpp"

namespace jvmm::personas {

/// Which persona a row had before.
struct RowKey {
  std::string id;
  std::string key;
};

/// An old persona of whose rows at least a fifth went to each of these.
struct Split {
  std::string before;
  std::vector<std::string> now;  ///< the one that kept the key, if any, first
};

/// A new persona that has at least half of the rows of each of these, or was joined again because a human had merged
/// them.
struct Merge {
  std::vector<std::string> before;
  std::string now;
  bool by_hand = false;
};

struct Identity {
  std::vector<std::string> kept;   ///< keys that go on
  std::vector<std::string> born;   ///< keys that are new
  std::vector<std::string> ended;  ///< keys that are no more; Model::retired has them too
  std::vector<Split> splits;
  std::vector<Merge> merges;
  std::size_t rows = 0;       ///< that had a persona before and are in the new fit
  std::size_t rows_kept = 0;  ///< of these, with the same key as before
};

/// Gives a fresh fit the identities of the model before it. New personas are matched with old ones by optimal
/// assignment on the rows they share; an old one goes on (key, and its name) if at least half of its rows that are
/// still there went along. The name is the old one unless `rename` was not by hand and none of its phrases is among the
/// new terms; a name given by hand always stays. What a human had merged is merged again. `now` gets the keys, names
/// and row assignments that follow.
///
/// **Throws** internal if `now` has more rows than assignments. **Cost**: personas³ + rows.
Identity match_identities(Model const& before, std::span<RowKey const> rows_before, std::span<AudienceText const> rows,
                          Fit& now);

/// Calls a persona what a human says; kept over runs. **Throws** bad_input: no such key (with those there are), a name
/// that is empty, longer than 200 characters, has control characters or is another persona's.
void rename(Model& model, std::string_view key, std::string_view name);

/// Makes one persona of two: `key` ends, `into` has its rows, terms, medoids and phrases; kept over runs. Returns the
/// persona's new index for each index that there was. **Throws** bad_input: no such key, both the same.
std::vector<std::size_t> merge(Model& model, std::string_view key, std::string_view into);

}  // namespace jvmm::personas
