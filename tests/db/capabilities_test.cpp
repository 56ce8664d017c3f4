#include "db/capabilities.hpp"

#include <gtest/gtest.h>

#include "db/errors.hpp"
#include "support/temp_db.hpp"

namespace jvmm::db {
namespace {

using test::CustomerSchema;
using test::TempDb;

Capabilities look(Connection& connection) {
  ReadTx tx(connection);
  return inspect(tx);
}

TEST(Capabilities, DescribeTheCustomersDatabase) {
  TempDb const db({.schema = CustomerSchema::head});
  auto connection = db.connect();
  auto const before = connection.round_trips();
  auto const found = look(connection);
  EXPECT_LE(connection.round_trips() - before, 6) << "begin, three or four questions, rollback";
  EXPECT_GE(found.version_number, 120000);
  EXPECT_EQ(found.encoding, "UTF8");
  EXPECT_EQ(found.client_encoding, "UTF8");
  EXPECT_EQ(found.database, db.name());
  EXPECT_TRUE(found.superuser);
  EXPECT_FALSE(found.pooler);
  EXPECT_FALSE(found.encrypted);
  EXPECT_FALSE(found.in_recovery);
  EXPECT_FALSE(found.read_only);
  EXPECT_TRUE(found.vector_version.has_value());
  EXPECT_EQ(found.vector_schema, "public");
  EXPECT_FALSE(found.has_migrations);
  auto const* profiles = found.table("profiles");
  ASSERT_NE(profiles, nullptr);
  ASSERT_NE(profiles->column("embedding_seeking"), nullptr);
  EXPECT_EQ(profiles->column("embedding_seeking")->dims, 1024);
  EXPECT_EQ(profiles->column("network_role")->type, "character varying(50)");
  EXPECT_FALSE(profiles->column("name")->nullable);
  EXPECT_EQ(profiles->column("nosuch"), nullptr);
  EXPECT_TRUE(profiles->is_unique({"id"}));
  EXPECT_TRUE(profiles->may_update);
  EXPECT_NE(found.table("match_suggestions"), nullptr);
}

TEST(Capabilities, TellWhatIsNotThere) {
  TempDb const db({.schema = CustomerSchema::none});
  db.sql("drop extension vector");
  auto connection = db.connect();
  auto const found = look(connection);
  EXPECT_FALSE(found.vector_version);
  EXPECT_TRUE(found.vector_available);
  EXPECT_TRUE(found.tables.empty());
}

TEST(Capabilities, UniqueIndexesCountWholeOnesInAnyOrder) {
  TempDb const db({.schema = CustomerSchema::none});
  db.sql(
      "create table match_suggestions (b int, a int, c int unique); create unique index on match_suggestions (b, a); "
      "create unique index on match_suggestions (a) where c > 0; create table profiles (v vector)");
  auto connection = db.connect();
  auto const found = look(connection);
  auto const* table = found.table("match_suggestions");
  EXPECT_TRUE(table->is_unique({"a", "b"}));
  EXPECT_TRUE(table->is_unique({"c"}));
  EXPECT_FALSE(table->is_unique({"a"}));
  EXPECT_EQ(found.table("profiles")->column("v")->dims, std::nullopt);
  EXPECT_TRUE(found.table("profiles")->column("v")->is_vector());
}

class RestrictedRole : public ::testing::Test {
 protected:
  RestrictedRole() {
    m_db.sql("create role " + m_role +
             "; alter table profiles enable row level security; grant select on profiles to " + m_role +
             "; grant update (bio) on profiles to " + m_role + "; alter database " + m_db.name() +
             " set statement_timeout = '90s'; create schema jvmm; create table jvmm.migration (number int)");
  }
  ~RestrictedRole() override { m_db.sql("drop owned by " + m_role + "; drop role " + m_role); }

  TempDb m_db;
  std::string m_role = "jvmm_reader_" + m_db.name();
};

// It sees the names of columns but has no right to them, and row security is in force for it.
TEST_F(RestrictedRole, IsToldWhatItMayNotDo) {
  auto connection = m_db.connect();
  ReadTx tx(connection);
  auto const become = "set local role " + m_role;
  tx.exec({"become", become});
  auto const found = inspect(tx);
  EXPECT_EQ(found.role, m_role);
  EXPECT_FALSE(found.superuser);
  EXPECT_EQ(found.statement_timeout, std::chrono::seconds(90));
  EXPECT_TRUE(found.has_migrations);
  EXPECT_FALSE(found.may_read_migrations);
  auto const* profiles = found.table("profiles");
  ASSERT_NE(profiles, nullptr);
  EXPECT_TRUE(profiles->rls_enabled);
  EXPECT_TRUE(profiles->rls_applies);
  EXPECT_TRUE(profiles->may_select);
  EXPECT_FALSE(profiles->may_update);
  EXPECT_TRUE(profiles->column("bio")->may_update);
  EXPECT_FALSE(profiles->column("name")->may_update);
}

}  // namespace
}  // namespace jvmm::db
