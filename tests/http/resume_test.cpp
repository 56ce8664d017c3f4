#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>

#include "http/download.hpp"
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

std::string thousand(char first) {
  std::string out;
  for (int i = 0; i < 1000; ++i)
    out += static_cast<char>(first + i % 7);
  return out;
}

/// A server of one file that knows ranges as RFC 9110 has them, and a place to download to.
class Resume : public ::testing::Test {
 protected:
  Resume() {
    ::setenv("no_proxy", "127.0.0.1", 1);
    m_request.url = m_server.url() + "/file";
    m_request.target = m_dir.path() / "file";
    m_request.resume = true;
  }

  HttpReply answer(HttpRequest const& request) {
    if (m_scripted.contains(request.path)) return m_scripted[request.path];
    HttpReply out{200, m_body, {"ETag: " + m_etag}, m_cut_after};
    auto const range = request.headers.find("range"), if_range = request.headers.find("if-range");
    if (!m_ranges || range == request.headers.end()) return out;
    if (if_range != request.headers.end() && if_range->second != m_etag) return out;
    auto const first = std::stoul(range->second.substr(range->second.find('=') + 1));
    if (first >= m_body.size()) return {416, "", {"Content-Range: bytes */" + std::to_string(m_body.size())}};
    out.status = 206;
    out.body = m_body.substr(first);
    auto const said = m_lies ? first - 1 : first;
    out.headers.push_back("Content-Range: bytes " + std::to_string(said) + "-" + std::to_string(m_body.size() - 1) +
                          "/" + std::to_string(m_body.size()));
    return out;
  }

  /// A transfer that is cut after 600 of 1000 bytes.
  void interrupt() {
    m_cut_after = 600;
    expect_error(Kind::unavailable, m_request.url, [&] { (void)download(m_request); });
    m_cut_after = std::string::npos;
  }

