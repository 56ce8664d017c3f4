#include "db/params.hpp"

#include <gtest/gtest.h>

#include <array>
#include <limits>

#include "db/errors.hpp"
#include "db/transaction.hpp"
#include "support/temp_db.hpp"

namespace jvmm::db {
namespace {

using test::CustomerSchema;
using test::TempDb;

class ParamsTest : public ::testing::Test {
 protected:
  // The server's own text for `expression` over the parameters.
  std::string said(std::string_view expression, Params const& params) {
    ReadTx tx(m_connection);
    auto const text = "select (" + std::string(expression) + ")::text as said";
    return tx.exec({"said", text}, params).one().optional<std::string>("said").value_or("NULL");
  }

  TempDb m_db{{.schema = CustomerSchema::none}};
  Connection m_connection = m_db.connect();
};

ProfileId id_of(char const* text) {
  return *ProfileId::parse(text);
}

TEST_F(ParamsTest, ScalarsArriveAsTheStatementCastsThem) {
  EXPECT_EQ(said("$1::bigint", Params().add(std::numeric_limits<std::int64_t>::min())), "-9223372036854775808");
  EXPECT_EQ(said("$1::int", Params().add(-5)), "-5");
  EXPECT_EQ(said("$1::float8", Params().add(0.1)), "0.1");
  EXPECT_EQ(said("$1::float8", Params().add(-std::numeric_limits<double>::infinity())), "-Infinity");
  EXPECT_EQ(said("$1::boolean", Params().add(true)), "true");
  EXPECT_EQ(said("$1::text", Params().add("a'\\\"\t\né")), "a'\\\"\t\né");
  EXPECT_EQ(said("$1::text", Params().add(std::optional<std::string>())), "NULL");
  EXPECT_EQ(said("$1::text", Params().add("")), "");
  EXPECT_EQ(said("$1::jsonb ->> 'a'", Params().add("{\"a\": 1}")), "1");
  auto const id = id_of("5379688a-4a43-4b84-8302-a6df78f11010");
  EXPECT_EQ(said("$1::uuid", Params().add(id)), id.text());
}

TEST_F(ParamsTest, TimesKeepMicroseconds) {
  auto const time = SystemTime(std::chrono::microseconds(1793491200123456));
  EXPECT_EQ(said("$1::timestamptz at time zone 'UTC'", Params().add(time)), "2026-11-01 00:00:00.123456");
  EXPECT_EQ(said("$1::timestamptz at time zone 'UTC'", Params().add(SystemTime(std::chrono::microseconds(-1)))),
            "1969-12-31 23:59:59.999999");
  for (char const* zone : {"UTC", "Asia/Kolkata", "America/St_Johns"}) {
    m_db.sql("alter database " + m_db.name() + " set timezone = '" + zone + "'");
    auto connection = m_db.connect();
    ReadTx tx(connection);
    EXPECT_EQ(tx.exec({"t", "select $1::timestamptz as t"}, Params().add(time)).one().get<SystemTime>("t"), time)
        << zone;
  }
}

TEST_F(ParamsTest, ArraysArriveWholeWithNullsQuotesAndEmpties) {
  auto const a = id_of("5379688a-4a43-4b84-8302-a6df78f11010");
  std::array const ids{a, ProfileId{}};
  EXPECT_EQ(said("$1::uuid[]", Params().add_array(std::span<ProfileId const>(ids))),
            "{5379688a-4a43-4b84-8302-a6df78f11010,00000000-0000-0000-0000-000000000000}");
  std::vector<std::optional<std::string>> const texts{"a\"b", std::nullopt, "", "c\\,{}"};
  EXPECT_EQ(said("$1::text[]", Params().add_array(std::span(texts))), R"({"a\"b",NULL,"","c\\,{}"})");
  std::vector<std::int64_t> const none;
  EXPECT_EQ(said("$1::bigint[]", Params().add_array(std::span(none))), "{}");
  std::vector<std::optional<double>> const numbers{1.5, std::nullopt, std::numeric_limits<double>::quiet_NaN()};
  EXPECT_EQ(said("$1::float8[]", Params().add_array(std::span(numbers))), "{1.5,NULL,NaN}");
  EXPECT_EQ(said("$1::boolean[]", Params().add_bools({true, false})), "{t,f}");
  std::vector<std::string> const documents{"{\"a\": [1, \"x\"]}", "null"};
  EXPECT_EQ(said("($1::jsonb[])[1] -> 'a' ->> 1", Params().add_jsons(std::span(documents))), "x");
  std::vector<SystemTime> const times{SystemTime(std::chrono::microseconds(1793491200123456))};
  EXPECT_EQ(said("($1::timestamptz[])[1] at time zone 'UTC'", Params().add_array(std::span(times))),
            "2026-11-01 00:00:00.123456");
}

TEST_F(ParamsTest, VectorsArriveBitForBitWithNulls) {
  std::vector<float> const vector{1.0F, -0.1F, 1e-20F};
  std::vector<std::optional<std::span<float const>>> const vectors{std::span<float const>(vector), std::nullopt};
  EXPECT_EQ(said("($1::vector[])[1]", Params().add_vectors(vectors)), "[1,-0.1,1e-20]");
  EXPECT_EQ(said("($1::vector[])[2]", Params().add_vectors(vectors)), "NULL");
}

TEST_F(ParamsTest, VectorsAreFoundWhereverTheExtensionLives) {
  m_db.sql("drop extension vector; create schema extensions; create extension vector schema extensions");
  std::vector<float> const vector{1.0F, 2.0F};
  std::vector<std::optional<std::span<float const>>> const vectors{std::span<float const>(vector)};
  EXPECT_EQ(said("($1::extensions.vector[])[1]", Params().add_vectors(vectors)), "[1,2]");
}

TEST_F(ParamsTest, WithoutPgvectorTheErrorSaysSo) {
  m_db.sql("drop extension vector");
  std::vector<std::optional<std::span<float const>>> const vectors{std::nullopt};
  ReadTx tx(m_connection);
  try {
    tx.exec({"v", "select $1"}, Params().add_vectors(vectors));
    FAIL();
  } catch (Error const& error) {
    EXPECT_EQ(error.kind(), Kind::configuration);
    EXPECT_NE(error.hint().find("CREATE EXTENSION vector"), std::string::npos);
  }
}

TEST_F(ParamsTest, NonFiniteVectorsAreRefusedByTheServerAsBadInput) {
  std::vector<float> const vector{std::numeric_limits<float>::quiet_NaN()};
  std::vector<std::optional<std::span<float const>>> const vectors{std::span<float const>(vector)};
  ReadTx tx(m_connection);
  try {
    tx.exec({"v", "select $1::vector[]"}, Params().add_vectors(vectors));
    FAIL();
  } catch (Error const& error) {
    EXPECT_EQ(error.kind(), Kind::bad_input);
  }
}

TEST_F(ParamsTest, ANulByteIsBadInput) {
  EXPECT_THROW(Params().add(std::string_view("a\0b", 3)), Error);
  std::vector<std::string> const texts{std::string("\0", 1)};
  EXPECT_THROW(Params().add_array(std::span(texts)), Error);
}

TEST_F(ParamsTest, AMegabyteOfTextArrives) {
  std::string const text(1 << 20, 'x');
  EXPECT_EQ(said("length($1)", Params().add(text)), "1048576");
}

}  // namespace
}  // namespace jvmm::db
