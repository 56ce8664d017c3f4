#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "cli/cli_db.hpp"
#include "support/inference_stub.hpp"

namespace jvmm::test {

inline constexpr char const* k_served_model = "sentence-transformers/all-MiniLM-L6-v2";

/// A database, a stub that poses as a service for all-MiniLM-L6-v2, and the program between them, with a cache's file
/// that lasts from run to run.
class ServicesWorld {
 public:
  ServicesWorld() : ServicesWorld(stub_options()) {}
  explicit ServicesWorld(testing::StubOptions options, Rows rows = Rows::slice)
      : m_db(rows), m_kind(options.kind), m_stub(std::make_shared<testing::InferenceStub>(std::move(options))) {}
  /// A database and a cache of its own beside the same stub: another machine.
  ServicesWorld(ServicesWorld const& other, Rows rows) : m_db(rows), m_kind(other.m_kind), m_stub(other.m_stub) {}

  static testing::StubOptions stub_options() { return stub_options(testing::StubKind::tei); }
  static testing::StubOptions stub_options(testing::StubKind kind);

  CliDb const& db() const { return m_db; }
  testing::InferenceStub& stub() { return *m_stub; }

  /// The stub as an element of a route.
  std::string spec() const;

  /// Options with the route to the stub, prices of the stub's own, and the cache.
  CliOptions options(std::map<std::string, std::string> env = {}) const;
  CliResult run(Arguments arguments, std::map<std::string, std::string> env = {}) const;

  /// Runs backfill-embeddings and gives its report; expects the exit code.
  json::Value embed(Arguments more = {}, int exit_code = 0) const;

  std::string sql(std::string const& query) const { return m_db.sql(query); }
  std::int64_t number(std::string const& query) const;

 private:
  CliDb m_db;
  testing::TempDir m_dir;
  testing::StubKind m_kind;
  std::shared_ptr<testing::InferenceStub> m_stub;
};

}  // namespace jvmm::test
