// Pulls of any repository, as a hub with commits, redirects and ranges gives it.

#include <gmock/gmock.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

#include "inference/hub_stub.hpp"
#include "inference/model_check.hpp"
#include "inference/model_pull.hpp"
#include "inference/model_registry.hpp"
#include "json/parse.hpp"
#include "json/ref.hpp"
#include "support/expect_error.hpp"
#include "support/temp_dir.hpp"
#include "text/digest.hpp"

namespace jvmm::inference {
namespace {

using jvmm::testing::expect_error;
using jvmm::testing::HubStub;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;
namespace fs = std::filesystem;

constexpr auto k_repo = "Org-1/some.model_v2";
std::string const k_first(40, '1'), k_second(40, '2');

class PullRepo : public ::testing::Test {
 protected:
  PullRepo() {
    ::setenv("no_proxy", "127.0.0.1", 1);
    m_hub.commits = {{"main", k_first}, {"v1", k_first}, {"refs%2Fpr%2F3", k_second}};
    m_hub.files[k_first] = {{"onnx/model.onnx", std::string(5000, 'w')},
                            {"config.json", "{}"},
                            {"tokenizer.json", std::string(2000, 't')},
                            {"1_Pooling/config.json", "{\"p\": 1}"}};
    m_hub.files[k_second] = {{"model.onnx", std::string(6000, 'W')},
                             {"config.json", "{\"v\": 2}"},
                             {"tokenizer.json", std::string(2000, 't')},
                             {"vocab.txt", "[PAD]\n"}};
    m_options.endpoint = m_hub.url();
    m_options.models_dir = m_dir.path();
  }

  PullReport pull() { return pull_model(k_repo, m_options); }
  fs::path folder() const { return m_dir.path() / k_repo; }

