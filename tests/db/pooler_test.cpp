// The rules for transaction poolers, on PgBouncer with one server connection that all clients share.

#include <gtest/gtest.h>

#include "db/capabilities.hpp"
#include "db/copy.hpp"
#include "db/errors.hpp"
#include "support/pgbouncer.hpp"
#include "support/temp_db.hpp"

namespace jvmm::db {
namespace {

using test::CustomerSchema;
using test::PgBouncer;
using test::TempDb;
using namespace std::chrono_literals;

class Pooler : public ::testing::Test {
 protected:
  Pooler() { m_db.sql("create table t (id int, v vector(2))"); }

  ConnectionOptions options(std::string purpose) const {
    auto options = m_db.options(std::move(purpose));
    options.url = Secret(m_db.url_with(m_bouncer.host(), PgBouncer::k_port));
    return options;
  }

  TempDb m_db{{.schema = CustomerSchema::none}};
  PgBouncer m_bouncer{{.pool_size = 1, .query_wait_seconds = 1}};
};

TEST_F(Pooler, IsRecognised) {
  Connection connection(options("look"));
  ReadTx tx(connection);
  EXPECT_TRUE(inspect(tx).pooler);
}

TEST_F(Pooler, NothingOfATransactionIsLeftForTheNextClient) {
  Connection one(options("one"));
  Connection other(options("other"));
  Statement const limit{"limit", "select current_setting('statement_timeout') as t, pg_backend_pid() as pid"};
  int pid = 0;
  {
    WriteTx tx(one, {.statement_timeout = 1234ms});
    auto const rows = tx.exec(limit);
    EXPECT_EQ(rows.one().get<std::string>("t"), "1234ms");
    pid = rows.one().get<int>("pid");
    tx.exec({"temporary", "create temporary table x (i int) on commit drop"});
    tx.commit();
  }
  WriteTx tx(other);
  auto const rows = tx.exec(limit);
  EXPECT_EQ(rows.one().get<int>("pid"), pid) << "the test needs both to share one server connection";
  EXPECT_EQ(rows.one().get<std::string>("t"), "20s");
  EXPECT_NO_THROW(tx.exec({"temporary", "create temporary table x (i int) on commit drop"}));
}

TEST_F(Pooler, ParametersAndCopyWorkInTurns) {
  Connection one(options("one"));
  Connection other(options("other"));
  std::vector<float> const vector{1.0F, 2.0F};
  std::vector<std::optional<std::span<float const>>> const vectors{vector, vector};
  for (auto* connection : {&one, &other, &one, &other}) {
    WriteTx tx(*connection);
    CopyWriter copy(tx, "t", {"id", "v"});
    copy.row().add(std::int32_t{1}).add_vector(vector);
    copy.finish();
    tx.exec({"insert", "insert into t select 2, v from unnest($1::vector[]) v"}, Params().add_vectors(vectors));
    tx.commit();
    ReadTx reading(*connection);
    CopyReader reader(reading, {"read", "select v from t where id = $1 limit 1"}, Params().add(2));
    std::vector<float> back;
    ASSERT_NE(reader.next(), nullptr);
    EXPECT_EQ(reader.next(), nullptr);
  }
  EXPECT_EQ(m_db.sql("select count(*) from t"), "12");
}

TEST_F(Pooler, AFullPoolIsUnavailableNotAHang) {
  Connection one(options("one"));
  Connection other(options("other"));
  WriteTx holder(one);
  try {
    WriteTx waiting(other);
    FAIL();
  } catch (Error const& error) {
    EXPECT_EQ(error.kind(), Kind::unavailable) << error.what();
  }
}

TEST_F(Pooler, AServerLostInCommitIsInDoubt) {
  Connection one(options("one"));
  WriteTx tx(one);
  tx.exec({"insert", "insert into t values (1, null)"});
  m_db.sql(
      "select pg_terminate_backend(pid), pg_sleep(0.2) from pg_stat_activity where application_name = 'jvmm.one' "
      "and datname = current_database()");
  try {
    tx.commit();
    FAIL();
  } catch (CommitInDoubt const&) {
  } catch (Error const& error) {
    EXPECT_EQ(error.kind(), Kind::unavailable) << error.what();  // the pooler had told us before
  }
  EXPECT_EQ(m_db.sql("select count(*) from t"), "0");
  one.reconnect();
  EXPECT_EQ(ReadTx(one).exec({"one", "select 1"}).one().get<int>(0), 1);
}

}  // namespace
}  // namespace jvmm::db
