#include "inference/model_pull.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

#include "inference/model_check.hpp"
#include "support/expect_error.hpp"
#include "support/http_stub.hpp"
#include "support/temp_dir.hpp"
#include "text/digest.hpp"

namespace jvmm::inference {
namespace {

using jvmm::testing::expect_error;
using jvmm::testing::HttpReply;
using jvmm::testing::HttpRequest;
using jvmm::testing::HttpStub;

constexpr auto k_model = "bge-small-en-v1.5";
constexpr std::string_view k_prefix = "/BAAI/bge-small-en-v1.5/resolve/main/";

/// A hub whose files hold their own path.
class PullModel : public ::testing::Test {
 protected:
  PullModel() {
    ::setenv("no_proxy", "127.0.0.1", 1);
    m_options.endpoint = m_hub.url();
    m_options.models_dir = m_dir.path();
  }

  HttpReply answer(HttpRequest const& request) const {
    if (request.path.starts_with(k_prefix) && request.path != m_gone)
      return {200, request.path.substr(k_prefix.size()), {}};
    return {404, "", {}};
  }

  std::string m_gone;
  jvmm::testing::TempDir m_dir;
  HttpStub m_hub{[this](HttpRequest const& request) { return answer(request); }};
  PullOptions m_options;
};

TEST_F(PullModel, FetchesRecordsAndVerifies) {
  m_options.token = Secret("hf_secret");
  int told = 0;
  m_options.progress = [&](std::string_view, std::uint64_t, std::uint64_t) { ++told; };
  auto const report = pull_model("BAAI/bge-small-en-v1.5", m_options);
  EXPECT_EQ(report.folder, m_dir.path() / k_model);
  ASSERT_EQ(report.files.size(), 9u);
  EXPECT_EQ(report.files[0].path, "model.onnx");
  EXPECT_EQ(report.files[0].sha256, text::sha256_hex("onnx/model.onnx"));
  EXPECT_TRUE(report.files[0].fetched);
  EXPECT_GT(told, 0);
  auto const check = verify_model(k_model, {m_dir.path()});
  EXPECT_TRUE(check.ok);
  EXPECT_EQ(check.files.size(), 9u);
  for (auto const& request : m_hub.requests()) {
    EXPECT_EQ(request.headers.at("authorization"), "Bearer hf_secret");
    EXPECT_EQ(request.path.find("hf_secret"), std::string::npos);
  }
}

TEST_F(PullModel, AgainFetchesOnlyWhatDiffers) {
  (void)pull_model(k_model, m_options);
  auto const first = m_hub.requests().size();
  m_dir.write("bge-small-en-v1.5/vocab.txt", "damaged");
  auto const report = pull_model(k_model, m_options);
  EXPECT_EQ(m_hub.requests().size(), first + 1);
  for (auto const& file : report.files)
    EXPECT_EQ(file.fetched, file.path == "vocab.txt");
}

TEST_F(PullModel, AgainTakesNoOtherVersion) {
  (void)pull_model(k_model, m_options);
  HttpStub newer([](HttpRequest const&) { return HttpReply{200, "newer", {}}; });
  m_options.endpoint = newer.url();
  std::filesystem::remove(m_dir.path() / k_model / "model.onnx");
  expect_error(Kind::bad_answer, "expected " + text::sha256_hex("onnx/model.onnx"),
               [&] { (void)pull_model(k_model, m_options); });
}

TEST_F(PullModel, AFileThatIsGoneIsNamed) {
  m_gone = std::string(k_prefix) + "vocab.txt";
  expect_error(Kind::missing_input, m_gone + ": HTTP 404", [&] { (void)pull_model(k_model, m_options); });
  EXPECT_FALSE(std::filesystem::exists(m_dir.path() / k_model / "jvmm-model.json"));
}

TEST_F(PullModel, ShippedHashesAreChecked) {
  HttpStub hub([](HttpRequest const&) { return HttpReply{200, "not that file", {}}; });
  m_options.endpoint = hub.url();
  expect_error(Kind::bad_answer, "config.json: sha256 is", [&] { (void)pull_model("all-MiniLM-L6-v2", m_options); });
}

TEST_F(PullModel, OnlyKnownModelsArePulled) {
  expect_error(Kind::usage, "model gpt-7 is not in the list", [&] { (void)pull_model("gpt-7", m_options); });
}

TEST_F(PullModel, AFolderThatCannotBeMadeIsALocalError) {
  m_options.models_dir = m_dir.write("file", "");
  expect_error(Kind::local_io, "cannot be created", [&] { (void)pull_model(k_model, m_options); });
}

}  // namespace
}  // namespace jvmm::inference
