#include "cli/cli_db.hpp"
#include "inference/cache/answer_store.hpp"
#include "support/captured_stream.hpp"

namespace jvmm::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// A home with a cache file of three released answers and an unsettled one.
class CacheHome {
 public:
  CacheHome() {
    CapturedStream stream;
    log::Logger log(stream.file(), log::Level::info, log::Format::text, system_clock());
    auto const store = inference::open_answer_store({.file = file()}, system_clock(), log);
    std::vector<inference::AnswerKey> keys;
    inference::Settlement settlement{.usage = {"hf", "org/model\x1b[31m", inference::Task::embed}};
    for (auto const* text : {"a", "b", "c", "d"}) {
      keys.push_back(inference::answer_key(inference::Task::embed, "m", "", "", text));
      settlement.answers.emplace_back(keys.back(), inference::StoredAnswer{std::string(1000, 'x'), "hf"});
    }
    store->settle(settlement);
    keys.pop_back();
    store->release(keys);
  }

  std::filesystem::path file() const { return m_home.path() / ".cache/jvmm/answers.sqlite"; }

  CliResult run(Arguments const& arguments, std::map<std::string, std::string> const& env = {}) const {
    return run_cli(arguments, {.env = env, .home = m_home.path()});
  }
  json::Value run_json(Arguments arguments) const {
    arguments.insert(arguments.end(), {"--format", "json"});
    auto const result = run(arguments);
    EXPECT_EQ(result.exit_code, 0) << result;
    return json::parse(result.out);
  }
  std::int64_t answers() const { return json::Ref(run_json({"cache", "stats"}), "stats")["answers"].integer(); }

 private:
  testing::TempDir m_home;
};

TEST(Cache, StatsTellWhatIsInTheUsersFile) {
  CacheHome const home;
  auto const stats = home.run_json({"cache", "stats"});
  json::Ref const root(stats, "stats");
  EXPECT_EQ(root["file"].string(), home.file().string());
  EXPECT_EQ(root["answers"].integer(), 4);
  EXPECT_EQ(root["unsettled"].integer(), 1);
  EXPECT_EQ(root["groups"].items().at(0)["bytes"].integer(), 4000);
  auto const text = home.run({"cache", "stats"});
  EXPECT_THAT(text.out, HasSubstr("4 answers, of which 1 unsettled"));
  EXPECT_THAT(text.out, HasSubstr("org/model?[31m"));
}

TEST(Cache, TheFileFollowsSettings) {
  CacheHome const home;
  testing::TempDir const other;
  auto const elsewhere = other.path() / "jvmm/answers.sqlite";
  std::filesystem::create_directory(other.path() / "jvmm");
  std::filesystem::copy_file(home.file(), elsewhere);
  auto const by_xdg = home.run({"cache", "stats"}, {{"XDG_CACHE_HOME", other.path().string()}});
  EXPECT_THAT(by_xdg.out, HasSubstr(elsewhere.string())) << by_xdg;
  auto const by_setting = home.run({"cache", "stats"}, {{"JVMM_CACHE_FILE", elsewhere.string()}});
  EXPECT_THAT(by_setting.out, HasSubstr(elsewhere.string())) << by_setting;
  expect_failure(home.run({"cache", "stats"}, {{"JVMM_CACHE_FILE", "none"}}), 78, {"no cache file", "set cache_file"});
}

TEST(Cache, PruneKeepsWhatIsUnsettledUnlessAsked) {
  CacheHome const home;
  auto const dry = home.run({"cache", "prune", "--max-mb", "0", "--dry-run"});
  EXPECT_THAT(dry.out, HasSubstr("3 answers of 0.0 MiB would be deleted")) << dry;
  EXPECT_THAT(dry.out, HasSubstr("1 unsettled answers stay"));
  EXPECT_EQ(home.answers(), 4);
  auto const pruned = home.run_json({"cache", "prune", "--max-mb", "0"});
  EXPECT_EQ(json::Ref(pruned, "pruned")["answers"].integer(), 3);
  EXPECT_EQ(json::Ref(pruned, "pruned")["kept_unsettled"].integer(), 1);
  EXPECT_EQ(home.answers(), 1);
  auto const rest = home.run_json({"cache", "prune", "--max-mb", "0", "--unsettled"});
  EXPECT_EQ(json::Ref(rest, "pruned")["answers"].integer(), 1);
  EXPECT_EQ(home.answers(), 0);
}

TEST(Cache, PruneAloneBringsTheFileToItsSetting) {
  CacheHome const home;
  EXPECT_THAT(home.run({"cache", "prune"}).out, HasSubstr("0 answers"));
  EXPECT_THAT(home.run({"cache", "prune"}, {{"JVMM_CACHE_MAX_MB", "0"}}).out, HasSubstr("3 answers"));
}

TEST(Cache, PruneByAge) {
  CacheHome const home;
  EXPECT_THAT(home.run({"cache", "prune", "--older-than", "1"}).out, HasSubstr("0 answers"));
  EXPECT_EQ(home.run({"cache", "prune", "--quiet"}).out, "");
  EXPECT_EQ(home.answers(), 4);
}

TEST(Cache, NamesWhatIsWrong) {
  CacheHome const home;
  testing::TempDir const other;
  expect_failure(run_cli({"cache", "stats"}), 66, {"there is no cache file", "answers.sqlite"});
  expect_failure(run_cli({"cache", "prune"}), 66, {"there is no cache file"});
  auto const text = other.write("text", std::string(4096, 'x'));
  expect_failure(home.run({"cache", "stats"}, {{"JVMM_CACHE_FILE", text.string()}}), 78, {text.string()});
  expect_failure(home.run({"cache", "prune"}, {{"JVMM_CACHE_FILE", text.string()}}), 78, {text.string()});
  expect_failure(home.run({"cache", "stats"}, {{"JVMM_CACHE_FILE", other.path().string()}}), 74, {"cache file"});
  EXPECT_EQ(home.run({"cache"}).exit_code, 64);
  EXPECT_EQ(home.run({"cache", "prune", "--max-mb", "-1"}).exit_code, 64);
  EXPECT_EQ(home.run({"cache", "prune", "--max-mb", "99999999999999999999"}).exit_code, 64);
  EXPECT_EQ(home.run({"cache", "prune", "--older-than", "1000000000000"}).exit_code, 64);
}

TEST(Cache, TheUrlOfRedisIsASecret) {
  for (std::string const name : {"REDIS_URL", "JVMM_REDIS_URL"}) {
    auto const result = run_cli({"config", "show"}, {.env = {{name, "redis://:topsecret@h"}}});
    EXPECT_THAT(result.out + result.err, Not(HasSubstr("topsecret")));
    EXPECT_THAT(result.out, HasSubstr("environment " + name));
  }
}

}  // namespace
}  // namespace jvmm::test
