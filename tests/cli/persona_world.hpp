#pragma once

#include <string>

#include "cli/cli_db.hpp"
#include "support/temp_dir.hpp"

namespace jvmm::test {

/// A database with profiles that serve one of four audiences, each told by two of its six phrases, so that phrases of
/// one audience keep company. business_focus, which personas do not follow from, names the audience. Of those who serve
/// nurses every fifth seeks partners who reach landlords, and the other way round. One more profile, "Silent", says
/// nothing.
class PersonaWorld {
 public:
  static constexpr int k_each = 30;
  enum class Order { forward, reversed };  ///< in which rows are put in

  explicit PersonaWorld(Order order = Order::forward);

  /// Puts its profiles into a database.
  static void fill(CliDb const& db, Order order = Order::forward);

  CliDb const& db() const { return m_db; }
  CliResult run(Arguments const& arguments) const;

  /// As CliDb's run_json.
  json::Value json(Arguments arguments, int exit_code = 0) const;

  /// cluster-personas by the phrase graph into four personas.
  json::Value cluster(Arguments more = {}) const;

  /// One more profile, by its name.
  void add(std::string const& name, std::string const& who_you_serve, std::string const& seeking) const;
  std::string persona_of(std::string const& name) const;

  std::string sql(std::string const& query) const { return m_db.sql(query); }
  json::Value sql_json(std::string const& query) const { return m_db.sql_json(query); }

  /// Profiles, embeddings, personas, complements, assignments and ledger, without times, runs and batches.
  std::string end_state() const;

 private:
  CliDb m_db;
  testing::TempDir m_home;
};

}  // namespace jvmm::test
