#include "db/transaction.hpp"

#include <gtest/gtest.h>

#include "db/errors.hpp"
#include "support/temp_db.hpp"

namespace jvmm::db {
namespace {

using test::CustomerSchema;
using test::TempDb;
using namespace std::chrono_literals;

class TransactionTest : public ::testing::Test {
 protected:
  TransactionTest() { m_db.sql("create table t (id int primary key, v text)"); }

  std::string count() { return m_db.sql("select count(*) from t"); }

  TempDb m_db{{.schema = CustomerSchema::none}};
  Connection m_connection = m_db.connect();
};

Statement const k_insert{"insert", "insert into t values ($1, $2)"};

template <class F>
Kind kind_thrown(F action) {
  try {
    action();
  } catch (Error const& error) {
    return error.kind();
  }
  ADD_FAILURE() << "nothing was thrown";
  return Kind::usage;
}

TEST_F(TransactionTest, StoresOnCommit) {
  WriteTx tx(m_connection);
  EXPECT_EQ(tx.exec(k_insert, Params().add(1).add("a")).affected(), 1);
  EXPECT_EQ(count(), "0");
  tx.commit();
  EXPECT_EQ(count(), "1");
}

TEST_F(TransactionTest, RollsBackWithoutCommitAndGoesOn) {
  {
    WriteTx(m_connection).exec(k_insert, Params().add(1).add("a"));
  }
  EXPECT_EQ(count(), "0");
  WriteTx tx(m_connection);
  tx.exec(k_insert, Params().add(1).add("b"));
  tx.commit();
  EXPECT_EQ(count(), "1");
}

TEST_F(TransactionTest, ReadOnlyIsEnforcedByTheServer) {
  ReadTx tx(m_connection);
  try {
    tx.exec(k_insert, Params().add(1).add("a"));
    FAIL();
  } catch (SqlError const& error) {
    EXPECT_EQ(error.sqlstate(), "25006");
    EXPECT_EQ(error.kind(), Kind::internal);
    EXPECT_NE(std::string(error.what()).find("in statement insert"), std::string::npos);
  }
}

TEST_F(TransactionTest, AFailedOneCannotBeCommittedAndStoresNothing) {
  {
    WriteTx tx(m_connection);
    tx.exec(k_insert, Params().add(1).add("a"));
    EXPECT_EQ(kind_thrown([&] { tx.exec(k_insert, Params().add(1).add("b")); }), Kind::bad_input);
    EXPECT_EQ(kind_thrown([&] { tx.commit(); }), Kind::internal);
  }
  EXPECT_EQ(count(), "0");
  EXPECT_EQ(ReadTx(m_connection).exec({"one", "select 1 as n"}).one().get<int>("n"), 1);
}

TEST_F(TransactionTest, ACommitTheServerRefusesIsAnErrorNotADoubt) {
  m_db.sql("create table d (id int references t deferrable initially deferred)");
  WriteTx tx(m_connection);
  tx.exec({"orphan", "insert into d values (7)"});
  EXPECT_EQ(kind_thrown([&] { tx.commit(); }), Kind::bad_input);
  EXPECT_EQ(m_db.sql("select count(*) from d"), "0");
}

TEST_F(TransactionTest, OnlyOneIsOpenAtATime) {
  ReadTx first(m_connection);
  EXPECT_EQ(kind_thrown([&] { ReadTx second(m_connection); }), Kind::internal);
}

TEST_F(TransactionTest, LimitsAreSetInTheRoundTripOfBeginAndEndWithIt) {
  auto const before = m_connection.round_trips();
  {
    ReadTx tx(m_connection, {.statement_timeout = 1234ms});
    EXPECT_EQ(m_connection.round_trips(), before + 1);
    auto const rows = tx.exec({"limits",
                               "select current_setting('statement_timeout') as s, "
                               "current_setting('lock_timeout') as l"});
    EXPECT_EQ(rows.one().get<std::string>("s"), "1234ms");
    EXPECT_EQ(rows.one().get<std::string>("l"), "5s");
  }
  EXPECT_EQ(ReadTx(m_connection).exec({"limit", "show statement_timeout"}).one().get<std::string>(0), "20s");
}

TEST_F(TransactionTest, TheServersTimeLimitIsUnavailableWithAHint) {
  ReadTx tx(m_connection, {.statement_timeout = 50ms});
  try {
    tx.exec({"sleep", "select pg_sleep(5)"});
    FAIL();
  } catch (SqlError const& error) {
    EXPECT_EQ(error.sqlstate(), "57014");
    EXPECT_EQ(error.kind(), Kind::unavailable);
    EXPECT_NE(error.hint().find("statement timeout"), std::string::npos);
  }
}

TEST_F(TransactionTest, ALockHeldByAnotherIsAConflict) {
  m_db.sql("insert into t values (1, 'a')");
  auto other = m_db.connect();
  WriteTx holder(other);
  holder.exec({"lock", "select 1 from t for update"});
  auto options = m_db.options();
  options.lock_timeout = 50ms;
  Connection impatient(options);
  WriteTx tx(impatient);
  EXPECT_EQ(kind_thrown([&] { tx.exec({"wait", "update t set v = 'b'"}); }), Kind::conflict);
}

TEST_F(TransactionTest, RepeatableReadSeesOneInstant) {
  ReadTx tx(m_connection, {.isolation = Isolation::repeatable_read});
  Statement const count_all{"count", "select count(*) as n from t"};
  EXPECT_EQ(tx.exec(count_all).one().get<std::int64_t>("n"), 0);
  m_db.sql("insert into t values (1, 'a')");
  EXPECT_EQ(tx.exec(count_all).one().get<std::int64_t>("n"), 0);
}

TEST_F(TransactionTest, RowsNameTheColumnThatIsMissingOrNull) {
  ReadTx tx(m_connection);
  auto const rows = tx.exec({"odd", "select null::text as gone, 'x' as word, '[1,-2.5]'::vector as v"});
  auto const row = rows.one();
  EXPECT_FALSE(row.optional<std::string>("gone"));
  EXPECT_TRUE(row.is_null(0));
  EXPECT_EQ(row.get<std::vector<float>>("v"), (std::vector<float>{1.0F, -2.5F}));
  for (auto const& [action, word] : std::vector<std::pair<std::function<void()>, std::string>>{
           {[&] { row.get<std::string>("gone"); }, "column \"gone\" is NULL"},
           {[&] { row.get<int>("word"); }, "column \"word\" is not a 32-bit integer"},
           {[&] { row.get<int>("nosuch"); }, "no column \"nosuch\""},
           {[&] { row.get<int>(9); }, "asked for index 9"}}) {
    try {
      action();
      ADD_FAILURE() << word;
    } catch (Error const& error) {
      EXPECT_EQ(error.kind(), Kind::internal);
      EXPECT_NE(std::string(error.what()).find(word), std::string::npos) << error.what();
    }
  }
}

}  // namespace
}  // namespace jvmm::db
