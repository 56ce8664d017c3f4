#include "json/ref.hpp"

#include <gtest/gtest.h>

#include "json/parse.hpp"
#include "support/expect_error.hpp"

namespace jvmm::json {
namespace {

using jvmm::testing::expect_error;

TEST(JsonRef, WalksAndReads) {
  auto const document = parse(R"({"files": [{"name": "a", "bytes": 3, "share": 0.5, "old": false, "gone": null}]})");
  auto const file = Ref(document, "m.json")["files"][0];
  EXPECT_EQ(file["name"].string(), "a");
  EXPECT_EQ(file["bytes"].size_value(), 3u);
  EXPECT_EQ(file["bytes"].number(), 3.0);
  EXPECT_EQ(file["share"].number(), 0.5);
  EXPECT_FALSE(file["old"].boolean());
  EXPECT_FALSE(file.find("gone"));
  EXPECT_FALSE(file.find("never"));
  EXPECT_EQ(Ref(document, "m.json")["files"].items().size(), 1u);
}

TEST(JsonRef, NamesThePathOfWhatDoesNotFit) {
  auto const document = parse(R"({"files": [{"sha256": 3, "n": -1}], "list": {}})");
  Ref const root(document, "m.json");
  expect_error(Kind::bad_input, "m.json: /files/0/sha256: expected string, found number",
               [&] { (void)root["files"][0]["sha256"].string(); });
  expect_error(Kind::bad_input, "m.json: /files/0/n: expected an integer from 0",
               [&] { (void)root["files"][0]["n"].size_value(); });
  expect_error(Kind::bad_input, "m.json: /files/1: missing", [&] { (void)root["files"][1]; });
  expect_error(Kind::bad_input, "m.json: /names: missing", [&] { (void)root["names"]; });
  expect_error(Kind::bad_input, "m.json: /list: expected array, found object", [&] { (void)root["list"].items(); });
  expect_error(Kind::bad_input, "m.json: /: expected string, found object", [&] { (void)root.string(); });
}

}  // namespace
}  // namespace jvmm::json
