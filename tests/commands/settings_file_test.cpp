#include "commands/export_sample/settings_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/temp_dir.hpp"

namespace jvmm::commands {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

config::Settings with(std::map<std::string, std::string> const& variables,
                      std::vector<std::filesystem::path> const& files = {}) {
  return config::Settings::resolve({{},
                                    [variables](std::string const& name) -> std::optional<std::string> {
                                      auto const found = variables.find(name);
                                      return found == variables.end() ? std::nullopt : std::optional(found->second);
                                    },
                                    files});
}

TEST(SettingsFile, IsReadBackAsItWas) {
  auto const settings = with({{"JVMM_MODEL", "a \"quoted\" \\ name\twith\x01 controls é"},
                              {"JVMM_BATCH_SIZE", "7"},
                              {"JVMM_CHAT", "openai:http://localhost:1, rules"},
                              {"JVMM_FORMAT", "json"}});
  std::string const prompt = "Say \"\"\"so\"\"\" \\ {{labels}}\n---\n\"x\"\n";
  jvmm::testing::TempDir const dir;
  auto const read = with({}, {dir.write("jvmm.toml", settings_file(settings, "prompt_niche", prompt))});
  for (auto const& spec : config::setting_table()) {
    if (spec.key == "format") continue;
    EXPECT_EQ(read.text(spec.key), spec.key == "prompt_niche" ? prompt : settings.text(spec.key)) << spec.key;
  }
  EXPECT_EQ(read.text("format"), "text") << "the form of one call's output is none of the batch's";
}

TEST(SettingsFile, KeepsDefaultsAsCommentsAndNoSecret) {
  auto const text = settings_file(with({{"DATABASE_URL", "postgresql://u:pa55word@h/d"}, {"HF_TOKEN", "hf_secret"}}),
                                  "no_such_setting", "A\n---\nB\n");
  EXPECT_THAT(text, HasSubstr("\n# model = \"all-MiniLM-L6-v2\"\n"));
  EXPECT_THAT(text, HasSubstr("\n# batch_size = 100\n"));
  EXPECT_THAT(text, HasSubstr("\n# The prompt:\n# A\n# ---\n# B\n"));
  EXPECT_THAT(text, Not(HasSubstr("pa55word")));
  EXPECT_THAT(text, Not(HasSubstr("hf_secret")));
  EXPECT_THAT(text, Not(HasSubstr("database_url")));
}

}  // namespace
}  // namespace jvmm::commands
