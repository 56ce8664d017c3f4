#include "db/binary_codec.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "base/error.hpp"

namespace jvmm::db::binary {
namespace {

template <class T>
T round_trip(T const& value) {
  std::string bytes;
  encode(bytes, value);
  T back{};
  decode(bytes, back);
  return back;
}

TEST(BinaryCodec, NumbersComeBackBitForBit) {
  for (std::int64_t value : {std::int64_t{0}, std::int64_t{-1}, std::numeric_limits<std::int64_t>::min(),
                             std::numeric_limits<std::int64_t>::max()}) {
    EXPECT_EQ(round_trip(value), value);
    EXPECT_EQ(round_trip(static_cast<std::int32_t>(value)), static_cast<std::int32_t>(value));
    EXPECT_EQ(round_trip(static_cast<std::int16_t>(value)), static_cast<std::int16_t>(value));
  }
  for (double value : {0.0, -0.0, 1e-308, std::numeric_limits<double>::infinity(), 5e-324}) {
    EXPECT_EQ(std::bit_cast<std::uint64_t>(round_trip(value)), std::bit_cast<std::uint64_t>(value));
    EXPECT_EQ(round_trip(static_cast<float>(value)), static_cast<float>(value));
  }
  EXPECT_TRUE(std::isnan(round_trip(std::nan(""))));
  EXPECT_TRUE(round_trip(true));
  EXPECT_FALSE(round_trip(false));
}

TEST(BinaryCodec, IsBigEndian) {
  std::string bytes;
  encode(bytes, std::int32_t{0x01020304});
  EXPECT_EQ(bytes, std::string("\1\2\3\4"));
}

TEST(BinaryCodec, TimesBeforeAndAfterTheEpochKeepMicroseconds) {
  for (std::int64_t micros :
       {std::int64_t{0}, std::int64_t{1793491200123456}, std::int64_t{-1}, std::int64_t{946684800000000}}) {
    auto const time = SystemTime(std::chrono::microseconds(micros));
    EXPECT_EQ(round_trip(time), time);
  }
}

TEST(BinaryCodec, VectorsComeBackBitForBit) {
  std::vector<float> const vector{0.0F, -0.0F, 1.5F, 3.4e38F, 1e-45F};
  std::string bytes;
  encode_vector(bytes, vector);
  EXPECT_EQ(bytes.size(), 4 + vector.size() * 4);
  std::vector<float> back;
  decode_vector(bytes, back);
  EXPECT_EQ(back, vector);
  EXPECT_TRUE(std::signbit(back[1]));
}

TEST(BinaryCodec, ArraysKeepNullsAndEmptyElements) {
  std::string bytes;
  encode_array_header(bytes, Oid::text, 3, true);
  with_length(bytes, [](std::string& out) { encode(out, std::string_view("a\"\\,{}")); });
  encode_null(bytes);
  with_length(bytes, [](std::string&) {});
  auto const elements = decode_array(bytes, Oid::text);
  ASSERT_EQ(elements.size(), 3u);
  EXPECT_EQ(elements[0], "a\"\\,{}");
  EXPECT_FALSE(elements[1]);
  EXPECT_EQ(elements[2], "");
}

TEST(BinaryCodec, RefusesANulByteBeforeTheServerDoes) {
  std::string bytes;
  try {
    encode(bytes, std::string_view("a\0b", 3));
    FAIL();
  } catch (Error const& error) {
    EXPECT_EQ(error.kind(), Kind::bad_input);
    EXPECT_NE(error.message().find("NUL byte at 1"), std::string::npos);
  }
}

TEST(BinaryCodec, RefusesBytesOfAnotherType) {
  std::int64_t number = 0;
  std::vector<float> vector;
  EXPECT_THROW(decode("1234567", number), Error);
  EXPECT_THROW(decode_vector(std::string_view("\0\2\0\0\0\0\0\0", 8), vector), Error);
  EXPECT_THROW(decode_jsonb("{}"), Error);
  std::string uuids;
  encode_array_header(uuids, Oid::uuid, 0, false);
  EXPECT_THROW(decode_array(uuids, Oid::text), Error);
  EXPECT_TRUE(decode_array(uuids, Oid::uuid).empty());
}

}  // namespace
}  // namespace jvmm::db::binary
