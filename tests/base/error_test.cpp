#include "base/error.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <string>

namespace jvmm {
namespace {

TEST(Error, SaysMessageContextsAndNextStepInOneLine) {
  auto const error = Error(Kind::bad_answer, "column is vector(1024), model gives 384")
                         .context("while checking profiles")
                         .hint("run 'jvmm migrate'");
  EXPECT_STREQ(error.what(), "column is vector(1024), model gives 384, while checking profiles; run 'jvmm migrate'");
  EXPECT_EQ(error.kind(), Kind::bad_answer);
}

TEST(Error, KindsHaveDistinctNames) {
  std::set<std::string_view> names;
  for (Kind kind : all_kinds())
    names.insert(name(kind));
  EXPECT_EQ(names.size(), all_kinds().size());
  EXPECT_EQ(names.count("unknown"), 0u);
}

// docs/exit_codes.md has a table row "| `kind` | code | yes/no |" for every kind; code and page must agree.
TEST(Error, ExitCodesAndRetryAreThoseOfTheManual) {
  std::ifstream page(JVMM_SOURCE_DIR "/docs/exit_codes.md");
  ASSERT_TRUE(page) << "docs/exit_codes.md is missing";
  std::map<std::string, std::pair<int, bool>> documented;
  std::regex const row(R"(\| `(\w+)` \| (\d+) \| (yes|no) \|.*)");
  for (std::string line; std::getline(page, line);) {
    std::smatch m;
    if (std::regex_match(line, m, row)) documented[m[1]] = {std::stoi(m[2]), m[3] == "yes"};
  }
  EXPECT_EQ(documented.size(), all_kinds().size());
  for (Kind kind : all_kinds()) {
    auto const it = documented.find(std::string(name(kind)));
    ASSERT_NE(it, documented.end()) << name(kind) << " is not in docs/exit_codes.md";
    EXPECT_EQ(exit_code(kind), it->second.first) << name(kind);
    EXPECT_EQ(retryable(kind), it->second.second) << name(kind);
  }
}

}  // namespace
}  // namespace jvmm