  std::string read(std::string const& name) const {
    std::ifstream file(m_dir.path() / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  void expect_whole(Downloaded const& got, std::uint64_t resumed_at) {
    EXPECT_EQ(got.bytes, m_body.size());
    EXPECT_EQ(got.sha256, text::sha256_hex(m_body));
    EXPECT_EQ(got.resumed_at, resumed_at);
    EXPECT_TRUE(got.fetched);
    EXPECT_EQ(read("file"), m_body);
    EXPECT_EQ(files(), 1) << "something was left behind";
  }

  std::ptrdiff_t files() const { return std::distance(fs::directory_iterator(m_dir.path()), {}); }

  jvmm::testing::TempDir m_dir;
  std::string m_body = thousand('a'), m_etag = "\"v1\"";
  std::size_t m_cut_after = std::string::npos;
  bool m_ranges = true, m_lies = false;
  std::map<std::string, HttpReply> m_scripted;
  HttpStub m_server{[this](HttpRequest const& request) { return answer(request); }};
  DownloadRequest m_request;
};

TEST_F(Resume, GoesOnWhereItStopped) {
  interrupt();
  EXPECT_EQ(read("file.part"), m_body.substr(0, 600));
  EXPECT_FALSE(fs::exists(m_request.target));
  std::uint64_t least = m_body.size(), seen = 0, total = 0;
  m_request.progress = [&](std::uint64_t received, std::uint64_t of) {
    if (received > 0) least = std::min(least, received);
    seen = received;
    total = of;
  };
  expect_whole(download(m_request), 600);
  EXPECT_GE(least, 600u);
  EXPECT_EQ(seen, 1000u);
  EXPECT_EQ(total, 1000u);
  auto const asked = m_server.requests().at(1).headers;
  EXPECT_EQ(asked.at("range"), "bytes=600-");
  EXPECT_EQ(asked.at("if-range"), "\"v1\"");
}

TEST_F(Resume, ASecondInterruptionLosesNothing) {
  interrupt();
  m_cut_after = 100;
  expect_error(Kind::unavailable, m_request.url, [&] { (void)download(m_request); });
  m_cut_after = std::string::npos;
  expect_whole(download(m_request), 700);
}

TEST_F(Resume, AChangedFileStartsAnew) {
  interrupt();
  m_body = thousand('k');
  m_etag = "\"v2\"";
  expect_whole(download(m_request), 0);
}

TEST_F(Resume, AServerWithoutRangesStartsAnew) {
  interrupt();
  m_ranges = false;
  expect_whole(download(m_request), 0);
}

TEST_F(Resume, APartOfAnotherPlaceIsNotAppended) {
  interrupt();
  m_lies = true;
  expect_whole(download(m_request), 0);
  EXPECT_EQ(m_server.requests().size(), 3u);
  EXPECT_FALSE(m_server.requests().at(2).headers.contains("range"));
}

TEST_F(Resume, ARangeThatCannotBeSatisfiedStartsAnew) {
  interrupt();
  m_body.resize(500);
  expect_whole(download(m_request), 0);
}

TEST_F(Resume, APartThatNobodyAskedForIsNoAnswer) {
  m_scripted["/file"] = {206, "part", {"ETag: \"v1\"", "Content-Range: bytes 0-3/1000"}};
  expect_error(Kind::bad_answer, "HTTP 206", [&] { (void)download(m_request); });
  EXPECT_EQ(files(), 0);
}

TEST_F(Resume, ADamagedPartIsThrownAway) {
  interrupt();
  m_dir.write("file.part", std::string(600, '?'));
  m_request.sha256 = text::sha256_hex(m_body);
  expect_error(Kind::bad_answer, "expected " + m_request.sha256, [&] { (void)download(m_request); });
  EXPECT_EQ(files(), 0);
  expect_whole(download(m_request), 0);
}

TEST_F(Resume, WithoutAStrongNameNothingIsKept) {
  for (auto const& etag : {std::string("W/\"v1\""), std::string("v1"), std::string(), std::string(500, '"')}) {
    m_etag = etag;
    interrupt();
    EXPECT_EQ(files(), 0) << etag;
  }
}

TEST_F(Resume, APartWithoutItsNameIsNotTrusted) {
  m_dir.write("file.part", thousand('x').substr(0, 300));
  expect_whole(download(m_request), 0);
}

TEST_F(Resume, AFailureOfTheServerLosesNothing) {
  interrupt();
  m_scripted["/file"] = {503, "busy", {}};
  expect_error(Kind::unavailable, "HTTP 503", [&] { (void)download(m_request); });
  m_scripted.clear();
  expect_whole(download(m_request), 600);
}

TEST_F(Resume, WhatStopsItLosesNothing) {
  m_body = std::string(3'000'000, 'b');
  m_request.progress = [](std::uint64_t received, std::uint64_t) {
    if (received > 0) throw Error(Kind::stopped, "enough");
  };
  expect_error(Kind::stopped, "enough", [&] { (void)download(m_request); });
  auto const left = read("file.part").size();
  ASSERT_GT(left, 0u);
  m_request.progress = {};
  expect_whole(download(m_request), left);
}

TEST_F(Resume, TwoAtOnceDoNotMix) {
  bool tried = false;
  auto other = m_request;
  m_request.progress = [&](std::uint64_t, std::uint64_t) {
    if (!std::exchange(tried, true))
      expect_error(Kind::lease_held, "another download is under way", [&] { (void)download(other); });
  };
  expect_whole(download(m_request), 0);
  EXPECT_TRUE(tried);
}

TEST_F(Resume, AnEmptyFileIsAFile) {
  m_body.clear();
  expect_whole(download(m_request), 0);
}

/// A hub: the file's place is told by a redirect that names its hash.
class HubRedirect : public Resume {
 protected:
  HubRedirect() {
    m_request.url = m_server.url() + "/resolve";
    m_request.sha256_header = "x-linked-etag";
    name_hash(text::sha256_hex(m_body));
  }
  void name_hash(std::string const& hash) {
    m_scripted["/resolve"] = {
        302, "moved", {"Location: /file", "X-Linked-ETag: \"" + hash + "\"", "X-Repo-Commit: c0"}};
  }
};

TEST_F(HubRedirect, ItsHeadersAreKept) {
  auto const got = download(m_request);
  expect_whole(got, 0);
  auto const commit = std::find_if(got.headers.begin(), got.headers.end(),
                                   [](Header const& header) { return header.name == "x-repo-commit"; });
  ASSERT_NE(commit, got.headers.end());
  EXPECT_EQ(commit->value, "c0");
}

TEST_F(HubRedirect, IsFollowedWhenResuming) {
  interrupt();
  expect_whole(download(m_request), 600);
}

TEST_F(HubRedirect, WhatItNamesMustCome) {
  name_hash(std::string(64, '0'));
  expect_error(Kind::bad_answer, "expected 0000", [&] { (void)download(m_request); });
  EXPECT_EQ(files(), 0);
}

TEST_F(HubRedirect, WhatItNamesMustBeWhatIsExpected) {
  m_request.sha256 = std::string(64, '1');
  expect_error(Kind::bad_answer, "expected 1111", [&] { (void)download(m_request); });
  EXPECT_EQ(m_server.requests().size(), 1u) << "a file that will not do was fetched";
}

TEST_F(HubRedirect, WhatIsHeldIsNotFetched) {
  m_request.held_sha256 = text::sha256_hex(m_body);
  m_dir.write("file", m_body);
  auto const got = download(m_request);
  EXPECT_FALSE(got.fetched);
  EXPECT_EQ(got.sha256, m_request.held_sha256);
  EXPECT_EQ(m_server.requests().size(), 1u);
  EXPECT_EQ(files(), 1);
  m_request.held_sha256 = std::string(64, '0');
  expect_whole(download(m_request), 0);
}

TEST_F(HubRedirect, ANameThatIsNoHashIsNotTakenForOne) {
  for (auto const* name : {"", "d41d8cd98f00b204e9800998ecf8427e", "W/", "\""}) {
    name_hash(name);
    expect_whole(download(m_request), 0);
  }
}

TEST_F(HubRedirect, ItsWordsAreToldUnlessTheyCouldHarm) {
  m_scripted["/resolve"] = {404, "", {"X-Error-Message: Invalid rev id: v9"}};
  expect_error(Kind::missing_input, "HTTP 404 (Invalid rev id: v9)", [&] { (void)download(m_request); });
  m_scripted["/resolve"] = {404, "", {"X-Error-Message: \x1b[2J"}};
  expect_error(Kind::missing_input, "HTTP 404; ", [&] { (void)download(m_request); });
}

TEST_F(HubRedirect, ADeadPlaceIsUnavailable) {
  m_scripted["/resolve"] = {302, "", {"Location: http://127.0.0.1:1/file"}};
  expect_error(Kind::unavailable, m_request.url, [&] { (void)download(m_request); });
}

}  // namespace
}  // namespace jvmm::http
