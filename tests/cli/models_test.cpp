// With the real default model: what it stores, and what becomes of a damaged or missing one.

#include <filesystem>

#include "cli/cli_db.hpp"
#include "cli/stored.hpp"

namespace jvmm::test {
namespace {

namespace fs = std::filesystem;

constexpr char const* k_model = "all-MiniLM-L6-v2";
fs::path const k_installed = fs::path(JVMM_DEPS_DIR) / "models" / k_model;

/// A folder of models with a copy of the real one, in which one file is replaced.
class DamagedModel {
 public:
  DamagedModel(std::string const& file, std::string const& content) {
    auto const folder = m_folder.path() / k_model;
    fs::create_directories(folder);
    for (auto const& entry : fs::directory_iterator(k_installed))
      if (entry.path().filename() != file) fs::create_symlink(entry.path(), folder / entry.path().filename());
    m_folder.write(std::string(k_model) + "/" + file, content);
  }

  CliOptions options() const {
    return {.env = {{"JVMM_MODEL", k_model}, {"JVMM_MODELS_DIR", m_folder.path().string()}}};
  }
  std::string path(std::string const& file) const { return (m_folder.path() / k_model / file).string(); }

 private:
  testing::TempDir m_folder;
};

CliOptions real_model() {
  return {.env = {{"JVMM_MODEL", k_model}}};
}

TEST(RealModel, FindsByMeaningWhatSharesNoWord) {
  CliDb const db;
  db.add_profile(1, "who_you_serve = 'physicians with their own practice'");
  db.add_profile(2, "who_you_serve = 'people who restore old motorcycles'");
  db.add_profile(3, "who_you_serve = 'gardeners in small towns'");
  auto const run = db.run({"backfill-embeddings", "--format", "json"}, real_model());
  ASSERT_EQ(run.exit_code, 0) << run;
  EXPECT_EQ(db.sql("select distinct embeddings_model from profiles"), k_model);
  EXPECT_THAT(db.sql("select fingerprint from jvmm.run"), ::testing::StartsWith("all-MiniLM-L6-v2@"));
  auto const similar =
      db.run({"similar", "--text", "doctors", "--field", "who_you_serve", "--format", "json"}, real_model());
  ASSERT_EQ(similar.exit_code, 0) << similar;
  auto const report = json::parse(similar.out);
  EXPECT_EQ(json::Ref(report, "similar")["results"][0]["profile"].string(), profile_id(1));
  auto const again = db.run({"backfill-embeddings", "--format", "json"}, real_model());
  EXPECT_EQ(summary(json::parse(again.out), "candidates"), 0);
}

TEST(RealModel, EmbedsAgainWhatTheFakeModelWrote) {
  CliDb const db;
  db.add_profile(1, "seeking = 'partners', offering = 'keynotes'");
  db.run_json({"backfill-embeddings"});
  auto const run = db.run({"backfill-embeddings", "--format", "json"}, real_model());
  ASSERT_EQ(run.exit_code, 0) << run;
  EXPECT_EQ(summary(json::parse(run.out), "done"), 1);
  EXPECT_THAT(run.err, ::testing::HasSubstr("it is done again by all-MiniLM-L6-v2@"));
}

TEST(RealModel, TakesAMegabyteWithoutABlank) {
  CliDb const db;
  db.add_profile(1, "seeking = repeat('x', 1000000)");
  db.add_profile(2, "seeking = repeat('words and ', 100000)");
  auto const run = db.run({"backfill-embeddings", "--format", "json"}, real_model());
  ASSERT_EQ(run.exit_code, 0) << run;
  EXPECT_GE(json::Ref(json::parse(run.out), "report")["truncated"].integer(), 1);
}

TEST(RealModel, IsListedAndVerified) {
  auto const list = run_cli({"models", "list", "--format", "json"});
  EXPECT_EQ(list.exit_code, 0) << list;
  EXPECT_THAT(list.out, ::testing::HasSubstr("bge-large-en-v1.5"));
  auto const verify = run_cli({"models", "verify", k_model});
  EXPECT_EQ(verify.exit_code, 0) << verify;
  EXPECT_THAT(verify.out, ::testing::HasSubstr("model.onnx"));
}

TEST(DamagedModel, IsFoundByVerify) {
  DamagedModel const model("vocab.txt", "[PAD]\n");
  auto const result = run_cli({"models", "verify", "--format", "json"}, model.options());
  EXPECT_EQ(result.exit_code, 1) << result;
  EXPECT_THAT(result.err, ::testing::HasSubstr("pull it again"));
  EXPECT_FALSE(json::Ref(json::parse(result.out), "verify")["ok"].boolean());
}

struct Damage {
  char const* name;
  char const* file;
  char const* content;
};

class DamageTest : public ::testing::TestWithParam<Damage> {};

TEST_P(DamageTest, IsNamedAndNothingIsWritten) {
  CliDb const db(Rows::provenance);
  DamagedModel const model(GetParam().file, GetParam().content);
  auto const before = db.trace_all();
  for (Arguments const& arguments : {Arguments{"backfill-embeddings"}, {"similar", "--text", "x"}}) {
    SCOPED_TRACE(arguments.front());
    auto const result = db.run(arguments, model.options());
    EXPECT_TRUE(result.exit_code == 65 || result.exit_code == 78) << result;
    EXPECT_EQ(result.out, "");
    EXPECT_THAT(result.err, ::testing::HasSubstr(model.path(GetParam().file)));
  }
  EXPECT_EQ(db.trace_all(), before);
}

INSTANTIATE_TEST_SUITE_P(Model, DamageTest,
                         ::testing::Values(Damage{"EmptyWeights", "model.onnx", ""},
                                           Damage{"CutWeights", "model.onnx", "\x08\x08\x12\x04"},
                                           Damage{"NotJson", "config.json", "{\"model_type\": "},
                                           Damage{"OfAnotherKind", "tokenizer.json", "[]"}),
                         [](auto const& given) { return std::string(given.param.name); });

TEST(MissingModel, IsNamedWithTheNextStep) {
  CliDb const db(Rows::provenance);
  auto const before = db.trace_all();
  testing::TempDir const empty;
  auto const run = [&](std::string const& model) {
    return db.run({"backfill-embeddings"},
                  {.env = {{"JVMM_MODEL", model}, {"JVMM_MODELS_DIR", empty.path().string()}}});
  };
  expect_failure(run(k_model), 78, {"is not installed", empty.path().string(), "jvmm models pull all-MiniLM-L6-v2"});
  expect_failure(run("no-such-model"), 78, {"no-such-model is not installed", "jvmm models list"});
  expect_failure(run("/no/such/folder"), 78, {"/no/such/folder"});
  EXPECT_EQ(db.trace_all(), before);
}

TEST(ModelsPull, OfflineVerifiesWhatIsInstalledAndFetchesNothing) {
  auto const pull = [](std::string const& model, CliOptions options) {
    options.env.insert({{"HF_HUB_OFFLINE", "1"}, {"HF_ENDPOINT", "http://127.0.0.1:1"}});
    return run_cli({"models", "pull", model}, options);
  };
  auto const sound = pull(k_model, {});
  EXPECT_EQ(sound.exit_code, 0) << sound;
  EXPECT_THAT(sound.out, ::testing::HasSubstr("vocab.txt"));
  expect_failure(pull("org/model", {}), 78, {"org/model is not installed, and HF_HUB_OFFLINE is set"});
  DamagedModel const damaged("vocab.txt", "[PAD]\n");
  expect_failure(pull(k_model, damaged.options()), 78, {"vocab.txt differs, and HF_HUB_OFFLINE is set"});
}

TEST(ModelsPull, RefusesWhatCanBeNoRevision) {
  expect_failure(run_cli({"models", "pull", k_model, "--revision", "../x"}), 64, {"'../x' is no revision"});
}

}  // namespace
}  // namespace jvmm::test
