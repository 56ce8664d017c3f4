#include "config/settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <fstream>
#include <set>

#include "base/error.hpp"

namespace jvmm::config {
namespace {

using testing::HasSubstr;

class SettingsTest : public testing::Test {
 protected:
  void SetUp() override {
    m_folder =
        std::filesystem::path(testing::TempDir()) /
        ("jvmm_settings_" + std::to_string(getpid()) + testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::create_directories(m_folder);
  }
  void TearDown() override { std::filesystem::remove_all(m_folder); }

  std::filesystem::path file(std::string const& name, std::string const& text) {
    std::ofstream(m_folder / name) << text;
    return m_folder / name;
  }

  Settings resolve() {
    return Settings::resolve({m_options,
                              [this](std::string const& name) -> std::optional<std::string> {
                                auto const it = m_environment.find(name);
                                return it == m_environment.end() ? std::nullopt : std::optional(it->second);
                              },
                              m_files});
  }

  Error failure() {
    try {
      resolve();
    } catch (Error const& error) {
      return error;
    }
    return Error(Kind::internal, "nothing was thrown");
  }

  std::filesystem::path m_folder;
  std::map<std::string, std::string> m_options, m_environment;
  std::vector<std::filesystem::path> m_files;
};

TEST_F(SettingsTest, OptionOverEnvironmentOverNearFileOverFarFileOverDefault) {
  EXPECT_EQ(resolve().value("batch_size").origin, "default");
  m_files = {m_folder / "near.toml", file("far.toml", "batch_size = 10\nthreads = 3\n")};
  EXPECT_EQ(resolve().integer("batch_size"), 10);
  file("near.toml", "batch_size = 20\n");
  EXPECT_EQ(resolve().integer("batch_size"), 20);
  EXPECT_EQ(resolve().integer("threads"), 3);
  m_environment["JVMM_BATCH_SIZE"] = "30";
  EXPECT_EQ(resolve().integer("batch_size"), 30);
  EXPECT_EQ(resolve().value("batch_size").origin, "environment JVMM_BATCH_SIZE");
  m_options["batch_size"] = "40";
  EXPECT_EQ(resolve().integer("batch_size"), 40);
  EXPECT_EQ(resolve().value("batch_size").origin, "option --batch-size");
}

TEST_F(SettingsTest, DirectDatabaseUrlIsPreferred) {
  m_environment = {{"DATABASE_URL", "pooler"}, {"DIRECT_DATABASE_URL", "direct"}};
  EXPECT_EQ(resolve().text("database_url"), "direct");
  m_environment["JVMM_DATABASE_URL"] = "own";
  EXPECT_EQ(resolve().text("database_url"), "own");
}

TEST_F(SettingsTest, EmptyEnvironmentVariableIsNoValue) {
  m_environment["JVMM_MODEL"] = "";
  EXPECT_EQ(resolve().text("model"), "all-MiniLM-L6-v2");
}

TEST_F(SettingsTest, ErrorsNameOriginKeyAndExpectation) {
  m_environment["JVMM_BATCH_SIZE"] = "many";
  EXPECT_EQ(failure().kind(), Kind::configuration);
  EXPECT_THAT(failure().what(),
              HasSubstr("environment JVMM_BATCH_SIZE: batch_size is 'many', expected a whole number"));
  m_options["batch_size"] = "0";
  EXPECT_EQ(failure().kind(), Kind::usage);
}

TEST_F(SettingsTest, FileErrorsNameLine) {
  m_files = {file("a.toml", "model = \"x\"\nbach_size = 5\n")};
  EXPECT_THAT(failure().what(), HasSubstr("a.toml:2: bach_size: unknown setting"));
  m_files = {file("b.toml", "model = \n")};
  EXPECT_THAT(failure().what(), HasSubstr("b.toml:1"));
  m_files = {file("c.toml", "model = [1]\n")};
  EXPECT_THAT(failure().what(), HasSubstr("expected a string or a whole number"));
}

TEST_F(SettingsTest, TableHasNoKeyTwiceAndEveryDefaultIsValid) {
  std::set<std::string_view> keys;
  for (auto const& spec : setting_table()) {
    EXPECT_TRUE(keys.insert(spec.key).second) << spec.key;
    EXPECT_FALSE(spec.meaning.empty()) << spec.key;
    if (spec.fallback.empty() || spec.secret) continue;
    m_options = {{std::string(spec.key), std::string(spec.fallback)}};
    EXPECT_NO_THROW(resolve()) << spec.key;
  }
}

}  // namespace
}  // namespace jvmm::config
