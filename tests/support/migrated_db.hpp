#pragma once

#include <cstddef>
#include <string>

#include "store/migrations.hpp"
#include "support/temp_db.hpp"

namespace jvmm::test {

/// A database with the customer's tables and ours, its vector columns `dims` wide.
inline TempDbOptions migrated(std::size_t dims) {
  return {CustomerSchema::plain, [dims](db::Connection& connection) { store::apply_migrations(connection, dims); },
          "dims=" + std::to_string(dims)};
}

}  // namespace jvmm::test
