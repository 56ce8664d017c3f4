#include "json/parse.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "support/expect_error.hpp"
#include "support/temp_dir.hpp"

namespace jvmm::json {
namespace {

using jvmm::testing::expect_error;

TEST(JsonParse, KeepsOrderAndTypes) {
  auto const value = parse(R"({"z": [1, -2, 1.5, 1e2, true, null], "a": {"é": "\u00e9\n"}})");
  EXPECT_EQ(value, Value(Object{{"z", Array{1, -2, 1.5, 100.0, true, nullptr}}, {"a", Object{{"é", "é\n"}}}}));
}

TEST(JsonParse, KeepsIntegersExact) {
  EXPECT_EQ(parse("9223372036854775807"), Value(std::numeric_limits<std::int64_t>::max()));
  EXPECT_EQ(parse("-9223372036854775808"), Value(std::numeric_limits<std::int64_t>::min()));
  EXPECT_EQ(parse("18446744073709551615"), Value(std::numeric_limits<std::uint64_t>::max()));
  EXPECT_EQ(parse("18446744073709551615").type(), Type::unsigned_integer);
}

TEST(JsonParse, TheLastOfEqualMembersCounts) {
  EXPECT_EQ(*parse(R"({"a": 1, "a": 2})").find("a"), Value(2));
}

TEST(JsonParse, SaysWhereAndWhat) {
  struct Case {
    std::string text, message;
  };
  for (auto const& [text, message] : std::vector<Case>{
           {"", "f.json: empty"},
           {"  \n", "f.json: empty"},
           {"{\n  \"a\": 1,\n}", "f.json: line 3, column 1: expected a member name in quotes"},
           {"[1 2]", "line 1, column 4: expected ',' or ']'"},
           {"[1,", "line 1, column 4: the text ends too early"},
           {"{\"a\" 1}", "line 1, column 6: expected ':'"},
           {"[tru]", "line 1, column 2: unknown word"},
           {"[01]", "a number must not begin with 0"},
           {"[1.]", "malformed number"},
           {"[1] x", "line 1, column 5: unexpected text after the value"},
           {"[\"abc]", "a string is not closed"},
           {"[\"a\nb\"]", "line 1, column 4: control character in a string"},
           {"[\"\xff\"]", "line 1, column 3: not UTF-8"},
           {R"(["\ud800"])", "line 1, column 3: lone surrogate"},
           {R"(["\x"])", "unknown escape"},
           {"1e999", "f.json: "},
           {"'a'", "line 1, column 1: expected a value"},
       })
    expect_error(Kind::bad_input, message, [&] { (void)parse(text, "f.json"); });
}

TEST(JsonParse, LimitsDepthAndSize) {
  std::string const deep = std::string(300, '[') + std::string(300, ']');
  expect_error(Kind::bad_input, "nested too deeply", [&] { (void)parse(deep); });
  EXPECT_EQ(parse(std::string(200, '[') + std::string(200, ']')).type(), Type::array);
  ParseLimits limits;
  limits.max_bytes = 10;
  expect_error(Kind::bad_input, "11 bytes, at most 10 are read", [&] { (void)parse("[1,2,3,4,5]", "x", limits); });
  EXPECT_EQ(parse("[1]", "x", limits).type(), Type::array);
}

TEST(JsonParse, NamesAFileThatIsNotThere) {
  expect_error(Kind::missing_input, "/nowhere/x.json: no such file", [] { (void)parse_file("/nowhere/x.json"); });
  jvmm::testing::TempDir dir;
  auto const path = dir.write("a.json", "[nul]");
  expect_error(Kind::bad_input, path.string() + ": line 1", [&] { (void)parse_file(path); });
  expect_error(Kind::local_io, "cannot be read", [&] { (void)parse_file(dir.path()); });
  expect_error(Kind::bad_input, "empty", [&] { (void)parse_file(dir.write("b.json", "")); });
}

}  // namespace
}  // namespace jvmm::json
