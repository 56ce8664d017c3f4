#include "json/lazy.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <thread>

#include "json/parse.hpp"
#include "json/writer.hpp"
#include "support/expect_error.hpp"
#include "support/test_seed.hpp"

namespace jvmm::json {
namespace {

using jvmm::testing::expect_error;

Value tree_of(std::string_view text) {
  Value out;
  read_lazily(text, [&](LazyValue root) { out = root.tree(); });
  return out;
}

std::vector<float> numbers_of(std::string_view text) {
  std::vector<float> out;
  read_lazily(text, [&](LazyValue root) { root.append_numbers(out); });
  return out;
}

void ignore(LazyValue) {}

TEST(LazyJson, KeepsOrderAndTypes) {
  EXPECT_EQ(tree_of(R"({"z": [1, -2, 1.5, 1e2, true, null, 18446744073709551615], "a": {"\u00e9": "\u00e9\n"}})"),
            Value(Object{{"z", Array{1, -2, 1.5, 100.0, true, nullptr, Value(std::uint64_t{18446744073709551615U})}},
                         {"a", Object{{"é", "é\n"}}}}));
  for (auto const* scalar :
       {"1", "-1.5", "\"x\"", "true", "false", "null", " null\n", " 7 ", " true ", "\t\"x\"\n", "[]", "{}"})
    EXPECT_EQ(tree_of(scalar), parse(scalar)) << scalar;
}

TEST(LazyJson, NumbersOfManyDigitsAreThoseNearest) {
  EXPECT_EQ(
      tree_of("[7878940.51234567890123, 123456789012234567340.556789012, -0, 0.1000000000000000055511151231257827]"),
      Value(Array{7878940.51234567890123, 123456789012234567340.556789012, 0, 0.1}));
  std::mt19937 random(test::test_seed());
  for (int i = 0; i < 20000; ++i) {
    std::string text = std::to_string(random() % 1000) + ".";
    for (auto digits = random() % 30; digits > 0; --digits)
      text += static_cast<char>('0' + random() % 10);
    text += '5';
    auto const number = std::strtod(text.c_str(), nullptr);
    EXPECT_EQ(tree_of("[" + text + "]"), Value(Array{number})) << text;
    EXPECT_EQ(tree_of(text), Value(number)) << text;
    EXPECT_EQ(numbers_of("[" + text + " , 1]"), (std::vector{static_cast<float>(number), 1.0F})) << text;
  }
}

TEST(LazyJson, ReadsFrontToBackAndSkipsTheRest) {
  std::vector<std::string> seen;
  read_lazily(R"({"skip": [[1, {"x": "]"}], 2], "name": "n", "more": {"a": [1, 2]}, "flag": true, "n": 2.5})",
              [&](LazyValue root) {
                root.members([&](std::string_view name, LazyValue value) {
                  if (name == "name") seen.push_back(value.string());
                  if (name == "flag") seen.push_back(value.boolean() ? "yes" : "no");
                  if (name == "n") seen.push_back(std::to_string(value.number()));
                  if (name == "more")
                    value.members([&](std::string_view inner, LazyValue) { seen.emplace_back(inner); });
                });
              });
  EXPECT_EQ(seen, (std::vector<std::string>{"n", "a", "yes", "2.500000"}));
  std::size_t count = 0;
  read_lazily("[1, [2], {\"a\": 3}, null]", [&](LazyValue root) { root.items([&](LazyValue) { ++count; }); });
  EXPECT_EQ(count, 4U);
}

TEST(LazyJson, AppendsNumbersOfEverySort) {
  EXPECT_EQ(numbers_of("[]"), std::vector<float>());
  auto const numbers = numbers_of("[0, -1, 2.5, 1e-3 ,null, 1e300, -1e300, 12345678901234567890123]");
  ASSERT_EQ(numbers.size(), 8U);
  EXPECT_EQ((std::vector<float>(numbers.begin(), numbers.begin() + 4)), (std::vector<float>{0, -1, 2.5F, 1e-3F}));
  EXPECT_TRUE(std::isnan(numbers[4]));
  EXPECT_EQ(numbers[5], std::numeric_limits<float>::infinity());
  EXPECT_EQ(numbers[6], -std::numeric_limits<float>::infinity());
  EXPECT_EQ(numbers[7], 12345678901234567890123.0F);
}

TEST(LazyJson, NumbersRefuseWhatIsNone) {
  expect_error(Kind::bad_answer, "expected a number, found a string", [] { (void)numbers_of(R"([1, "2"])"); });
  expect_error(Kind::bad_answer, "expected a number, found an array", [] { (void)numbers_of("[1, [2]]"); });
  expect_error(Kind::bad_answer, "expected an array, found an object", [] { (void)numbers_of("{}"); });
  for (auto const* text : {"[NaN]", "[Infinity]", "[-]", "[01]", "[1.]", "[nul]", "[1e999]", "[1 2]", "[1,]", "[1"})
    expect_error(Kind::bad_answer, "no JSON", [&] { (void)numbers_of(text); });
}

TEST(LazyJson, PeeksAtDepthWithoutReading) {
  auto const depth = [](std::string_view text) {
    std::size_t out = 0;
    read_lazily(text, [&](LazyValue root) {
      out = root.array_depth();
      EXPECT_EQ(to_text(root.tree()), to_text(parse(text)));
    });
    return out;
  };
  EXPECT_EQ(depth("1"), 0U);
  EXPECT_EQ(depth("[]"), 1U);
  EXPECT_EQ(depth("[1,[2]]"), 1U);
  EXPECT_EQ(depth("[ [\n[ 1 ] ] ]"), 3U);
  EXPECT_EQ(depth("[[],[1]]"), 2U);
  std::vector<std::size_t> inner;
  read_lazily(R"({"a": [[1]], "b": [{"c": 1}], "d": "[[["})", [&](LazyValue root) {
    root.members([&](std::string_view, LazyValue value) { inner.push_back(value.array_depth()); });
  });
  EXPECT_EQ(inner, (std::vector<std::size_t>{2, 1, 0}));
}

TEST(LazyJson, RefusesAnotherType) {
  struct Case {
    std::string message;
    std::function<void(LazyValue)> read;
  };
  for (auto const& [message, read] : std::vector<Case>{
           {"expected a string, found an array", [](LazyValue v) { (void)v.string(); }},
           {"expected a boolean, found an array", [](LazyValue v) { (void)v.boolean(); }},
           {"expected a number, found an array", [](LazyValue v) { (void)v.number(); }},
           {"expected an object, found an array", [](LazyValue v) { v.members([](std::string_view, LazyValue) {}); }},
       })
    expect_error(Kind::bad_answer, message, [&] { read_lazily("[1]", read); });
  expect_error(Kind::bad_answer, "expected an array, found null",
               [] { read_lazily("null", [](LazyValue v) { v.items(ignore); }); });
}

TEST(LazyJson, RefusesWhatIsNoJson) {
  for (auto const* text : {"falseA", "falsea ", "trueA", "tru", "nullA", "12A", "\"a\"A"})
    expect_error(Kind::bad_answer, "no JSON", [&] { tree_of(text); });
  for (std::string_view const text :
       {"",          " \n",       "{",          "[1,",   "[1] x",     "1 2",           "[1] [2]",      "[tru]",
        "nul",       "{\"a\" 1}", "{\"a\":1,}", "{a:1}", "[\"abc]",   "[\"a\nb\"]",    "[\"\xff\"]",   "[1}",
        "{\"a\":1]", "]",         ",",          "[,1]",  R"(["\x"])", R"(["\ud800"])", "<html></html>"})
    expect_error(Kind::bad_answer, "", [&] { (void)tree_of(text); });
  expect_error(Kind::bad_answer, "no JSON: at byte 4: unexpected text after the value", [] { (void)tree_of("[1] x"); });
  // Also where nobody reads it.
  for (auto const* text : {"[1] x", "nul", "[1", "{} {}"})
    expect_error(Kind::bad_answer, "no JSON", [&] { read_lazily(text, ignore); });
  read_lazily(R"({"a": [1, 2], "b": null})", ignore);
}

TEST(LazyJson, LimitsDepthAndSize) {
  std::string const deep = std::string(100'000, '[') + std::string(100'000, ']');
  expect_error(Kind::bad_answer, "nested more than 256 deep", [&] { (void)tree_of(deep); });
  read_lazily("[" + deep + "]", [](LazyValue root) { root.items(ignore); });  // what is skipped needs no stack
  EXPECT_EQ(tree_of(std::string(256, '[') + std::string(256, ']')).type(), Type::array);
  expect_error(Kind::bad_answer, "11 bytes, at most 10 are read", [] { read_lazily("[1,2,3,4,5]", ignore, 10); });
}

TEST(LazyJson, OneDocumentAThreadAtATime) {
  expect_error(Kind::internal, "while another",
               [] { read_lazily("[1]", [](LazyValue) { read_lazily("[2]", ignore); }); });
  EXPECT_EQ(tree_of("[2]"), Value(Array{2}));  // a document that failed holds nothing up
  read_lazily("[1]", [](LazyValue root) {
    std::thread([] { EXPECT_EQ(tree_of("[3]"), Value(Array{3})); }).join();
    EXPECT_EQ(root.tree(), Value(Array{1}));
  });
}

TEST(LazyJson, PassesOnWhatTheReaderThrows) {
  EXPECT_THROW(read_lazily("[[1],2]", [](LazyValue root) { root.items([](LazyValue) { throw 7; }); }), int);
  EXPECT_EQ(numbers_of("[1]"), std::vector<float>{1});
}

Value random_value(std::mt19937& random, int depth) {
  switch (random() % (depth > 5 ? 6 : 8)) {
    case 0:
      return nullptr;
    case 1:
      return random() % 2 == 0;
    case 2:
      return static_cast<std::int64_t>(random()) - 2'000'000'000;
    case 3:
      return std::ldexp(static_cast<double>(random()) - 2e9, static_cast<int>(random() % 600) - 300);
    case 4:
      return std::uint64_t{random()} << 32;
    case 5: {
      std::string text;
      for (auto left = random() % 20; left > 0; --left)
        text += std::vector<std::string>{"a", "\"", "\\", "é", "\n", "🙂", "\x01", "[", "}", ","}[random() % 10];
      return text;
    }
    case 6: {
      Array out;
      for (auto left = random() % 6; left > 0; --left)
        out.push_back(random_value(random, depth + 1));
      return out;
    }
    default: {
      Object out;
      for (auto left = random() % 6; left > 0; --left)
        out.push_back({"k\t" + std::to_string(random() % 9), random_value(random, depth + 1)});
      return out;
    }
  }
}

TEST(LazyJson, AgreesWithTheParserOnRandomDocuments) {
  auto const seed = test::test_seed();
  std::mt19937 random(seed);
  for (int round = 0; round < 2000; ++round) {
    auto const layout = round % 2 == 0 ? Layout::compact : Layout::indented;
    auto text = to_text(random_value(random, 0), layout);
    EXPECT_EQ(tree_of(text), parse(text)) << "seed " << seed << ": " << text;
    // And on broken ones: both refuse, or both read the same.
    text[random() % text.size()] = "[]{},:\"x1 -"[random() % 11];
    std::optional<Value> strict, lazy;
    try {
      strict = parse(text);
    } catch (Error const&) {
    }
    try {
      lazy = tree_of(text);
    } catch (Error const& e) {
      EXPECT_EQ(e.kind(), Kind::bad_answer);
    }
    EXPECT_EQ(strict, lazy) << "seed " << seed << ": " << text;
  }
}

}  // namespace
}  // namespace jvmm::json
