#include "http/download.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <optional>

#include "support/expect_error.hpp"
#include "support/http_stub.hpp"
#include "support/temp_dir.hpp"
#include "text/digest.hpp"

namespace jvmm::http {
namespace {

using jvmm::testing::expect_error;
using jvmm::testing::HttpReply;
using jvmm::testing::HttpRequest;
using jvmm::testing::HttpStub;
namespace fs = std::filesystem;

/// A server that always answers the same, and a place to download to.
class Download : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { ::setenv("no_proxy", "127.0.0.1", 1); }

  void answer(HttpReply reply) {
    m_server.emplace([reply = std::move(reply)](HttpRequest const&) { return reply; });
    m_request.url = m_server->url() + "/file";
    m_request.target = m_dir.path() / "file";
  }

  std::string content() const {
    std::ifstream file(m_request.target, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  std::ptrdiff_t files() const { return std::distance(fs::directory_iterator(m_dir.path()), {}); }

  void expect_failure(Kind kind, std::string const& part) {
    expect_error(kind, part, [&] { (void)download(m_request); });
    EXPECT_EQ(files(), 0) << "something was left behind";
  }

  jvmm::testing::TempDir m_dir;
  std::optional<HttpStub> m_server;
  DownloadRequest m_request;
};

TEST_F(Download, ReplacesTheTargetAndSaysItsHash) {
  std::string const body(300'000, 'j');
  answer({200, body, {}});
  std::ofstream(m_request.target) << "old";
  std::uint64_t seen = 0;
  m_request.progress = [&](std::uint64_t received, std::uint64_t) { seen = received; };
  m_request.sha256 = text::sha256_hex(body);
  auto const got = download(m_request);
  EXPECT_EQ(got.bytes, body.size());
  EXPECT_EQ(got.sha256, m_request.sha256);
  EXPECT_EQ(content(), body);
  EXPECT_EQ(seen, body.size());
  EXPECT_EQ(files(), 1);
}

TEST_F(Download, StatusesBecomeKinds) {
  struct Case {
    int status;
    Kind kind;
  };
  for (auto const [status, kind] :
       {Case{404, Kind::missing_input}, Case{403, Kind::refused}, Case{401, Kind::refused},
        Case{402, Kind::budget_spent}, Case{429, Kind::rate_limited}, Case{500, Kind::unavailable},
        Case{503, Kind::unavailable}, Case{204, Kind::bad_answer}, Case{400, Kind::bad_answer}}) {
    answer({status, "an error page", {}});
    expect_failure(kind, "HTTP " + std::to_string(status));
  }
}

TEST_F(Download, ACutConnectionLeavesNothing) {
  HttpReply reply{200, std::string(1000, 'x'), {}};
  reply.cut_after = 500;
  answer(reply);
  expect_failure(Kind::unavailable, m_request.url);
}

TEST_F(Download, AWrongHashLeavesNothing) {
  answer({200, "content", {}});
  m_request.sha256 = std::string(64, '0');
  expect_failure(Kind::bad_answer, "expected 0000");
}

TEST_F(Download, RefusesMoreThanWasAgreed) {
  answer({200, std::string(1000, 'x'), {}});
  m_request.max_bytes = 999;
  expect_failure(Kind::bad_answer, "more than 999 bytes");
}

TEST_F(Download, AnUnreachableServerIsUnavailable) {
  answer({200, "", {}});
  m_server.reset();
  expect_failure(Kind::unavailable, m_request.url);
}

TEST_F(Download, OnlyHttpUrlsAreTaken) {
  answer({200, "", {}});
  m_request.url = "file:///etc/passwd";
  expect_failure(Kind::usage, "file:///etc/passwd");
}

TEST_F(Download, FollowsARedirectWithoutTakingTheTokenElsewhere) {
  HttpStub elsewhere([](HttpRequest const&) { return HttpReply{200, "there", {}}; });
  auto location = elsewhere.url();
  location.replace(location.find("127.0.0.1"), 9, "localhost");
  answer({302, "", {"Location: " + location + "/x"}});
  ::setenv("no_proxy", "127.0.0.1,localhost", 1);
  m_request.token = Secret("t0ken");
  (void)download(m_request);
  EXPECT_EQ(content(), "there");
  EXPECT_EQ(m_server->requests().at(0).headers.at("authorization"), "Bearer t0ken");
  EXPECT_FALSE(elsewhere.requests().at(0).headers.contains("authorization"));
}

TEST_F(Download, ATokenIsNotSentInClearText) {
  m_request = {};
  m_request.url = "http://example.org/file";
  m_request.target = m_dir.path() / "file";
  m_request.token = Secret("t0ken");
  expect_error(Kind::configuration, "without TLS", [&] { (void)download(m_request); });
  EXPECT_EQ(files(), 0);
}

TEST_F(Download, AFolderThatIsNotThereIsALocalError) {
  answer({200, "x", {}});
  m_request.target = m_dir.path() / "no" / "file";
  expect_failure(Kind::local_io, "cannot be created");
}

TEST_F(Download, WhatProgressThrowsEndsIt) {
  answer({200, std::string(100'000, 'x'), {}});
  m_request.progress = [](std::uint64_t, std::uint64_t) { throw Error(Kind::stopped, "enough"); };
  expect_failure(Kind::stopped, "enough");
}

}  // namespace
}  // namespace jvmm::http
