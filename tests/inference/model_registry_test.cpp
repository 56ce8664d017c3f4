#include "inference/model_registry.hpp"

#include <gtest/gtest.h>

#include "inference/embedder.hpp"
#include "inference/model_check.hpp"
#include "support/expect_error.hpp"
#include "support/temp_dir.hpp"
#include "text/digest.hpp"

namespace jvmm::inference {
namespace {

using jvmm::testing::expect_error;
using jvmm::testing::TempDir;

TEST(KnownModels, AreFoundByNameAndRepository) {
  ASSERT_EQ(known_models().size(), 4u);
  auto const* mini = find_known_model("all-MiniLM-L6-v2");
  ASSERT_TRUE(mini);
  EXPECT_EQ(mini->dims, 384u);
  EXPECT_EQ(mini->window_tokens, 256u);
  EXPECT_EQ(mini->pooling, Pooling::mean);
  auto const* large = find_known_model("BAAI/bge-large-en-v1.5");
  ASSERT_TRUE(large);
  EXPECT_EQ(large->name, "bge-large-en-v1.5");
  EXPECT_EQ(large->dims, 1024u);
  EXPECT_EQ(large->pooling, Pooling::cls);
  EXPECT_FALSE(find_known_model("bge"));
}

TEST(KnownModels, AreListedWithWhatElseIsInstalled) {
  TempDir dir;
  dir.write("bge-small-en-v1.5/config.json", "{}");
  dir.write("mine/config.json", "{}");
  dir.write("not-a-model/x", "");
  auto const listed = list_models(std::vector{dir.path(), dir.path()});
  ASSERT_EQ(listed.size(), 5u);
  EXPECT_FALSE(listed[0].folder);
  EXPECT_EQ(listed[1].folder, dir.path() / "bge-small-en-v1.5");
  EXPECT_EQ(listed[4].name, "mine");
  EXPECT_FALSE(listed[4].known);
}

TEST(FindModelFolder, TakesNamesRepositoriesAndPaths) {
  TempDir dir;
  dir.write("bge-small-en-v1.5/config.json", "{}");
  std::vector const dirs{dir.path() / "empty", dir.path()};
  auto const folder = dir.path() / "bge-small-en-v1.5";
  EXPECT_EQ(find_model_folder("bge-small-en-v1.5", dirs), folder);
  EXPECT_EQ(find_model_folder("BAAI/bge-small-en-v1.5", dirs), folder);
  EXPECT_EQ(find_model_folder(folder.string(), {}), folder);
  EXPECT_FALSE(find_model_folder("bge-base-en-v1.5", dirs));
}

TEST(OpenEmbedder, NamesAModelThatIsNotThere) {
  TempDir dir;
  EmbedderOptions options;
  options.models_dirs = {dir.path()};
  options.model = "bge-small-en-v1.5";
  expect_error(Kind::configuration, "run 'jvmm models pull bge-small-en-v1.5'", [&] { (void)open_embedder(options); });
  options.model = "no/such";
  expect_error(Kind::configuration, "model no/such is not installed", [&] { (void)open_embedder(options); });
}

/// A folder as a pull leaves it.
class VerifyModel : public ::testing::Test {
 protected:
  VerifyModel() {
    auto const weights = text::sha256_hex("weights"), config = text::sha256_hex("{}");
    m_dir.write("mine/model.onnx", "weights");
    m_dir.write("mine/config.json", "{}");
    m_dir.write("mine/jvmm-model.json",
                R"({"files": {"model.onnx": ")" + weights + R"(", "config.json": ")" + config + R"("}})");
  }
  ModelCheck verify() { return verify_model("mine", {m_dir.path()}); }

  TempDir m_dir;
};

TEST_F(VerifyModel, FindsNothingWhereNothingIsWrong) {
  auto const check = verify();
  EXPECT_TRUE(check.ok);
  EXPECT_EQ(check.files.size(), 2u);
}

TEST_F(VerifyModel, FindsAFlippedByteAndAMissingFile) {
  m_dir.write("mine/model.onnx", "weightr");
  auto check = verify();
  EXPECT_FALSE(check.ok);
  EXPECT_EQ(check.files[1].path, "model.onnx");
  EXPECT_EQ(check.files[1].state, FileState::differs);
  EXPECT_EQ(check.files[1].actual, text::sha256_hex("weightr"));
  std::filesystem::remove(m_dir.path() / "mine/model.onnx");
  check = verify();
  EXPECT_EQ(check.files[1].state, FileState::missing);
  EXPECT_FALSE(check.ok);
}

TEST_F(VerifyModel, WithoutARecordOnlySaysTheHash) {
  std::filesystem::remove(m_dir.path() / "mine/jvmm-model.json");
  auto const check = verify();
  EXPECT_TRUE(check.ok);
  ASSERT_EQ(check.files.size(), 1u);
  EXPECT_EQ(check.files[0].state, FileState::unknown);
  EXPECT_EQ(check.files[0].actual, text::sha256_hex("weights"));
}

TEST_F(VerifyModel, RefusesWhatIsNotInstalled) {
  expect_error(Kind::configuration, "model yours is not installed",
               [&] { (void)verify_model("yours", {m_dir.path()}); });
}

}  // namespace
}  // namespace jvmm::inference
