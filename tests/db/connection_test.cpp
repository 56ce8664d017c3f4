#include "db/connection.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "db/errors.hpp"
#include "db/transaction.hpp"
#include "support/temp_db.hpp"

namespace jvmm::db {
namespace {

using test::CustomerSchema;
using test::TempDb;

TEST(Connection, ShowsItsPurposeInTheServer) {
  TempDb const db({.schema = CustomerSchema::none});
  auto connection = db.connect("embed/write");
  EXPECT_EQ(db.sql("select count(*) from pg_stat_activity where application_name = 'jvmm.embed/write' "
                   "and datname = current_database()"),
            "1");
}

TEST(Connection, LogsStatementsAndNoticesOnRequest) {
  TempDb const db({.schema = CustomerSchema::none});
  std::vector<std::string> statements;
  std::vector<std::string> notices;
  auto options = db.options();
  options.log_sql = [&](SqlEvent const& event) { statements.emplace_back(event.name); };
  options.log_notice = [&](std::string_view text) { notices.emplace_back(text); };
  Connection connection(options);
  {
    WriteTx tx(connection);
    tx.exec({"shout", "do $$ begin raise notice 'hello'; end $$"});
    tx.commit();
  }
  EXPECT_EQ(statements, (std::vector<std::string>{"begin", "shout", "commit"}));
  ASSERT_EQ(notices.size(), 1u);
  EXPECT_NE(notices[0].find("hello"), std::string::npos);
}

TEST(Connection, ReconnectsAfterTheServerEndedIt) {
  TempDb const db({.schema = CustomerSchema::none});
  auto connection = db.connect("victim");
  db.sql(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'jvmm.victim' "
      "and datname = current_database()");
  try {
    ReadTx tx(connection);
    FAIL();
  } catch (Error const& error) {
    EXPECT_EQ(error.kind(), Kind::unavailable) << error.what();
  }
  EXPECT_FALSE(connection.is_open());
  connection.reconnect();
  EXPECT_TRUE(connection.is_open());
  EXPECT_EQ(ReadTx(connection).exec({"one", "select 1"}).one().get<int>(0), 1);
}

struct BadUrl {
  char const* name;
  char const* url;
  Kind kind;
  char const* words;
};

class BadUrlTest : public ::testing::TestWithParam<BadUrl> {};

TEST_P(BadUrlTest, SaysWhatIsWrongAndTheNextStepWithoutThePassword) {
  ConnectionOptions options;
  options.url = Secret(GetParam().url);
  options.connect_timeout = std::chrono::seconds(3);
  try {
    Connection connection(options);
    FAIL();
  } catch (Error const& error) {
    std::string const what = error.what();
    EXPECT_EQ(error.kind(), GetParam().kind) << what;
    EXPECT_NE(what.find(GetParam().words), std::string::npos) << what;
    EXPECT_EQ(what.find("topsecret"), std::string::npos) << what;
    EXPECT_FALSE(error.hint().empty()) << what;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Connection, BadUrlTest,
    ::testing::Values(
        BadUrl{"Refused", "postgresql://u:topsecret@127.0.0.1:1/db", Kind::unavailable, "db on 127.0.0.1:1 as u"},
        BadUrl{"NoSuchHost", "postgresql://u:topsecret@no-such-host.invalid/db", Kind::unavailable,
               "no-such-host.invalid"},
        BadUrl{"NoSuchSocket", "host=/nonexistent user=u password=topsecret dbname=db", Kind::unavailable,
               "/nonexistent"},
        BadUrl{"Unreadable", "postgresql://u:topsecret@host:port-topsecret:x/db", Kind::configuration, ""},
        BadUrl{"BadPort", "postgresql://u:topsecret@127.0.0.1:99999/db", Kind::unavailable, "99999"}),
    [](auto const& given) { return std::string(given.param.name); });

TEST(Connection, MissingDatabaseAndRoleAreToldApart) {
  TempDb const db({.schema = CustomerSchema::none});
  auto options = db.options();
  options.url = Secret(options.url.reveal() + " dbname=no_such_database");
  auto const kind_of = [](ConnectionOptions const& with) {
    try {
      Connection connection(with);
    } catch (Error const& error) {
      return error.kind();
    }
    return Kind::usage;
  };
  EXPECT_EQ(kind_of(options), Kind::configuration);
  options.url = Secret(db.url().reveal() + " user=no_such_role");
  EXPECT_EQ(kind_of(options), Kind::refused);
}

}  // namespace
}  // namespace jvmm::db
