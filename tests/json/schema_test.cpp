#include "json/schema.hpp"

#include <gmock/gmock.h>

#include "base/error.hpp"

namespace jvmm::json {
namespace {

using testing::IsEmpty;

constexpr std::string_view k_schema = R"({
  "type": "object", "additionalProperties": false, "required": ["weights"],
  "properties": {"weights": {"type": "array", "items": {"$ref": "#/definitions/weight"}}},
  "definitions": {"weight": {"type": "number", "minimum": 0}}})";

TEST(Schema, AcceptsWhatFits) {
  EXPECT_THAT(Schema(k_schema).check(R"({"weights": [0, 1.5]})"), IsEmpty());
}

TEST(Schema, NamesThePathOfWhatDoesNotFit) {
  auto const found = Schema(k_schema).check(R"({"weights": [1, -1]})");
  ASSERT_FALSE(found.empty());
  EXPECT_TRUE(std::any_of(found.begin(), found.end(), [](Violation const& v) { return v.path == "/weights/1"; }))
      << found.front().path;
}

TEST(Schema, RefusesUnknownAndMissingMembers) {
  EXPECT_FALSE(Schema(k_schema).check(R"({"weight": []})").empty());
  EXPECT_FALSE(Schema(k_schema).check("{}").empty());
}

TEST(Schema, ABrokenDocumentIsBadInput) {
  try {
    (void)Schema(k_schema).check("{");
    FAIL();
  } catch (Error const& error) {
    EXPECT_EQ(error.kind(), Kind::bad_input);
  }
}

}  // namespace
}  // namespace jvmm::json
