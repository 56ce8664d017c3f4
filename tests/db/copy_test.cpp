#include "db/copy.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

#include "db/errors.hpp"
#include "support/temp_db.hpp"

namespace jvmm::db {
namespace {

using test::CustomerSchema;
using test::TempDb;

struct Sample {
  ProfileId id;
  std::optional<std::int16_t> i2;
  std::optional<std::int32_t> i4;
  std::optional<std::int64_t> i8;
  std::optional<float> f4;
  std::optional<double> f8;
  std::optional<bool> flag;
  std::optional<std::string> text;
  std::optional<SystemTime> time;
  std::vector<std::optional<std::string>> texts;
  std::optional<std::vector<float>> vector;
};

class Generator {
 public:
  explicit Generator(std::uint32_t seed) : m_random(seed) {}

  Sample sample() {
    Sample s;
    ProfileId::Bytes bytes{};
    for (auto& byte : bytes)
      byte = static_cast<std::uint8_t>(bits());
    s.id = ProfileId(bytes);
    if (some()) s.i2 = static_cast<std::int16_t>(bits());
    if (some()) s.i4 = static_cast<std::int32_t>(bits());
    if (some()) s.i8 = static_cast<std::int64_t>(bits());
    if (some()) s.f4 = std::bit_cast<float>(static_cast<std::uint32_t>(bits()));
    if (some()) s.f8 = std::bit_cast<double>(bits());
    if (some()) s.flag = some();
    if (some()) s.text = text();
    if (some()) s.time = SystemTime(std::chrono::microseconds(static_cast<std::int64_t>(bits() >> 14)));
    for (auto n = bits() % 4; n > 0; --n)
      s.texts.push_back(some() ? std::optional(text()) : std::nullopt);
    if (some()) s.vector = vector();
    return s;
  }

 private:
  std::uint64_t bits() { return m_random(); }
  bool some() { return bits() % 4 != 0; }

  std::string text() {
    static constexpr std::string_view k_parts[] = {"a", "'", "\"", "\\", "\n",  "\t",   "\r",   "{", "}",
                                                   ",", "é", "漢", "😀", "\\N", "NULL", "\x01", " "};
    std::string out;
    for (auto n = bits() % 20; n > 0; --n)
      out += k_parts[bits() % std::size(k_parts)];
    return out;
  }

  std::vector<float> vector() {
    std::vector<float> out(3);
    for (auto& value : out)
      value = static_cast<float>(static_cast<double>(bits()) / 1e19 - 0.9);
    return out;
  }

  std::mt19937_64 m_random;
};

// NaNs are equal here, -0 and 0 are not.
template <class Bits, class T>
bool same_bits(std::optional<T> const& a, std::optional<T> const& b) {
  if (!a || !b) return !a && !b;
  return (std::isnan(*a) && std::isnan(*b)) || std::bit_cast<Bits>(*a) == std::bit_cast<Bits>(*b);
}

class CopyTest : public ::testing::Test {
 protected:
  CopyTest() {
    m_db.sql(
        "create table s (n bigint, id uuid, i2 int2, i4 int4, i8 int8, f4 float4, f8 float8, flag bool, t text, "
        "at timestamptz, ts text[], v vector(3), j jsonb)");
  }

  void write(std::vector<Sample> const& samples) {
    WriteTx tx(m_connection);
    CopyWriter copy(tx, "s", {"n", "id", "i2", "i4", "i8", "f4", "f8", "flag", "t", "at", "ts", "v", "j"});
    std::int64_t n = 0;
    for (auto const& s : samples) {
      copy.row().add(n++).add(s.id).add(s.i2).add(s.i4).add(s.i8).add(s.f4).add(s.f8).add(s.flag).add(s.text);
      copy.add(s.time).add_texts(s.texts);
      s.vector ? copy.add_vector(*s.vector) : copy.add_null();
      copy.add_jsonb(R"({"a": "\"\\"})");
    }
    EXPECT_EQ(copy.finish(), static_cast<std::int64_t>(samples.size()));
    tx.commit();
  }

  static void compare(Sample const& s, CopyRow const& row) {
    EXPECT_EQ(row.get<ProfileId>(1), s.id);
    EXPECT_EQ(row.optional<std::int16_t>(2), s.i2);
    EXPECT_EQ(row.optional<std::int32_t>(3), s.i4);
    EXPECT_EQ(row.optional<std::int64_t>(4), s.i8);
    EXPECT_TRUE(same_bits<std::uint32_t>(row.optional<float>(5), s.f4));
    EXPECT_TRUE(same_bits<std::uint64_t>(row.optional<double>(6), s.f8));
    EXPECT_EQ(row.optional<bool>(7), s.flag);
    EXPECT_EQ(row.is_null(8) ? std::nullopt : std::optional(std::string(row.text(8))), s.text);
    EXPECT_EQ(row.optional<SystemTime>(9), s.time);
    std::vector<std::optional<std::string>> const texts = [&] {
      std::vector<std::optional<std::string>> out;
      for (auto const& text : row.texts(10))
        out.push_back(text ? std::optional(std::string(*text)) : std::nullopt);
      return out;
    }();
    EXPECT_EQ(texts, s.texts);
    std::vector<float> vector;
    EXPECT_EQ(row.vector(11, vector), s.vector.has_value());
    EXPECT_EQ(vector, s.vector.value_or(std::vector<float>{}));
    EXPECT_EQ(row.jsonb(12), R"({"a": "\"\\"})");
  }

  TempDb m_db{{.schema = CustomerSchema::none}};
  Connection m_connection = m_db.connect();
};

