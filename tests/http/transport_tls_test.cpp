// TLS and HTTP/2, by a real proxy in front of a loopback server.

#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>
#include <set>

#include "http/raw_server.hpp"
#include "http/tls_front.hpp"
#include "http/transport.hpp"
#include "support/expect_error.hpp"

namespace jvmm::http {
namespace {

using jvmm::testing::HttpRequest;
using jvmm::testing::RawServer;
using jvmm::testing::TempDir;
using jvmm::testing::TlsFront;
using ::testing::HasSubstr;
using ::testing::Not;

class TransportTls : public ::testing::Test {
 protected:
  std::unique_ptr<Transport> trusting() const { return open_curl_transport({.ca_file = m_front.certificate()}); }

  Request request(std::string const& url, std::string body = "{}") const {
    Request out;
    out.url = url;
    out.body = std::move(body);
    out.token = Secret("t0ken");
    return out;
  }

  RawServer m_server{RawServer::answering([](HttpRequest const& request) {
    return request.headers.at("authorization") + ", via " + request.headers.at("via") + ": " + request.body;
  })};
  TlsFront m_front{m_server.port()};
};

TEST_F(TransportTls, HttpTwoIsSpokenToATrustedServer) {
  auto const reply = trusting()->send(request(m_front.url(), "b0dy")).get();
  ASSERT_EQ(reply.transfer, Transfer::done) << reply.failure->what();
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.body, "Bearer t0ken, via 2 nghttpx: b0dy");
  auto const log = m_front.log(1);
  ASSERT_EQ(log.size(), 1u);
  EXPECT_THAT(log[0], HasSubstr(" h2 TLSv1.3"));
}

TEST_F(TransportTls, ManyAtOnceShareOneConnection) {
  auto const transport = trusting();
  std::vector<std::future<Reply>> futures;
  for (int i = 0; i < 40; ++i)
    futures.push_back(transport->send(request(m_front.url(), std::to_string(i))));
  for (std::size_t i = 0; i < futures.size(); ++i)
    EXPECT_EQ(futures[i].get().body, "Bearer t0ken, via 2 nghttpx: " + std::to_string(i));
  auto const log = m_front.log(40);
  EXPECT_EQ(log.size(), 40u);
  EXPECT_EQ(std::set<std::string>(log.begin(), log.end()).size(), 1u) << log.front() << ", " << log.back();
}

TEST_F(TransportTls, AnUnknownIssuerIsNotTrusted) {
  auto const reply = open_curl_transport({})->send(request(m_front.url())).get();
  EXPECT_EQ(reply.transfer, Transfer::certificate);
  EXPECT_EQ(reply.failure->kind(), Kind::configuration);
  EXPECT_THAT(reply.failure->what(), Not(HasSubstr("t0ken")));
  EXPECT_EQ(m_server.connections(), 0);
}

TEST_F(TransportTls, ACertificateForAnotherNameIsNotTrusted) {
  auto const url = "https://127.0.0.1:" + std::to_string(m_front.port());
  EXPECT_EQ(trusting()->send(request(url)).get().transfer, Transfer::certificate);
  EXPECT_EQ(m_server.connections(), 0);
}

TEST_F(TransportTls, ClearTextToATlsPortIsAnAnswerOrNoHttp) {
  auto const reply = trusting()->send(request("http://localhost:" + std::to_string(m_front.port()))).get();
  EXPECT_NE(reply.status, 200);
  EXPECT_EQ(m_server.connections(), 0);
}

TEST(TransportCertificates, AreNamedWhenTheyCannotBeRead) {
  TempDir const dir;
  auto const file = dir.path() / "no.pem";
  jvmm::testing::expect_error(Kind::configuration, file.string(), [&] { open_curl_transport({.ca_file = file}); });
}

TEST(TransportCertificates, AFileWithoutAnyTrustsNobody) {
  TempDir const dir;
  auto const file = dir.write("empty.pem", "no certificate\n");
  RawServer const server(RawServer::answering([](HttpRequest const&) { return ""; }));
  TlsFront const front(server.port());
  Request request;
  request.url = front.url();
  EXPECT_EQ(open_curl_transport({.ca_file = file})->send(request).get().transfer, Transfer::certificate);
}

}  // namespace
}  // namespace jvmm::http
