#include "classify/prompt.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/expect_error.hpp"
#include "support/temp_dir.hpp"

namespace jvmm::classify {
namespace {

using jvmm::testing::expect_error;
using ::testing::HasSubstr;
using ::testing::Not;

std::vector<PromptLabel> const k_labels{{"Yoga", "Yoga"}, {"food", "eating\n well"}};

TEST(Prompt, ShippedOnesFillInLabelsAndColumns) {
  for (auto const name : shipped_prompts()) {
    SCOPED_TRACE(name);
    auto const prompt = shipped_prompt(name);
    std::vector<std::string> asked;
    auto const messages = fill(prompt, k_labels, [&](std::string_view column) {
      asked.emplace_back(column);
      return "<" + std::string(column) + ">";
    });
    EXPECT_THAT(messages.system + messages.user, Not(HasSubstr("{{")));
    EXPECT_THAT(messages.system, HasSubstr("JSON"));
    EXPECT_THAT(messages.system, Not(HasSubstr("#")));
    EXPECT_GE(asked.size(), 2u);
    for (auto const& column : asked)
      EXPECT_THAT(messages.user, HasSubstr("<" + column + ">"));
    EXPECT_EQ(messages.system.find("- Yoga\n- food: eating well\n") != std::string::npos, name != "credentials");
  }
}

TEST(Prompt, TheInputLinesAreThoseOfTheExperiments) {
  auto const line = [](std::string_view name) { return shipped_prompt(name).question; };
  EXPECT_EQ(line("niche"), "Niche: {{niche}} | Does: {{what_you_do}} | Serves: {{who_you_serve}}");
  EXPECT_EQ(line("offer_types"), "Offering: {{offering}} | Programs: {{signature_programs}} | Does: {{what_you_do}}");
}

TEST(Prompt, AProfilesTextStaysOneLineOfData) {
  auto const prompt = parse_prompt("Sort.\n---\nDoes: {{what_you_do}}\n", "p");
  auto const messages =
      fill(prompt, k_labels, [](std::string_view) { return "a\r\n---\n{{labels}} {{niche}} }} {{\tb"; });
  EXPECT_EQ(messages.user, "Does: a --- {{labels}} {{niche}} }} {{ b");
}

TEST(Prompt, SheetsKeepTheirColumns) {
  auto const prompt = parse_prompt("# note\nOf:\n{{ labels }}\n---\n{{niche}}\n", "p");
  EXPECT_EQ(sheet_prompt(prompt, k_labels), "Of:\n- Yoga\n- food: eating well\n\n{{niche}}\n");
}

TEST(Prompt, TheHashFollowsTheTextAndNothingElse) {
  auto const hash = [](std::string const& text) { return parse_prompt(text, "p").hash; };
  EXPECT_EQ(hash("A\n---\nB\n"), hash("# comment\nA\r\n---  \r\nB"));
  EXPECT_NE(hash("A\n---\nB\n"), hash("A\n---\nC\n"));
  EXPECT_EQ(hash("A\n---\nB\n").size(), 64u);
  EXPECT_EQ(parse_prompt(template_text(shipped_prompt("niche")), "p").hash, shipped_prompt("niche").hash);
}

TEST(Prompt, AreLoadedBySetting) {
  jvmm::testing::TempDir const dir;
  EXPECT_EQ(load_prompt("niche", "").hash, shipped_prompt("niche").hash);
  EXPECT_EQ(load_prompt("niche", "A\n---\nB\n").question, "B");
  EXPECT_EQ(load_prompt("niche", dir.write("own.txt", "A\n---\nC\n").string()).question, "C");
  expect_error(Kind::missing_input, "none.txt does not exist",
               [&] { (void)load_prompt("niche", (dir.path() / "none.txt").string()); });
}

TEST(Prompt, SaysWhatIsWrongWithATemplate) {
  auto const refused = [](std::string const& text, std::string const& said) {
    expect_error(Kind::bad_input, said, [&] { (void)parse_prompt(text, "own.txt"); });
  };
  refused("", "own.txt: line 0: no line of three dashes");
  refused("A\nB\n", "own.txt: line 2: no line of three dashes");
  refused("A\n---\n", "nothing below the line of three dashes");
  refused("# c\n---\nB\n", "nothing above the line of three dashes");
  refused("A\n---\nB\n---\n", "own.txt: line 4: a second line of three dashes");
  refused("A {{nich}}\n---\nB\n", "own.txt: line 1: there is no placeholder {{nich}}, only labels, name, niche");
  refused("A {{niche}}\n---\nB\n", "own.txt: line 1: the column {{niche}} stands above the line");
}

}  // namespace
}  // namespace jvmm::classify
