#include <gtest/gtest.h>

#include <string>

#include "db/sql.hpp"
#include "store/migrations.hpp"
#include "support/temp_db.hpp"

namespace jvmm::db {
namespace {

TEST(SqlCatalogue, SpeaksOfFilesByTheirPath) {
  EXPECT_EQ(sql::db_vector_type.name, "db_vector_type");
  EXPECT_NE(sql::db_vector_type.text.find("pg_extension"), std::string_view::npos);
}

TEST(SqlCatalogue, EveryQueryExplainsItselfAndIsOneStatement) {
  for (auto const* statement : sql::queries()) {
    EXPECT_TRUE(statement->text.starts_with("-- ")) << statement->name << " has no head comment";
    auto const end = statement->text.find_last_not_of(" \n");
    ASSERT_NE(end, std::string_view::npos) << statement->name;
    EXPECT_NE(statement->text[end], ';') << statement->name << " ends in ';', which hides a second statement";
  }
}

TEST(SqlCatalogue, MigrationsAreNumberedWithoutGaps) {
  ASSERT_FALSE(sql::migrations().empty());
  int expected = sql::migrations().front().number;
  for (auto const& migration : sql::migrations())
    EXPECT_EQ(migration.number, expected++) << migration.name;
}

// PREPARE parses, resolves every table, column and function, and infers the parameters' types.
TEST(SqlCatalogue, EveryQueryIsUnderstoodByTheMigratedDatabase) {
  constexpr std::size_t k_dims = 384;
  test::TempDb const db({.migrate = [](Connection& connection) { store::apply_migrations(connection, k_dims); },
                         .migrate_key = "dims=384"});
  for (auto const* statement : sql::queries())
    EXPECT_NO_THROW(db.sql("prepare query as\n" + std::string(statement->text))) << statement->name;
}

}  // namespace
}  // namespace jvmm::db
