#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "commands/batch_options.hpp"

namespace jvmm::commands {

struct CheckOptions {
  BatchOptions batch;
  bool fix = false;                  ///< write what can be mended without loss
  std::optional<std::string> pages;  ///< a folder, or "table"

  /// **Throws** usage.
  void validate() const { batch.validate(); }
};

/// Checks profiles that were not checked as they are, holds what a person has to decide, and reports. Returns the exit
/// code. **Database**: reads profiles by keyset pages; writes jvmm.review, jvmm.run, jvmm.lease, jvmm.ledger; with
/// `fix` also text columns and field_meta of profiles.
int check_profiles(RunContext& context, CheckOptions const& options);

struct ReviewListOptions {
  std::optional<std::string> stage, column, reason;
  std::vector<std::string> profile_ids;
  std::int64_t top = 50;
  std::int64_t after = 0;  ///< the last number of the list before
  bool all = false;        ///< settled ones too
};

/// What waits for a person. **Database**: reads only.
int list_reviews(RunContext& context, ReviewListOptions const& options);

struct DecideOptions {
  bool accept = true;
  std::vector<std::string> ids;  ///< numbers, names of files with a number a line, or "-" for standard input
  std::optional<std::string> note;
  std::optional<std::string> by;  ///< else the user's name
};

/// Accepts or rejects entries. Returns 1 if one of them could not be settled as asked. **Database**: writes
/// jvmm.review, and when accepting the columns proposed, each 200 entries one transaction.
int decide_reviews(RunContext& context, DecideOptions const& options);

/// Reads the numbers of entries, in order, each once. **Throws** usage, bad_input, missing_input.
std::vector<std::int64_t> read_review_ids(std::vector<std::string> const& arguments);

}  // namespace jvmm::commands
