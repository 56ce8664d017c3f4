#pragma once

#include <string_view>

namespace jvmm::db {

/// One SQL statement and the name under which errors and logs speak of it. The catalogue (`db/sql.hpp`, made from
/// sql/queries at build time) is where they come from; both views outlive the program's use of them there.
struct Statement {
  std::string_view name;
  std::string_view text;
};

/// One file of sql/migrations, in the order of its number.
struct Migration {
  int number = 0;
  std::string_view name;  ///< the file's name without number and ".sql"
  std::string_view text;  ///< the file, byte for byte
};

}  // namespace jvmm::db
