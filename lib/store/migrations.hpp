#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "db/connection.hpp"
#include "db/transaction.hpp"

namespace jvmm::store {

struct MigrationState {
  int number = 0;
  std::string name;
  bool applied = false;
  std::size_t dims = 0;  ///< width with which it was applied
};

/// Every migration this program knows, in order, with whether the database has it.
/// **Throws** configuration where the database has one this program does not know (it is newer) or one whose text
/// differs.
std::vector<MigrationState> migration_states(db::Transaction& tx);

/// **Throws** configuration unless the database is in UTF-8, has pgvector and a table profiles, which migrations rest
/// on.
void require_server(db::Transaction& tx);

/// **Throws** configuration, with the hint to run 'jvmm migrate', unless all are applied.
void require_migrated(db::Transaction& tx);

/// Applies what is missing, each migration in a transaction of its own with its row in jvmm.migration, one process at a
/// time. `dims` is the width of new vector columns. Returns the numbers applied.
/// **Database**: ALTER TABLE on profiles takes an exclusive lock, waited for up to the connection's lock timeout.
std::vector<int> apply_migrations(db::Connection& connection, std::size_t dims);

}  // namespace jvmm::store
