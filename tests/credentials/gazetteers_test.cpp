#include "credentials/gazetteers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "base/error.hpp"
#include "credentials/rules.hpp"

namespace jvmm::credentials {
namespace {

std::filesystem::path const k_file = std::filesystem::path(JVMM_SOURCE_DIR) / "lib/credentials/gazetteers.json";

std::string content() {
  std::ifstream file(k_file, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string replaced(std::string const& from, std::string const& to) {
  auto text = content();
  auto const at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

std::string refusal(std::string const& text) {
  try {
    parse_gazetteers(text, "mine.json");
  } catch (Error const& error) {
    EXPECT_EQ(error.kind(), jvmm::Kind::bad_input);
    return error.what();
  }
  return "accepted";
}

TEST(Gazetteers, ShippedAreTheFileOfTheRepository) {
  EXPECT_EQ(shipped_gazetteers().hash, load_gazetteers(k_file).hash);
  EXPECT_EQ(shipped_gazetteers().hash.size(), 64U);
}

TEST(Gazetteers, AnEditedFileIsAnother) {
  auto const text = replaced("\"The New York Times\"", "\"The Oban Otter\", \"The New York Times\"");
  auto const edited = parse_gazetteers(text, "mine.json");
  EXPECT_NE(edited.hash, shipped_gazetteers().hash);
  auto const values = Rules(edited).extract(Source{std::nullopt, "Heard on The Oban Otter."}).values;
  ASSERT_EQ(values.size(), 1U);
  EXPECT_EQ(values[0].kind, Kind::media_appearances);
}

TEST(Gazetteers, PatternsUseTheFilesOwnWords) {
  auto const text = replaced("\"words\": [", "\"words\": [{\"name\": \"otter\", \"pattern\": \"(?:otter)\"},");
  auto const edited = text.substr(0, text.find("\"filters\": [") + 12) +
                      "{\"name\": \"otters\", \"kinds\": [\"awards\"], \"pattern\": \"{otter}s\"}," +
                      text.substr(text.find("\"filters\": [") + 12);
  Rules const rules(parse_gazetteers(edited, "mine.json"));
  EXPECT_TRUE(rules.extract(Source{std::nullopt, "Winner of the Oban Prize for otters."}).values.empty());
  EXPECT_EQ(rules.extract(Source{std::nullopt, "Winner of the Oban Prize for herons."}).values.size(), 1U);
  EXPECT_EQ(rules.extract(Source{std::nullopt, "Featured in Forbes for otters."}).values.size(), 1U);
}

TEST(Gazetteers, MistakesAreNamedWithFileAndPlace) {
  using testing::AllOf;
  using testing::HasSubstr;
  EXPECT_THAT(refusal("{"), HasSubstr("mine.json"));
  EXPECT_THAT(refusal(replaced("\"format\": 1", "\"format\": 2")), AllOf(HasSubstr("/format"), HasSubstr("mine.json")));
  EXPECT_THAT(refusal(replaced("\"format\": 1", "\"format\": 1, \"cuse\": []")), HasSubstr("cuse"));
  EXPECT_THAT(refusal(replaced("\"media\": [", "\"meida\": [")), HasSubstr("meida"));
  EXPECT_THAT(refusal(replaced("\"The New York Times\"", "7")), HasSubstr("/lists/media/0"));
  EXPECT_THAT(refusal(replaced("\"The New York Times\"", "\"\"")), HasSubstr("/lists/media/0"));
  EXPECT_THAT(refusal(replaced("\"side\": \"right\"", "\"side\": \"up\"")), HasSubstr("/cues/0/side"));
  EXPECT_THAT(refusal(replaced("\"kinds\": [\"", "\"kinds\": [\"x")), HasSubstr("/kinds/0"));
  EXPECT_THAT(refusal(replaced("\"strength\": 2", "\"strength\": 9")), HasSubstr("/cues/0/strength"));
  EXPECT_THAT(refusal(replaced("\"pattern\": \"", "\"pattern\": \"(?<!x)")), HasSubstr("/cues/0/pattern"));
  EXPECT_THAT(refusal(replaced("\"pattern\": \"", "\"pattern\": \"|")), HasSubstr("/cues/0/pattern"));
}

TEST(Gazetteers, AFileThatIsNotThere) {
  try {
    load_gazetteers("/nowhere/gazetteers.json");
    FAIL();
  } catch (Error const& error) {
    EXPECT_EQ(error.kind(), jvmm::Kind::missing_input);
  }
}

}  // namespace
}  // namespace jvmm::credentials
