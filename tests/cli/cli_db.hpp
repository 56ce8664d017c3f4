#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "db/transaction.hpp"
#include "json/parse.hpp"
#include "json/ref.hpp"
#include "support/cli_run.hpp"
#include "support/temp_db.hpp"

namespace jvmm::test {

/// What a database starts with.
enum class Rows {
  none,
  provenance,  ///< the 14 of tests/data/provenance.jsonl
  slice,       ///< those and the first 60 of the fixture
};

using Arguments = std::vector<std::string>;

/// A database for the program, migrated by 'jvmm migrate' at 384 dimensions (a template of it is made once), and the
/// program on it. Its model is hashing:384 unless JVMM_MODEL or --model say otherwise.
class CliDb {
 public:
  explicit CliDb(Rows rows = Rows::none);

  /// The customer's tables alone, or with the overlay, or none: not migrated.
  explicit CliDb(CustomerSchema schema);

  CliResult run(Arguments const& arguments, CliOptions options = {}) const;

  /// Runs it with --format json, expects exit code 0 (or `exit_code`) and one JSON object on stdout.
  json::Value run_json(Arguments arguments, int exit_code = 0) const;

  CliOptions options(CliOptions given = {}) const;
  std::string sql(std::string const& statements) const { return m_db.sql(statements); }
  json::Value sql_json(std::string const& query) const { return json::parse(sql(query), query); }
  TempDb const& db() const { return m_db; }

  /// Puts a profile in; `texts` is SQL for what is set, such as "seeking = 'partners'".
  void add_profile(int number, std::string const& texts) const;

  /// Digests of a table's rows with the transactions that wrote them: any write shows.
  std::string trace(std::string const& table) const;

  /// The same of everything that jvmm may write to.
  std::string trace_all() const;

  /// Waits until a query gives "t". Fails the test after ten seconds.
  void wait_until(std::string const& query) const;

 private:
  TempDb m_db;
};

/// "10000000-0000-4000-8000-0000000000NN".
std::string profile_id(int number);

/// Lines of a file in tests/data, unpacked; at most `count`.
std::vector<std::string> data_lines(std::string const& name, std::size_t count = 1'000'000);

/// SQL that puts JSON lines into profiles.
std::string insert_sql(std::vector<std::string> const& lines);

/// It ended with `code`, said `words` on stderr, and put nothing on stdout.
void expect_failure(CliResult const& result, int code, std::vector<std::string> const& words);

/// A member of a run's summary.
std::int64_t summary(json::Value const& report, std::string_view member);

}  // namespace jvmm::test
