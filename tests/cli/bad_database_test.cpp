// A database that is not as it should be: each time the exit code of docs/exit_codes.md, a message with the next step,
// and nothing written.

#include <fmt/format.h>

#include "cli/cli_db.hpp"

namespace jvmm::test {
namespace {

CliResult with_url(Arguments const& arguments, std::string const& url) {
  return run_cli(arguments,
                 {.env = {{"DATABASE_URL", url}, {"JVMM_MODEL", "hashing:384"}, {"JVMM_CONNECT_TIMEOUT", "3"}}});
}

struct BadUrl {
  char const* name;
  char const* url;
  int code;
  char const* words;
};

class BadUrlTest : public ::testing::TestWithParam<BadUrl> {};

TEST_P(BadUrlTest, IsNamedWithTheNextStepByEveryCommand) {
  auto const& given = GetParam();
  for (Arguments const& arguments : {Arguments{"backfill-embeddings"},
                                     {"migrate"},
                                     {"status"},
                                     {"runs"},
                                     {"retry"},
                                     {"undo", "1"},
                                     {"similar", "--text", "x"}}) {
    SCOPED_TRACE(arguments.front());
    auto const result = with_url(arguments, given.url);
    expect_failure(result, given.code, {given.words});
    EXPECT_EQ(result.err.find("topsecret"), std::string::npos) << result;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Database, BadUrlTest,
    ::testing::Values(
        BadUrl{"None", "", 78, "DATABASE_URL"},
        BadUrl{"Malformed", "postgresql://u:topsecret@host:port/db", 78, "expected postgresql://"},
        BadUrl{"NoUrlAtAll", "my database", 78, "expected postgresql://"},
        BadUrl{"BarePasswordCharacters", "postgresql://u:top@secret:topsecret/x@host/db", 78, "percent-encoded"},
        BadUrl{"NothingListens", "postgresql://u:topsecret@127.0.0.1:1/db", 69, "127.0.0.1:1"},
        BadUrl{"NoSuchHost", "postgresql://u:topsecret@no-such-host.invalid/db", 69, "no-such-host.invalid"},
        BadUrl{"NoSuchSocket", "postgresql://u:topsecret@/db?host=/no/such/folder", 69, "/no/such/folder"}),
    [](auto const& given) { return std::string(given.param.name); });

TEST(Database, WithoutSuchADatabaseOrRole) {
  CliDb const db(CustomerSchema::none);
  auto const url = db.db().url().reveal();
  expect_failure(with_url({"status"}, url + " dbname=no_such_database"), 78,
                 {"no_such_database", "check the database's name"});
  auto const role = with_url({"status"}, url + " user=no_such_role password=topsecret");
  expect_failure(role, 77, {"no_such_role", "check user and password"});
  EXPECT_EQ(role.err.find("topsecret"), std::string::npos);
}

TEST(Database, NotMigrated) {
  CliDb const db(CustomerSchema::plain);
  for (Arguments const& arguments : {Arguments{"backfill-embeddings"},
                                     {"backfill-embeddings", "--dry-run"},
                                     {"status"},
                                     {"runs"},
                                     {"retry"},
                                     {"undo", "1"},
                                     {"similar", "--text", "x"}}) {
    SCOPED_TRACE(arguments.front());
    expect_failure(db.run(arguments), 78, {"lacks migration 0001", "run 'jvmm migrate'"});
  }
}

TEST(Database, WithoutPgvector) {
  CliDb const db(CustomerSchema::plain);
  db.sql("drop extension vector cascade");
  expect_failure(db.run({"migrate"}), 78, {"no pgvector", "CREATE EXTENSION vector"});
  EXPECT_EQ(db.sql("select to_regnamespace('jvmm') is null"), "t") << "nothing half-done";
  expect_failure(db.run({"migrate", "--dry-run"}), 78, {"CREATE EXTENSION vector"});
}

TEST(Database, WithoutTheCustomersTables) {
  CliDb const db(CustomerSchema::none);
  expect_failure(db.run({"migrate"}), 78, {"profiles"});
  EXPECT_EQ(db.sql("select to_regclass('jvmm.ledger') is null or to_regclass('jvmm.run') is not null"), "t");
}

TEST(Database, WithAMissingTextColumn) {
  CliDb const db(Rows::provenance);
  db.sql("alter table profiles drop column offering");
  auto const profiles = db.trace("profiles");
  expect_failure(db.run({"backfill-embeddings"}), 78, {"offering"});
  EXPECT_EQ(db.trace("profiles"), profiles);
  EXPECT_EQ(db.sql("select count(*) from jvmm.ledger"), "0");
}

TEST(Database, WithAMissingVectorColumn) {
  CliDb const db(Rows::provenance);
  db.sql("alter table profiles drop column embedding_offering");
  auto const before = db.trace_all();
  expect_failure(db.run({"backfill-embeddings"}), 78, {"profiles.embedding_offering does not exist"});
  EXPECT_EQ(db.trace_all(), before);
}

TEST(Database, WithARetypedVectorColumn) {
  CliDb const db(CustomerSchema::plain);
  db.sql(insert_sql(data_lines("provenance.jsonl")));
  db.sql("alter table profiles add column embedding_seeking text");
  auto const migrated = db.run({"migrate"});
  EXPECT_EQ(migrated.exit_code, 0) << migrated;
  EXPECT_THAT(migrated.err, ::testing::HasSubstr("profiles.embedding_seeking is text"));
  auto const before = db.trace_all();
  expect_failure(db.run({"backfill-embeddings"}), 76,
                 {"profiles.embedding_seeking is text", "hashing:384 gives 384", "never retypes"});
  EXPECT_EQ(db.trace_all(), before);
}

TEST(Database, WithARetypedTextColumn) {
  CliDb const db(Rows::provenance);
  db.sql("alter table profiles alter column seeking type bytea using seeking::bytea");
  expect_failure(db.run({"backfill-embeddings"}), 76, {"profiles.seeking is bytea, expected text"});
  EXPECT_EQ(db.sql("select count(*) from jvmm.ledger"), "0");
}

TEST(Database, OfTheNewestSchemaTakesAModelOfItsWidthOnly) {
  CliDb const db(CustomerSchema::head);
  db.add_profile(1, "seeking = 'partners'");
  auto const migrated = db.run({"migrate"});
  EXPECT_EQ(migrated.exit_code, 0) << migrated;
  EXPECT_THAT(migrated.err, ::testing::HasSubstr("vector(1024)"));
  auto const before = db.trace_all();
  expect_failure(db.run({"backfill-embeddings"}), 76,
                 {"profiles.embedding_seeking is vector(1024)", "hashing:384 gives 384", "--model"});
  expect_failure(db.run({"similar", "--text", "x"}), 76, {"vector(1024)"});
  EXPECT_EQ(db.trace_all(), before);
  auto const wide = db.run({"backfill-embeddings", "--model", "hashing:1024"});
  EXPECT_EQ(wide.exit_code, 0) << wide;
  EXPECT_EQ(db.sql("select vector_dims(embedding_seeking) from profiles"), "1024");
  EXPECT_EQ(db.run({"similar", profile_id(1), "--field", "seeking"}).exit_code, 0);
}

class Encoding : public ::testing::TestWithParam<char const*> {};

TEST_P(Encoding, OtherThanUtf8IsRefused) {
  CliDb const home(CustomerSchema::none);
  auto const name = home.db().name() + "_encoding";
  home.sql(
      fmt::format("create database {} template template0 encoding '{}' lc_collate 'C' lc_ctype 'C'", name, GetParam()));
  auto const result = with_url({"migrate"}, home.db().url().reveal() + " dbname=" + name);
  home.sql(fmt::format("drop database {} with (force)", name));
  expect_failure(result, 78, {GetParam(), "UTF8"});
}

INSTANTIATE_TEST_SUITE_P(Database, Encoding, ::testing::Values("SQL_ASCII", "LATIN1"));

TEST(Database, HeldBackByALock) {
  CliDb const db(Rows::provenance);
  auto other = db.db().connect("other");
  db::WriteTx lock(other);
  lock.exec({"lock", "lock table profiles in access exclusive mode"});
  auto const result = db.run({"status"}, {.env = {{"JVMM_STATEMENT_TIMEOUT", "1"}}});
  expect_failure(result, 69, {"statement timeout", "raise the statement timeout"});
}

/// A role of the test's own that may log in, dropped with its rights at the end.
class Role {
 public:
  Role(CliDb const& db, std::string const& rights) : m_db(db), m_name(db.db().name() + "_role") {
    m_db.sql(fmt::format("create role {} login", m_name));
    m_db.sql(fmt::format(fmt::runtime(rights), fmt::arg("role", m_name)));
  }
  ~Role() { m_db.sql(fmt::format("drop owned by {0}; drop role {0}", m_name)); }
  Role(Role const&) = delete;
  Role& operator=(Role const&) = delete;

  CliResult run(Arguments const& arguments) const {
    return with_url(arguments, m_db.db().url().reveal() + " user=" + m_name);
  }

 private:
  CliDb const& m_db;
  std::string m_name;
};

constexpr char const* k_may_read =
    "grant select on all tables in schema public to {role}; grant usage on schema jvmm to {role}; "
    "grant select on all tables in schema jvmm to {role};";

TEST(Role, ThatMayOnlyReadCanLookButNotWrite) {
  CliDb const db(Rows::provenance);
  db.run_json({"backfill-embeddings", "--limit", "5"}, 75);
  Role const role(db, k_may_read);
  auto const before = db.trace_all();
  EXPECT_EQ(role.run({"status"}).exit_code, 0);
  EXPECT_EQ(role.run({"similar", "--text", "coach"}).exit_code, 0);
  EXPECT_EQ(role.run({"backfill-embeddings", "--dry-run"}).exit_code, 0);
  EXPECT_EQ(role.run({"backfill-embeddings", "--preview", "1"}).exit_code, 0);
  expect_failure(role.run({"backfill-embeddings"}), 77,
                 {"may not update profiles.embedding_seeking", "GRANT SELECT, UPDATE"});
  expect_failure(role.run({"undo", "1"}), 77, {"permission denied"});
  EXPECT_EQ(db.trace_all(), before);
}

TEST(Role, ThatMayWriteOurSchemaButNotProfilesIsRefusedBeforeItBegins) {
  CliDb const db(Rows::provenance);
  Role const role(db, std::string(k_may_read) + "grant insert, update on all tables in schema jvmm to {role}");
  auto const before = db.trace_all();
  expect_failure(role.run({"backfill-embeddings"}), 77, {"may not update profiles", "GRANT SELECT, UPDATE"});
  EXPECT_EQ(db.trace_all(), before);
}

TEST(Role, WithoutRightsOnOurSchemaIsRefused) {
  CliDb const db(Rows::provenance);
  Role const role(db, "grant select, update on all tables in schema public to {role}");
  for (Arguments const& arguments :
       {Arguments{"backfill-embeddings"}, {"status"}, {"runs"}, {"similar", "--text", "x"}}) {
    SCOPED_TRACE(arguments.front());
    expect_failure(role.run(arguments), 77, {"permission denied for schema jvmm", "grant the role what it needs"});
  }
}

TEST(Role, ThatMayNotCreateCannotMigrate) {
  CliDb const db(CustomerSchema::plain);
  Role const role(db, "grant select on all tables in schema public to {role}");
  expect_failure(role.run({"migrate"}), 77, {"permission denied", "nothing of it was applied"});
  EXPECT_EQ(db.sql("select to_regnamespace('jvmm') is null"), "t");
}

TEST(Role, WhoseTransactionsAreReadOnlyIsTakenAtItsWord) {
  CliDb const db(Rows::provenance);
  Role const role(
      db,
      "grant all on all tables in schema public to {role}; grant all on schema jvmm to {role};"
      "grant all on all tables in schema jvmm to {role}; alter role {role} set default_transaction_read_only = on");
  auto const before = db.trace_all();
  EXPECT_EQ(role.run({"status"}).exit_code, 0);
  expect_failure(role.run({"backfill-embeddings"}), 77, {"may only read", "use the URL of the primary"});
  EXPECT_EQ(db.trace_all(), before);
}

}  // namespace
}  // namespace jvmm::test