  std::string read(std::string const& name) const {
    std::ifstream file(folder() / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  static std::vector<std::string> fetched(PullReport const& report) {
    std::vector<std::string> out;
    for (auto const& file : report.files)
      if (file.fetched) out.push_back(file.path);
    return out;
  }

  HubStub m_hub{k_repo};
  jvmm::testing::TempDir m_dir;
  PullOptions m_options;
};

TEST_F(PullRepo, BringsWhatThereIs) {
  auto const report = pull();
  EXPECT_EQ(report.model, k_repo);
  EXPECT_EQ(report.folder, folder());
  EXPECT_EQ(report.revision, "main");
  EXPECT_EQ(report.commit, k_first);
  EXPECT_THAT(fetched(report),
              ::testing::UnorderedElementsAre("model.onnx", "tokenizer.json", "1_Pooling/config.json", "config.json"));
  EXPECT_EQ(read("model.onnx"), std::string(5000, 'w'));
  auto const recorded = json::parse(read("jvmm-model.json"));
  EXPECT_EQ(json::Ref(recorded, "r")["repo"].string(), k_repo);
  EXPECT_EQ(json::Ref(recorded, "r")["revision"].string(), "main");
  EXPECT_EQ(json::Ref(recorded, "r")["commit"].string(), k_first);
  EXPECT_TRUE(verify_model(k_repo, {m_dir.path()}).ok);
  EXPECT_EQ(list_models(std::vector{m_dir.path()}).back().name, k_repo);
}

TEST_F(PullRepo, AllFilesAreOfOneCommit) {
  (void)pull();
  auto const asked = m_hub.resolved();
  EXPECT_EQ(asked.at(0), "main/model.onnx");
  EXPECT_EQ(asked.at(1), "main/onnx/model.onnx");
  for (std::size_t i = 2; i < asked.size(); ++i)
    EXPECT_THAT(asked[i], StartsWith(k_first + "/")) << "a branch may move meanwhile";
}

TEST_F(PullRepo, AgainAsksNothing) {
  (void)pull();
  auto const before = m_hub.requests().size();
  EXPECT_THAT(fetched(pull()), IsEmpty());
  EXPECT_EQ(m_hub.requests().size(), before);
}

TEST_F(PullRepo, AgainStaysAtItsCommitThoughTheBranchMoved) {
  (void)pull();
  m_hub.commits["main"] = k_second;
  fs::remove(folder() / "config.json");
  auto const report = pull();
  EXPECT_THAT(fetched(report), ::testing::ElementsAre("config.json"));
  EXPECT_EQ(report.commit, k_first);
  EXPECT_EQ(read("config.json"), "{}");
}

TEST_F(PullRepo, ARevisionThatIsNamedIsTaken) {
  (void)pull();
  m_options.revision = "refs/pr/3";
  auto const report = pull();
  EXPECT_EQ(report.revision, "refs/pr/3");
  EXPECT_EQ(report.commit, k_second);
  EXPECT_THAT(m_hub.resolved(), Contains("refs%2Fpr%2F3/model.onnx"));
  EXPECT_EQ(read("model.onnx"), std::string(6000, 'W'));
  EXPECT_THAT(fetched(report), Not(Contains("tokenizer.json"))) << "the hub named the hash that is held";
  EXPECT_FALSE(fs::exists(folder() / "1_Pooling")) << "left from the other revision";
  EXPECT_TRUE(verify_model(k_repo, {m_dir.path()}).ok);
  m_options.revision.clear();
  auto const before = m_hub.requests().size();
  EXPECT_EQ(pull().commit, k_second);
  EXPECT_EQ(m_hub.requests().size(), before);
}

TEST_F(PullRepo, ACommitIsARevision) {
  m_options.revision = k_second;
  EXPECT_EQ(pull().commit, k_second);
  auto const before = m_hub.requests().size();
  EXPECT_THAT(fetched(pull()), IsEmpty());
  EXPECT_EQ(m_hub.requests().size(), before);
}

TEST_F(PullRepo, ARevisionThatIsNotThereIsSaid) {
  m_options.revision = "v9";
  expect_error(Kind::missing_input, "Invalid rev id: v9", [&] { (void)pull(); });
}

TEST_F(PullRepo, WhatCanBeNoRevisionIsRefused) {
  for (auto const* revision : {"../x", "a b", "-x", "/x", "a\nb", "a%2Fb", "x?y"}) {
    m_options.revision = revision;
    expect_error(Kind::usage, "is no revision", [&] { (void)pull(); });
  }
  EXPECT_THAT(m_hub.requests(), IsEmpty());
}

TEST_F(PullRepo, WhatCanBeNoRepositoryIsRefused) {
  for (auto const* name : {"a/b/c", "../b", "a/..", "a/", "/b", "a b/c", "a/.b", "a/b\n", "https://x/y", "-a/b"})
    expect_error(Kind::usage, "not in the list", [&] { (void)pull_model(name, m_options); });
}

TEST_F(PullRepo, ARepositoryThatIsNotThereIsSaid) {
  expect_error(Kind::refused, "Repository not found", [&] { (void)pull_model("org/none", m_options); });
}

TEST_F(PullRepo, WithoutOnnxItSaysWhatIsMissing) {
  m_hub.files[k_first].erase("onnx/model.onnx");
  expect_error(Kind::missing_input, std::string(k_repo) + " has neither of model.onnx, onnx/model.onnx at main",
               [&] { (void)pull(); });
  EXPECT_FALSE(find_model_folder(k_repo, std::vector{m_dir.path()})) << "half a model counts as installed";
}

TEST_F(PullRepo, WithoutAVocabularyItSaysWhatIsMissing) {
  m_hub.files[k_first].erase("tokenizer.json");
  expect_error(Kind::missing_input, "neither tokenizer.json nor vocab.txt", [&] { (void)pull(); });
}

TEST_F(PullRepo, AnInterruptedPullGoesOn) {
  m_hub.cut_after = 3000;
  expect_error(Kind::unavailable, "onnx/model.onnx", [&] { (void)pull(); });
  EXPECT_EQ(read("model.onnx.part").size(), 3000u);
  EXPECT_FALSE(find_model_folder(k_repo, std::vector{m_dir.path()}));
  m_hub.cut_after = std::string::npos;
  auto const before = m_hub.requests().size();
  (void)pull();
  EXPECT_EQ(m_hub.requests().at(before + 1).headers.at("range"), "bytes=3000-");
  EXPECT_EQ(read("model.onnx"), std::string(5000, 'w'));
  EXPECT_FALSE(fs::exists(folder() / "model.onnx.part"));
}

TEST_F(PullRepo, AFileThatIsCompleteIsNotFetchedAfterAnInterruption) {
  m_hub.files[k_first].erase("config.json");
  expect_error(Kind::missing_input, "config.json", [&] { (void)pull(); });
  m_hub.files[k_first]["config.json"] = "{}";
  EXPECT_THAT(fetched(pull()), Not(Contains("model.onnx")));
}

TEST_F(PullRepo, AFileThatChangedMeanwhileStartsAnew) {
  m_hub.cut_after = 3000;
  expect_error(Kind::unavailable, "onnx/model.onnx", [&] { (void)pull(); });
  m_hub.cut_after = std::string::npos;
  m_hub.files[k_first]["onnx/model.onnx"] = std::string(5000, 'n');
  (void)pull();
  EXPECT_EQ(read("model.onnx"), std::string(5000, 'n'));
}

TEST_F(PullRepo, AWrongHashIsRefused) {
  m_hub.linked_hashes["onnx/model.onnx"] = std::string(64, '0');
  expect_error(Kind::bad_answer, "expected 0000", [&] { (void)pull(); });
  EXPECT_FALSE(fs::exists(folder() / "model.onnx"));
  EXPECT_FALSE(fs::exists(folder() / "model.onnx.part"));
}

TEST_F(PullRepo, TwoAtOnceDoNotMix) {
  int tried = 0;
  m_options.progress = [&](std::string_view, std::uint64_t, std::uint64_t) {
    if (tried++ == 0) {
      auto other = m_options;
      other.progress = {};
      expect_error(Kind::lease_held, "another pull is under way", [&] { (void)pull_model(k_repo, other); });
    }
  };
  (void)pull();
  EXPECT_GT(tried, 0);
  EXPECT_TRUE(verify_model(k_repo, {m_dir.path()}).ok);
}

TEST_F(PullRepo, ASlashAfterTheEndpointDoesNotMatter) {
  m_options.endpoint += "/";
  EXPECT_EQ(pull().commit, k_first);
}

TEST_F(PullRepo, ADamagedRecordIsSaid) {
  m_dir.write(std::string(k_repo) + "/jvmm-model.json", "{\"files\": [");
  expect_error(Kind::bad_input, "jvmm-model.json", [&] { (void)pull(); });
}

TEST_F(PullRepo, OfflineVerifiesWhatIsInstalled) {
  (void)pull();
  auto const before = m_hub.requests().size();
  m_options.offline = true;
  auto const report = pull();
  EXPECT_THAT(fetched(report), IsEmpty());
  EXPECT_EQ(report.files.size(), 4u);
  EXPECT_EQ(report.commit, k_first);
  m_options.revision = "v1";
  expect_error(Kind::configuration, "revision v1 is not what is installed", [&] { (void)pull(); });
  m_options.revision = k_first;
  (void)pull();
  m_dir.write(std::string(k_repo) + "/tokenizer.json", "damaged");
  expect_error(Kind::configuration, "tokenizer.json differs, and HF_HUB_OFFLINE is set", [&] { (void)pull(); });
  EXPECT_EQ(m_hub.requests().size(), before);
}

TEST_F(PullRepo, OfflineSaysWhatIsNotInstalled) {
  m_options.offline = true;
  expect_error(Kind::configuration, "is not installed, and HF_HUB_OFFLINE is set", [&] { (void)pull(); });
  EXPECT_THAT(m_hub.requests(), IsEmpty());
  EXPECT_FALSE(fs::exists(folder()));
}

TEST_F(PullRepo, OfflineFindsAModelElsewhere) {
  (void)pull();
  jvmm::testing::TempDir const empty;
  m_options.installed_dirs = {m_dir.path()};
  m_options.models_dir = empty.path();
  m_options.offline = true;
  EXPECT_EQ(pull().folder, folder());
}

}  // namespace
}  // namespace jvmm::inference
