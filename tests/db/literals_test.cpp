#include "db/literals.hpp"

#include <gtest/gtest.h>

namespace jvmm::db {
namespace {

std::string replaced(std::string_view sql) {
  return with_literals(sql, [](int n) { return "<" + std::to_string(n) + ">"; });
}

TEST(Literals, ReplaceParametersWhereSqlHasThem) {
  EXPECT_EQ(replaced("select $1::int + $12, f($2)"), "select <1>::int + <12>, f(<2>)");
  EXPECT_EQ(replaced("$1"), "<1>");
  EXPECT_EQ(replaced("($1,$2)"), "(<1>,<2>)");
}

TEST(Literals, LeaveQuotesCommentsAndNamesAlone) {
  for (char const* sql :
       {"'$1'", "\"$1\"", "'it''s $1'", "E'\\' $1'", "-- $1", "-- $1\n/* $2 /* $3 */ $4 */", "$$ $1 $$",
        "$a$ $1 $$ $2 $a$", "name$1", "'unterminated $1", "$a$ unterminated $1", "/* $1", "$", "a $ b", ""})
    EXPECT_EQ(replaced(sql), sql);
  EXPECT_EQ(replaced("-- $1\n$1"), "-- $1\n<1>");
  EXPECT_EQ(replaced("'\\' $1 '' $2"), "'\\' <1> '' <2>");
}

}  // namespace
}  // namespace jvmm::db
