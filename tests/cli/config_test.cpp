#include "cli/cli_db.hpp"

namespace jvmm::test {
namespace {

struct Setting {
  std::string value, origin;
};

/// What 'config show' says of a setting.
Setting shown(std::string const& key, CliOptions const& options, Arguments more = {}) {
  Arguments arguments{"config", "show", "--format", "json"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  auto const result = run_cli(arguments, options);
  EXPECT_EQ(result.exit_code, 0) << result;
  auto const document = json::parse(result.out);
  for (auto const& setting : json::Ref(document, "config")["settings"].items())
    if (setting["key"].string() == key) return {setting["value"].string(), setting["origin"].string()};
  ADD_FAILURE() << "no setting " << key;
  return {};
}

TEST(Config, OptionBeatsEnvironmentBeatsFilesBeatsDefault) {
  testing::TempDir const home;
  CliOptions options{.env = {}, .home = home.path()};
  EXPECT_EQ(shown("progress", options).origin, "default");
  auto const users = home.write("config/jvmm/config.toml", "progress = 'never'\nlog_level = 'debug'\n");
  EXPECT_EQ(shown("progress", options).origin, "file " + users.string());
  home.write("jvmm.toml", "progress = 'always'\n");
  EXPECT_EQ(shown("progress", options).value, "always");
  EXPECT_EQ(shown("log_level", options).origin, "file " + users.string());
  auto const given = home.write("given.toml", "progress = 'never'\n");
  EXPECT_EQ(shown("progress", options, {"--config", given.string()}).origin, "file " + given.string());
  options.env = {{"JVMM_PROGRESS", "auto"}};
  EXPECT_EQ(shown("progress", options, {"--config", given.string()}).origin, "environment JVMM_PROGRESS");
  EXPECT_EQ(shown("progress", options, {"--progress", "always"}).origin, "option --progress");
}

TEST(Config, TheDirectDatabaseUrlIsPreferred) {
  EXPECT_EQ(shown("database_url", {.env = {{"DATABASE_URL", "a"}}}).origin, "environment DATABASE_URL");
  EXPECT_EQ(shown("database_url", {.env = {{"DATABASE_URL", "a"}, {"DIRECT_DATABASE_URL", "b"}}}).origin,
            "environment DIRECT_DATABASE_URL");
  EXPECT_EQ(shown("database_url", {.env = {{"JVMM_DATABASE_URL", "c"}, {"DIRECT_DATABASE_URL", "b"}}}).origin,
            "environment JVMM_DATABASE_URL");
}

TEST(Config, NeverShowsASecret) {
  CliOptions const options{.env = {{"DATABASE_URL", "postgresql://u:topsecret@h/d"}, {"HF_TOKEN", "hf_topsecret"}}};
  for (Arguments const& arguments : {Arguments{"config", "show"}, {"config", "show", "--format", "json"}}) {
    auto const result = run_cli(arguments, options);
    EXPECT_EQ((result.out + result.err).find("topsecret"), std::string::npos);
    EXPECT_THAT(result.out, ::testing::HasSubstr("(set)"));
  }
}

TEST(Config, RefusesValuesThatMakeNoSense) {
  expect_failure(run_cli({"config", "show"}, {.env = {{"JVMM_BATCH_SIZE", "many"}}}), 78,
                 {"environment JVMM_BATCH_SIZE", "'many'", "1 to 100000", "jvmm config show"});
  expect_failure(run_cli({"config", "show"}, {.env = {{"JVMM_FORMAT", "xml"}}}), 78, {"text|json"});
  expect_failure(run_cli({"config", "show", "--progress", "sometimes"}), 64, {"auto|always|never"});
}

TEST(Config, NamesFileAndLineOfABadFile) {
  testing::TempDir const home;
  CliOptions const options{.env = {}, .home = home.path()};
  home.write("jvmm.toml", "format = 'text'\nbatch_size = \n");
  expect_failure(run_cli({"config", "show"}, options), 78, {"jvmm.toml:2:", "TOML"});
  home.write("jvmm.toml", "\nbatchsize = 5\n");
  expect_failure(run_cli({"config", "show"}, options), 78, {"jvmm.toml:2: batchsize: unknown setting"});
  home.write("jvmm.toml", "batch_size = [5]\n");
  expect_failure(run_cli({"config", "show"}, options), 78, {"jvmm.toml:1: batch_size: expected a string or"});
  home.write("jvmm.toml", "batch_size = 0\n");
  expect_failure(run_cli({"config", "show"}, options), 78, {"file ./jvmm.toml", "'0'"});
  home.write("jvmm.toml", "format = \"\xff\xfe\"\n");
  EXPECT_EQ(run_cli({"config", "show"}, options).exit_code, 78);
}

TEST(Config, RefusesAFileThatIsNotThere) {
  expect_failure(run_cli({"config", "show", "--config", "/no/such/file"}), 66, {"--config", "/no/such/file"});
}

TEST(Config, OfAFileReachesTheCommand) {
  CliDb const db(Rows::provenance);
  testing::TempDir const home;
  home.write("jvmm.toml", "batch_size = 1\n");
  auto const result = db.run({"backfill-embeddings", "--format", "json"}, {.env = {}, .home = home.path()});
  EXPECT_EQ(result.exit_code, 0) << result;
  EXPECT_GE(summary(json::parse(result.out), "batches"), 12);
}

}  // namespace
}  // namespace jvmm::test
