#include "db/errors.hpp"

#include <gtest/gtest.h>

namespace jvmm::db {
namespace {

Kind kind_of(std::string sqlstate) {
  return to_error({std::move(sqlstate), "ERROR:  x\n", "db"}).kind();
}

TEST(SqlErrors, StatesBecomeKindsACallerCanActOn) {
  struct Case {
    char const* sqlstate;
    Kind kind;
  };
  for (auto const& [sqlstate, kind] : {
           Case{"08006", Kind::unavailable},   Case{"57P01", Kind::unavailable},   Case{"57P03", Kind::unavailable},
           Case{"53300", Kind::unavailable},   Case{"53100", Kind::unavailable},   Case{"57014", Kind::unavailable},
           Case{"40001", Kind::conflict},      Case{"40P01", Kind::conflict},      Case{"55P03", Kind::conflict},
           Case{"42501", Kind::refused},       Case{"28P01", Kind::refused},       Case{"25006", Kind::refused},
           Case{"42P01", Kind::configuration}, Case{"42703", Kind::configuration}, Case{"3F000", Kind::configuration},
           Case{"42883", Kind::configuration}, Case{"42704", Kind::configuration}, Case{"3D000", Kind::configuration},
           Case{"22P02", Kind::bad_input},     Case{"23505", Kind::bad_input},     Case{"42601", Kind::internal},
           Case{"XX000", Kind::internal},
       })
    EXPECT_EQ(kind_of(sqlstate), kind) << sqlstate;
}

TEST(SqlErrors, AWriteInOurOwnReadOnlyTransactionIsOurBug) {
  Failure failure{"25006", "cannot execute UPDATE in a read-only transaction", "db"};
  failure.read_only_expected = true;
  EXPECT_EQ(to_error(failure).kind(), Kind::internal);
}

TEST(SqlErrors, MessageIsOneLineWithStateAndNextStep) {
  auto const error = to_error({"42P01", "ERROR:  relation \"jvmm.run\" does not exist\nLINE 1: select\n", "db"});
  EXPECT_EQ(error.message(), "relation \"jvmm.run\" does not exist LINE 1: select (SQLSTATE 42P01)");
  EXPECT_EQ(error.sqlstate(), "42P01");
  EXPECT_NE(error.hint().find("jvmm migrate"), std::string::npos);
}

TEST(SqlErrors, ALostConnectionIsUnavailableAndNamesTheTarget) {
  Failure failure{"", "server closed the connection unexpectedly\n", "profiles on db:5432 as jv"};
  failure.connection_lost = true;
  auto const error = to_error(failure);
  EXPECT_EQ(error.kind(), Kind::unavailable);
  EXPECT_NE(error.message().find("profiles on db:5432 as jv"), std::string::npos);
}

}  // namespace
}  // namespace jvmm::db