Statement const k_all{"all", "select * from s order by n"};

TEST_F(CopyTest, RandomRowsComeBackAsTheyWent) {
  constexpr std::uint32_t k_seed = 20261101;
  Generator generator(k_seed);
  std::vector<Sample> samples;
  for (int i = 0; i < 2'000; ++i)
    samples.push_back(generator.sample());
  write(samples);
  ReadTx tx(m_connection);
  CopyReader reader(tx, k_all);
  std::size_t n = 0;
  while (auto const* row = reader.next()) {
    ASSERT_LT(n, samples.size());
    compare(samples[n++], *row);
    if (HasFailure()) FAIL() << "row " << n - 1;
  }
  EXPECT_EQ(n, samples.size());
}

TEST_F(CopyTest, SpecialNumbersAndAMegabyteOfTextSurvive) {
  Sample s;
  s.f4 = std::numeric_limits<float>::infinity();
  s.f8 = std::numeric_limits<double>::quiet_NaN();
  s.text = std::string(1 << 20, '"');
  write({s});
  EXPECT_EQ(m_db.sql("select f4::text || ' ' || f8::text || ' ' || length(t) from s"), "Infinity NaN 1048576");
}

TEST_F(CopyTest, AnEmptyResultAndAnEmptyCopyAreNoRows) {
  write({});
  ReadTx tx(m_connection);
  CopyReader reader(tx, k_all);
  EXPECT_EQ(reader.next(), nullptr);
  EXPECT_EQ(reader.next(), nullptr);
  EXPECT_EQ(tx.exec({"one", "select 1"}).one().get<int>(0), 1);
}

TEST_F(CopyTest, VectorsThatAreNotFiniteAreRefusedAndNothingIsStored) {
  Sample good;
  Sample bad;
  bad.vector = {1.0F, std::numeric_limits<float>::infinity(), 0.0F};
  try {
    write({good, bad});
    FAIL();
  } catch (SqlError const& error) {
    EXPECT_EQ(error.kind(), Kind::bad_input) << error.what();
    EXPECT_NE(std::string(error.what()).find("in statement copy into s"), std::string::npos) << error.what();
  }
  EXPECT_EQ(m_db.sql("select count(*) from s"), "0");
  write({good});
  EXPECT_EQ(m_db.sql("select count(*) from s"), "1");
}

TEST_F(CopyTest, AnUnfinishedCopyStoresNothing) {
  {
    WriteTx tx(m_connection);
    {
      CopyWriter copy(tx, "s", {"n", "t"});
      copy.row().add(std::int64_t{1}).add("x");
      EXPECT_THROW(tx.exec({"meanwhile", "select 1"}), Error);
    }
    EXPECT_THROW(tx.commit(), Error);
  }
  EXPECT_EQ(m_db.sql("select count(*) from s"), "0");
}

TEST_F(CopyTest, RowsOfTheWrongShapeAreOurBug) {
  WriteTx tx(m_connection);
  CopyWriter copy(tx, "s", {"n", "t"});
  EXPECT_THROW(copy.add("before row()"), Error);
  copy.row().add(std::int64_t{1});
  EXPECT_THROW(copy.row(), Error);
  EXPECT_THROW(copy.finish(), Error);
}

TEST_F(CopyTest, AMissingTableOrColumnIsConfiguration) {
  WriteTx tx(m_connection);
  try {
    CopyWriter copy(tx, "nosuch", {"n"});
    FAIL();
  } catch (SqlError const& error) {
    EXPECT_EQ(error.kind(), Kind::configuration);
    EXPECT_EQ(error.sqlstate(), "42P01");
  }
}

TEST_F(CopyTest, AnErrorMidwayIsThrownAndTheConnectionGoesOn) {
  {
    ReadTx tx(m_connection);
    CopyReader reader(tx, {"fails", "select 1 / (50000 - i) from generate_series(1, 60000) i"});
    EXPECT_THROW(
        {
          while (reader.next() != nullptr) {
          }
        },
        SqlError);
  }
  EXPECT_EQ(ReadTx(m_connection).exec({"one", "select 1"}).one().get<int>(0), 1);
}

TEST_F(CopyTest, AReaderLeftEarlyEndsItsConnection) {
  {
    ReadTx tx(m_connection);
    CopyReader reader(tx, {"many", "select i from generate_series(1, 1000000) i"});
    EXPECT_EQ(reader.next()->get<std::int32_t>(0), 1);
  }
  EXPECT_FALSE(m_connection.is_open());
  m_connection.reconnect();
  EXPECT_EQ(ReadTx(m_connection).exec({"one", "select 1"}).one().get<int>(0), 1);
}

TEST_F(CopyTest, ParametersArePutInAsQuotedLiterals) {
  auto const id = *ProfileId::parse("5379688a-4a43-4b84-8302-a6df78f11010");
  ReadTx tx(m_connection);
  CopyReader reader(tx, {"with_parameters", "select $1::uuid, $2::text, $3::bigint, '$1', /* $9 */ $4::text -- $8"},
                    Params().add(id).add("it's \\ $1").add(-5).add_null());
  auto const* row = reader.next();
  ASSERT_NE(row, nullptr);
  EXPECT_EQ(row->get<ProfileId>(0), id);
  EXPECT_EQ(row->text(1), "it's \\ $1");
  EXPECT_EQ(row->get<std::int64_t>(2), -5);
  EXPECT_EQ(row->text(3), "$1");
  EXPECT_TRUE(row->is_null(4));
  EXPECT_EQ(reader.next(), nullptr);
}

}  // namespace
}  // namespace jvmm::db
