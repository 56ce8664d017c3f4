// What happens when the network or the server lets a connection down, at every point that matters.

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "db/copy.hpp"
#include "db/errors.hpp"
#include "db/transaction.hpp"
#include "support/tcp_proxy.hpp"
#include "support/temp_db.hpp"

namespace jvmm::db {
namespace {

using test::CommitCut;
using test::CustomerSchema;
using test::ProxyFaults;
using test::TcpProxy;
using test::TempDb;
using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;

Statement const k_insert{"insert", "insert into t values ($1)"};
Statement const k_one{"one", "select 1"};

class LostConnection : public ::testing::Test {
 protected:
  LostConnection() { m_db.sql("create table t (id int)"); }

  ConnectionOptions options() const {
    auto options = m_db.options("proxied");
    options.url = Secret(m_db.url_with(TcpProxy::k_host, m_proxy.port()));
    options.connect_timeout = 500ms;
    options.statement_timeout = 300ms;
    options.deadline_slack = 200ms;
    return options;
  }

  std::string count() const { return m_db.sql("select count(*) from t"); }

  TempDb m_db{{.schema = CustomerSchema::none}};
  TcpProxy m_proxy{test::test_server_host(), test::test_server_port()};
};

template <class F>
Error error_of(F action) {
  try {
    action();
  } catch (Error const& error) {
    return error;
  }
  ADD_FAILURE() << "no Error was thrown";
  return {Kind::usage, ""};
}

TEST_F(LostConnection, ABlackHoleAtConnectIsUnavailableInTime) {
  m_proxy.set({.black_hole = true});
  auto const began = SteadyClock::now();
  auto const error = error_of([&] { Connection connection(options()); });
  EXPECT_EQ(error.kind(), Kind::unavailable);
  EXPECT_NE(error.message().find("did not answer within 500 ms"), std::string::npos) << error.what();
  EXPECT_NE(error.message().find(m_proxy.port()), std::string::npos) << error.what();
  EXPECT_LT(SteadyClock::now() - began, 1500ms);
}

TEST_F(LostConnection, ABlackHoleInAStatementIsUnavailableAfterTimeoutAndSlack) {
  Connection connection(options());
  ReadTx tx(connection);
  m_proxy.set({.black_hole = true});
  auto const began = SteadyClock::now();
  auto const error = error_of([&] { tx.exec(k_one); });
  auto const waited = SteadyClock::now() - began;
  EXPECT_EQ(error.kind(), Kind::unavailable);
  EXPECT_NE(error.message().find("did not answer within 500 ms"), std::string::npos) << error.what();
  EXPECT_GE(waited, 500ms);
  EXPECT_LT(waited, 1500ms);
  EXPECT_FALSE(connection.is_open());
}

TEST_F(LostConnection, AfterwardsReconnectGoesOn) {
  Connection connection(options());
  m_proxy.set({.cut_after_messages = 1});
  auto const error = error_of([&] { ReadTx tx(connection); });
  EXPECT_EQ(error.kind(), Kind::unavailable) << error.what();
  EXPECT_NE(error.message().find("was lost"), std::string::npos) << error.what();
  connection.reconnect();
  EXPECT_EQ(ReadTx(connection).exec(k_one).one().get<int>(0), 1);
}

TEST_F(LostConnection, CutBeforeTheServerHearsCommitIsInDoubtAndNothingIsStored) {
  Connection connection(options());
  WriteTx tx(connection);
  tx.exec(k_insert, Params().add(1));
  m_proxy.set({.commit = CommitCut::before_server_hears});
  EXPECT_THROW(tx.commit(), CommitInDoubt);
  EXPECT_FALSE(connection.is_open());
  EXPECT_EQ(count(), "0");
}

TEST_F(LostConnection, CutBeforeTheClientHearsIsInDoubtAndEverythingIsStored) {
  Connection connection(options());
  {
    WriteTx tx(connection);
    tx.exec(k_insert, Params().add(1));
    m_proxy.set({.commit = CommitCut::before_client_hears});
    EXPECT_THROW(tx.commit(), CommitInDoubt);
  }
  EXPECT_EQ(count(), "1");
  connection.reconnect();
  EXPECT_EQ(ReadTx(connection).exec({"count", "select count(*) from t"}).one().get<int>(0), 1);
}

TEST_F(LostConnection, ABlackHoleInCommitIsInDoubt) {
  Connection connection(options());
  WriteTx tx(connection);
  tx.exec(k_insert, Params().add(1));
  m_proxy.set({.black_hole = true});
  EXPECT_THROW(tx.commit(), CommitInDoubt);
}

TEST_F(LostConnection, LostBeforeCommitIsNotInDoubt) {
  Connection connection(options());
  WriteTx tx(connection);
  m_proxy.set({.cut_after_messages = 1});
  error_of([&] { tx.exec(k_insert, Params().add(1)); });
  auto const error = error_of([&] { tx.commit(); });
  EXPECT_EQ(error.kind(), Kind::unavailable);
  EXPECT_NE(error.message().find("nothing was stored"), std::string::npos) << error.what();
}

TEST_F(LostConnection, ACopyCutMidwayStoresNothing) {
  Connection connection(options());
  WriteTx tx(connection);
  CopyWriter copy(tx, "t", {"id"});
  m_proxy.set({.cut_after_client_bytes = 100'000});
  auto const error = error_of([&] {
    for (std::int32_t i = 0; i < 5'000'000; ++i)
      copy.row().add(i);
    copy.finish();
  });
  EXPECT_EQ(error.kind(), Kind::unavailable) << error.what();
  EXPECT_EQ(count(), "0");
}

TEST_F(LostConnection, ACutReadNeverLooksComplete) {
  Connection connection(options());
  ReadTx tx(connection);
  m_proxy.set({.cut_after_server_bytes = 100'000});
  int rows = 0;
  auto const error = error_of([&] {
    CopyReader reader(tx, {"many", "select i from generate_series(1, 1000000) i"});
    while (reader.next() != nullptr)
      ++rows;
  });
  EXPECT_EQ(error.kind(), Kind::unavailable) << error.what();
  EXPECT_GT(rows, 1000);
  EXPECT_LT(rows, 1000000);
}

TEST_F(LostConnection, AnInterruptEndsAWaitingStatementAtOnce) {
  auto with = options();
  with.statement_timeout = 30s;
  Connection connection(with);
  ReadTx tx(connection);
  std::thread other([&] {
    std::this_thread::sleep_for(100ms);
    connection.interrupt();
  });
  auto const began = SteadyClock::now();
  auto const error = error_of([&] { tx.exec({"sleep", "select pg_sleep(10)"}); });
  other.join();
  EXPECT_EQ(error.kind(), Kind::stopped) << error.what();
  EXPECT_LT(SteadyClock::now() - began, 5s);
  EXPECT_EQ(error_of([&] { tx.exec(k_one); }).kind(), Kind::stopped);
}

TEST_F(LostConnection, DistanceCostsOneDelayPerRoundTrip) {
  m_proxy.set({.delay = 10ms});
  auto with = options();
  with.statement_timeout = 5s;
  Connection connection(with);
  auto const before = connection.round_trips();
  auto const began = SteadyClock::now();
  {
    WriteTx tx(connection);
    tx.exec(k_insert, Params().add(1));
    tx.commit();
  }
  auto const waited = SteadyClock::now() - began;
  EXPECT_EQ(connection.round_trips() - before, 3);
  EXPECT_GE(waited, 60ms);
  EXPECT_LT(waited, 500ms);
}

}  // namespace
}  // namespace jvmm::db
