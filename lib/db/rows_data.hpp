#pragma once

// Private to lib/db, like session.hpp.

#include <pqxx/result>
#include <string>

#include "db/rows.hpp"

namespace jvmm::db {

struct Rows::Data {
  pqxx::result result;
  std::string statement;
};

}  // namespace jvmm::db
