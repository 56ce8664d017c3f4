#include "json/writer.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <random>

#include "json/parse.hpp"

namespace jvmm::json {
namespace {

TEST(JsonWriter, WritesFromFrontToBack) {
  Writer out;
  out.begin_object().member("a", 1).key("b").begin_array().value("x").null().value(true).end_array();
  out.key("c").begin_object().end_object().key("d").raw("[1]").end_object();
  EXPECT_EQ(std::move(out).take(), R"({"a":1,"b":["x",null,true],"c":{},"d":[1]})");
}

TEST(JsonWriter, IndentsOnRequest) {
  EXPECT_EQ(to_text(Object{{"a", Array{1, 2}}, {"b", Object{}}}, Layout::indented),
            "{\n  \"a\": [\n    1,\n    2\n  ],\n  \"b\": {}\n}");
}

TEST(JsonWriter, EscapesAndRepairs) {
  EXPECT_EQ(to_text(std::string("\"\\\n\t\r\x01\0é\xff", 10)), "\"\\\"\\\\\\n\\t\\r\\u0001\\u0000é\ufffd\"");
}

TEST(JsonWriter, DoublesStayDoubles) {
  EXPECT_EQ(to_text(1.0), "1.0");
  EXPECT_EQ(to_text(-0.0), "-0.0");
  EXPECT_EQ(to_text(0.1), "0.1");
  EXPECT_EQ(to_text(1e300), "1e+300");
  EXPECT_EQ(to_text(std::nan("")), "null");
  EXPECT_EQ(to_text(std::numeric_limits<double>::infinity()), "null");
  Writer out;
  out.value(0.1F);
  EXPECT_EQ(out.text(), "0.1");
}

Value random_value(std::mt19937_64& random, int depth) {
  switch (random() % (depth > 4 ? 6 : 8)) {
    case 0:
      return nullptr;
    case 1:
      return random() % 2 == 0;
    case 2:
      return static_cast<std::int64_t>(random());
    case 3:
      return std::uint64_t{random()};
    case 4: {
      auto const number = std::bit_cast<double>(random());
      return std::isfinite(number) ? Value(number) : Value(0.5);
    }
    case 5: {
      std::string text;
      for (auto n = random() % 12; n > 0; --n)
        text += static_cast<char>(random() % 128);
      return text;
    }
    case 6: {
      Array out;
      for (auto n = random() % 5; n > 0; --n)
        out.push_back(random_value(random, depth + 1));
      return out;
    }
    default: {
      Object out;
      for (auto n = random() % 5; n > 0; --n)
        out.push_back({"k" + std::to_string(random() % 100), random_value(random, depth + 1)});
      return out;
    }
  }
}

TEST(JsonWriter, ReadsBackToTheSameValue) {
  std::mt19937_64 random(7);
  for (int i = 0; i < 2000; ++i) {
    auto const value = random_value(random, 0);
    ASSERT_EQ(parse(to_text(value)), value) << to_text(value);
    ASSERT_EQ(parse(to_text(value, Layout::indented)), value);
  }
}

}  // namespace
}  // namespace jvmm::json
