#include "http/transport.hpp"

#include <gmock/gmock.h>
#include <zlib.h>

#include <atomic>
#include <cstdlib>
#include <set>

#include "http/raw_server.hpp"
#include "support/expect_error.hpp"

namespace jvmm::http {
namespace {

using namespace std::chrono_literals;
using jvmm::testing::HttpRequest;
using jvmm::testing::RawConnection;
using jvmm::testing::RawServer;
using ::testing::HasSubstr;
using ::testing::Not;

std::string gzip(std::string const& text) {
  z_stream stream{};
  EXPECT_EQ(::deflateInit2(&stream, 9, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string out(::deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(::deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  ::deflateEnd(&stream);
  return out;
}

/// The environment's proxy for clear text, for as long as this lives.
class HttpProxy {
 public:
  explicit HttpProxy(std::string const& url) {
    ::unsetenv("no_proxy");
    ::unsetenv("NO_PROXY");
    ::setenv("http_proxy", url.c_str(), 1);
  }
  ~HttpProxy() { ::unsetenv("http_proxy"); }
  HttpProxy(HttpProxy const&) = delete;
  HttpProxy& operator=(HttpProxy const&) = delete;
};

Request request_to(std::string url, std::string body = "{}") {
  Request out;
  out.url = std::move(url);
  out.headers = {{"Content-Type", "application/json"}};
  out.body = std::move(body);
  out.timeout = 20s;
  return out;
}

Reply send(Request request) {
  return open_curl_transport({})->send(std::move(request)).get();
}

/// What comes of one request to a server that says exactly this and closes.
Reply answered_with(std::string const& bytes) {
  RawServer const server([&](RawConnection& connection) {
    HttpRequest request;
    if (connection.read(request)) connection.send(bytes);
  });
  return send(request_to(server.url()));
}

/// As answered_with, but as a remote host that is reached through a proxy: compression is asked of those only.
Reply remotely_answered_with(std::string const& body, std::size_t max_bytes = 1000) {
  RawServer const proxy([&](RawConnection& connection) {
    for (HttpRequest request; connection.read(request);)
      connection.reply(200, body, "Content-Encoding: gzip\r\n");
  });
  HttpProxy const environment(proxy.url());
  auto request = request_to("http://hub.example/x");
  request.max_response_bytes = max_bytes;
  return send(std::move(request));
}

TEST(Transport, SendsWhatItIsGivenAndReturnsWhatComes) {
  HttpRequest seen;
  RawServer const server([&](RawConnection& connection) {
    if (connection.read(seen)) connection.reply(418, "tea", "X-Kind: a pot \r\nX-kind: second\r\n");
  });
  auto request = request_to(server.url() + "/path?q=1", std::string(2'000'000, 'b'));
  request.headers.push_back({"X-Empty", ""});
  request.token = Secret("t0ken");
  auto const reply = send(request);
  EXPECT_EQ(reply.transfer, Transfer::done);
  EXPECT_FALSE(reply.failure);
  EXPECT_EQ(reply.status, 418);
  EXPECT_EQ(reply.body, "tea");
  EXPECT_EQ(reply.header("x-kind"), "a pot");
  EXPECT_EQ(reply.header("x-absent"), std::nullopt);
  EXPECT_GT(reply.seconds, 0);
  EXPECT_EQ(seen.method, "POST");
  EXPECT_EQ(seen.path, "/path?q=1");
  EXPECT_EQ(seen.body, request.body);
  EXPECT_EQ(seen.headers.at("authorization"), "Bearer t0ken");
  EXPECT_EQ(seen.headers.at("content-type"), "application/json");
  EXPECT_EQ(seen.headers.at("user-agent"), "jvmm");
  EXPECT_EQ(seen.headers.at("x-empty"), "");
  EXPECT_FALSE(seen.headers.contains("expect"));
  EXPECT_EQ(seen.headers.at("accept-encoding"), "identity") << "on this machine compression is a waste";
}

TEST(Transport, SendsOtherMethodsAndNoContentTypeOfItsOwn) {
  std::vector<HttpRequest> seen;
  RawServer const server(RawServer::answering([&](HttpRequest const& request) {
    seen.push_back(request);
    return request.method == "HEAD" ? "" : "body";
  }));
  auto const transport = open_curl_transport({});
  for (auto const* method : {"GET", "HEAD", "PUT", "POST"}) {
    Request request;
    request.url = server.url();
    request.method = method;
    if (request.method == "PUT") request.body = "put";
    auto const reply = transport->send(request).get();
    EXPECT_EQ(reply.status, 200) << method;
    EXPECT_EQ(seen.back().method, method);
    EXPECT_EQ(seen.back().body, request.body);
    EXPECT_FALSE(seen.back().headers.contains("content-type"));
  }
  EXPECT_EQ(server.connections(), 1) << "an easy handle carries something of its last request";
}

TEST(Transport, KeepsConnections) {
  RawServer const server(RawServer::answering([](HttpRequest const& request) { return request.body; }));
  auto const transport = open_curl_transport({});
  for (int i = 0; i < 30; ++i)
    EXPECT_EQ(transport->send(request_to(server.url(), std::to_string(i))).get().body, std::to_string(i));
  EXPECT_EQ(server.connections(), 1);
}

TEST(Transport, GivesEachOfFiftyItsOwnAnswer) {
  RawServer const server(RawServer::answering([](HttpRequest const& request) {
    std::this_thread::sleep_for(std::chrono::milliseconds(std::stoi(request.body) % 7));
    return request.path + " " + request.body;
  }));
  auto const transport = open_curl_transport({});
  for (int round = 0; round < 3; ++round) {
    std::vector<std::future<Reply>> futures;
    for (int i = 0; i < 50; ++i)
      futures.push_back(transport->send(request_to(server.url() + "/" + std::to_string(i), std::to_string(i))));
    for (int i = 0; i < 50; ++i)
      EXPECT_EQ(futures[static_cast<std::size_t>(i)].get().body, "/" + std::to_string(i) + " " + std::to_string(i));
  }
  EXPECT_LE(server.connections(), 50);
}

TEST(Transport, IsSafeFromManyThreads) {
  RawServer const server(RawServer::answering([](HttpRequest const& request) { return request.body; }));
  auto const transport = open_curl_transport({});
  std::vector<std::thread> threads;
  std::atomic<int> right{0};
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < 50; ++i) {
        auto const body = std::to_string(t * 1000 + i);
        right += transport->send(request_to(server.url(), body)).get().body == body ? 1 : 0;
      }
    });
  for (auto& thread : threads)
    thread.join();
  EXPECT_EQ(right, 200);
}

TEST(Transport, AReusedHandleForgetsTheToken) {
  std::vector<HttpRequest> seen;
  RawServer const server(RawServer::answering([&](HttpRequest const& request) {
    seen.push_back(request);
    return "";
  }));
  auto const transport = open_curl_transport({});
  auto with_token = request_to(server.url());
  with_token.token = Secret("t0ken");
  (void)transport->send(with_token).get();
  (void)transport->send(request_to(server.url())).get();
  EXPECT_TRUE(seen.at(0).headers.contains("authorization"));
  EXPECT_FALSE(seen.at(1).headers.contains("authorization"));
}

TEST(Transport, AnEmpty401IsAnAnswer) {
  auto const reply = answered_with("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(reply.transfer, Transfer::done);
  EXPECT_EQ(reply.status, 401);
  EXPECT_EQ(reply.body, "");
}

TEST(Transport, FollowsNoRedirect) {
  auto const reply = answered_with("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(reply.status, 302);
  EXPECT_EQ(reply.header("location"), "http://127.0.0.1:1/");
}

TEST(Transport, AnInterimAnswerIsNotTheAnswer) {
  auto const reply = answered_with(
      "HTTP/1.1 103 Early Hints\r\nX-Early: 1\r\n\r\nHTTP/1.1 200 OK\r\nX-Late: 1\r\nContent-Length: 2\r\n\r\nok");
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.body, "ok");
  EXPECT_FALSE(reply.header("x-early"));
  EXPECT_TRUE(reply.header("x-late"));
}

TEST(Transport, UnpacksWhatARemoteHostPacked) {
  auto const text = std::string(1000, 'z');
  auto const reply = remotely_answered_with(gzip(text));
  EXPECT_EQ(reply.transfer, Transfer::done) << reply.failure->what();
  EXPECT_EQ(reply.body, text);
}

TEST(Transport, AnAnswerOfTheGreatestSizeIsWhole) {
  EXPECT_EQ(remotely_answered_with(gzip(std::string(1000, 'z')), 1000).transfer, Transfer::done);
  EXPECT_EQ(remotely_answered_with(gzip(std::string(1000, 'z')), 999).transfer, Transfer::too_large);
}

TEST(Transport, ABombOfZerosEndsAtTheLimit) {
  auto const bomb = gzip(std::string(100 << 20, '\0'));
  ASSERT_LT(bomb.size(), 200'000u);
  auto const reply = remotely_answered_with(bomb, 1 << 20);
  EXPECT_EQ(reply.transfer, Transfer::too_large);
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.header("content-encoding"), "gzip");
  EXPECT_EQ(reply.body, "");
  EXPECT_EQ(reply.failure->kind(), Kind::bad_answer);
  EXPECT_THAT(reply.failure->what(), HasSubstr("more than 1048576 bytes"));
}

TEST(Transport, DamagedCompressionIsMalformed) {
  auto packed = gzip("some text, some text, some text");
  packed[packed.size() / 2] ^= 0x55;
  EXPECT_EQ(remotely_answered_with("no gzip at all").transfer, Transfer::malformed);
  EXPECT_NE(remotely_answered_with(packed).transfer, Transfer::done);
}

TEST(Transport, ALengthBeyondTheLimitIsNotWaitedFor) {
  RawServer const server([](RawConnection& connection) {
    HttpRequest request;
    if (!connection.read(request)) return;
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999\r\n\r\n");
    connection.hang();
  });
  EXPECT_EQ(send(request_to(server.url())).transfer, Transfer::too_large);
}

TEST(Transport, EndlessHeadersEnd) {
  std::string many = "HTTP/1.1 200 OK\r\n";
  for (int i = 0; i < 30'000; ++i)
    many += "X-Header: value and more of it\r\n";
  EXPECT_EQ(answered_with(many).transfer, Transfer::too_large);
  EXPECT_EQ(answered_with("HTTP/1.1 200 OK\r\nX: " + std::string(1 << 20, 'x')).transfer, Transfer::malformed);
}

TEST(Transport, MissingBytesAreACut) {
  auto const reply = answered_with("HTTP/1.1 200 OK\r\nX-Request-Id: r1\r\nContent-Length: 10\r\n\r\n12345");
  EXPECT_EQ(reply.transfer, Transfer::cut);
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.header("x-request-id"), "r1");
  EXPECT_EQ(reply.body, "") << "half an answer could be taken for a whole one";
  EXPECT_EQ(reply.failure->kind(), Kind::unavailable);
}

TEST(Transport, AChunkThatDoesNotComeIsACut) {
  EXPECT_EQ(answered_with("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n").transfer,
            Transfer::cut);
  EXPECT_NE(answered_with("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n").transfer,
            Transfer::done);
}

TEST(Transport, AResetIsACutBeforeAndAfterTheHeaders) {
  for (auto const& said :
       {std::string(), std::string("HTTP/1.1 503 Busy\r\nRetry-After: 3\r\nContent-Length: 100\r\n\r\npart")}) {
    RawServer const server([&](RawConnection& connection) {
      HttpRequest request;
      if (!connection.read(request)) return;
      connection.send(said);
      if (!said.empty()) std::this_thread::sleep_for(100ms);  // a reset overtakes what was not read yet
      connection.reset();
    });
    auto const reply = send(request_to(server.url()));
    EXPECT_EQ(reply.transfer, Transfer::cut) << said;
    EXPECT_EQ(reply.status, said.empty() ? 0 : 503);
    EXPECT_EQ(reply.header("retry-after").has_value(), !said.empty());
  }
}

TEST(Transport, APostIsNotSentAgainWhereAKeptConnectionEnds) {
  std::atomic<int> requests = 0;
  RawServer const server([&](RawConnection& connection) {
    HttpRequest request;
    requests += connection.read(request);
    connection.reply(200, "first");
    requests += connection.read(request);
  });
  auto const transport = open_curl_transport({});
  EXPECT_EQ(transport->send(request_to(server.url())).get().body, "first");
  EXPECT_EQ(transport->send(request_to(server.url())).get().transfer, Transfer::cut);
  EXPECT_EQ(requests, 2);
}

TEST(Transport, NoAnswerAtAllIsACut) {
  EXPECT_EQ(answered_with("").transfer, Transfer::cut);
}

TEST(Transport, GarbageIsMalformed) {
  auto const reply = answered_with(std::string("\x15\x03\x01\0\x02garbage\r\n\r\n", 16));
  EXPECT_EQ(reply.transfer, Transfer::malformed);
  EXPECT_EQ(reply.status, 0);
  EXPECT_EQ(reply.failure->kind(), Kind::bad_answer);
}

TEST(Transport, ADripTimesOut) {
  RawServer const server([](RawConnection& connection) {
    HttpRequest request;
    if (!connection.read(request)) return;
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
    while (!connection.stopping()) {
      connection.send(".");
      std::this_thread::sleep_for(10ms);
    }
  });
  auto request = request_to(server.url());
  request.timeout = 300ms;
  auto const reply = send(request);
  EXPECT_EQ(reply.transfer, Transfer::timed_out);
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.failure->kind(), Kind::unavailable);
}

TEST(Transport, ASlowOneDoesNotKeepTheOthers) {
  std::atomic<bool> open{false};
  RawServer const server(RawServer::answering([&](HttpRequest const& request) {
    while (request.path == "/slow" && !open)
      std::this_thread::sleep_for(1ms);
    return std::string("x");
  }));
  auto const transport = open_curl_transport({});
  auto slow = transport->send(request_to(server.url() + "/slow"));
  EXPECT_EQ(transport->send(request_to(server.url() + "/quick")).get().status, 200);
  EXPECT_EQ(slow.wait_for(0s), std::future_status::timeout);
  open = true;
  EXPECT_EQ(slow.get().status, 200);
}

TEST(Transport, NobodyThereIsUnreachable) {
  std::string url;
  {
    RawServer const gone([](RawConnection&) {});
    url = gone.url();
  }
  auto const reply = send(request_to(url));
  EXPECT_EQ(reply.transfer, Transfer::unreachable);
  EXPECT_EQ(reply.failure->kind(), Kind::unavailable);
  EXPECT_THAT(reply.failure->what(), HasSubstr(url));
  EXPECT_EQ(send(request_to("http://no-such-host.invalid/")).transfer, Transfer::unreachable);
}

TEST(Transport, AHandshakeThatHangsIsUnreachable) {
  RawServer const server([](RawConnection& connection) { connection.hang(); });
  for (bool const by_total : {false, true}) {
    auto request = request_to("https://127.0.0.1:" + std::to_string(server.port()));
    (by_total ? request.timeout : request.connect_timeout) = 200ms;
    EXPECT_EQ(send(request).transfer, Transfer::unreachable);
  }
}

TEST(Transport, ATokenIsNotSentInClearText) {
  RawServer const proxy(RawServer::answering([](HttpRequest const&) { return ""; }));
  HttpProxy const environment(proxy.url());
  for (auto const* url :
       {"http://hub.example/", "http://127.0.0.1.example/", "http://localhost.example/", "http://10.0.0.1/",
        "http://[::2]/", "http://128.0.0.1/", "HTTP://hub.example/", "http://hub.example:443/"}) {
    auto request = request_to(url);
    request.token = Secret("t0ken");
    auto const reply = send(request);
    EXPECT_EQ(reply.transfer, Transfer::not_sent) << url;
    EXPECT_EQ(reply.failure->kind(), Kind::configuration);
    EXPECT_THAT(reply.failure->what(), Not(HasSubstr("t0ken")));
  }
  EXPECT_EQ(proxy.connections(), 0);
}

TEST(Transport, ATokenForThisMachineGoesToNoProxy) {
  RawServer const proxy(RawServer::answering([](HttpRequest const&) { return "proxy"; }));
  RawServer const server(RawServer::answering([](HttpRequest const&) { return "server"; }));
  HttpProxy const environment(proxy.url());
  for (auto const* host : {"http://127.0.0.1:", "http://localhost:", "http://LOCALHOST:", "http://127.1:"}) {
    auto request = request_to(host + std::to_string(server.port()));
    request.token = Secret("t0ken");
    EXPECT_EQ(send(request).body, "server") << host;
  }
  EXPECT_EQ(proxy.connections(), 0);
}

TEST(Transport, TheProxyOfTheEnvironmentIsAsked) {
  HttpRequest seen;
  RawServer const proxy([&](RawConnection& connection) {
    if (connection.read(seen)) connection.reply(200, "by proxy");
  });
  HttpProxy const environment(proxy.url());
  EXPECT_EQ(send(request_to("http://hub.example/models")).body, "by proxy");
  EXPECT_EQ(seen.path, "http://hub.example/models");
  EXPECT_THAT(seen.headers.at("accept-encoding"), HasSubstr("gzip"));
}

TEST(Transport, NoTextSaysTheToken) {
  RawServer const server([](RawConnection& connection) { connection.reset(); });
  for (std::string const& url : {server.url(), std::string("http://127.0.0.1:1/"), std::string("no url"),
                                 "https://127.0.0.1:" + std::to_string(server.port())}) {
    auto request = request_to(url);
    request.token = Secret("t0ken");
    auto const reply = send(request);
    ASSERT_TRUE(reply.failure) << url;
    EXPECT_THAT(reply.failure->what(), Not(HasSubstr("t0ken")));
  }
}

TEST(Transport, NoTextSaysThePasswordOfAUrl) {
  for (auto const* url : {"http://user:passw0rd@127.0.0.1/", "https://user:passw0rd@[bad/", "https://passw0rd@h/"}) {
    auto const reply = send(request_to(url));
    EXPECT_EQ(reply.transfer, Transfer::not_sent) << url;
    EXPECT_EQ(reply.failure->kind(), Kind::usage);
    EXPECT_THAT(reply.failure->what(), Not(HasSubstr("passw0rd")));
  }
  HttpProxy const environment("http://user:passw0rd@[bad");
  auto const reply = send(request_to("http://hub.example/"));
  EXPECT_EQ(reply.transfer, Transfer::unreachable);
  EXPECT_THAT(reply.failure->what(), Not(HasSubstr("passw0rd")));
}

TEST(Transport, NothingCanBeSmuggledIntoAHeader) {
  RawServer const server(RawServer::answering([](HttpRequest const&) { return ""; }));
  std::vector<Request> requests(6, request_to(server.url()));
  requests[0].token = Secret("t0ken\r\nX-More: 1");
  requests[1].headers = {{"X-A", "1\r\nX-More: 1"}};
  requests[2].headers = {{"X-A: 1\r\nX-More", "1"}};
  requests[3].method = "GET / HTTP/1.1\r\nX-More: 1";
  requests[4].headers = {{"authorization", "Bearer x"}};
  requests[5].url += std::string("/\0/", 3);
  for (auto const& request : requests) {
    auto const reply = send(request);
    EXPECT_EQ(reply.transfer, Transfer::not_sent);
    EXPECT_TRUE(reply.failure);
  }
  EXPECT_EQ(server.connections(), 0);
}

TEST(Transport, OnlyHttpIsSpoken) {
  for (auto const* url : {"file:///etc/passwd", "ftp://127.0.0.1/", "127.0.0.1/x", "", "http://", "https://a b/"})
    EXPECT_EQ(send(request_to(url)).transfer, Transfer::not_sent) << url;
}

TEST(Transport, WhatIsUnderWayAtItsEndIsCut) {
  RawServer const server([](RawConnection& connection) {
    HttpRequest request;
    if (connection.read(request)) connection.hang();
  });
  std::vector<std::future<Reply>> futures;
  {
    auto const transport = open_curl_transport({});
    for (int i = 0; i < 20; ++i)
      futures.push_back(transport->send(request_to(server.url())));
    while (server.connections() < 10)
      std::this_thread::sleep_for(1ms);
    for (int i = 0; i < 20; ++i)
      futures.push_back(transport->send(request_to("http://no-such-host.invalid/")));
  }
  for (std::size_t i = 0; i < futures.size(); ++i) {
    ASSERT_EQ(futures[i].wait_for(0s), std::future_status::ready);
    auto const reply = futures[i].get();
    EXPECT_TRUE(reply.failure);
    EXPECT_TRUE(i >= 20 || reply.transfer == Transfer::cut) << name(reply.transfer);
  }
}

TEST(Transport, AnEmptyBodyAndAnEmptyHeaderValueArrive) {
  auto const reply = answered_with("HTTP/1.1 200 OK\r\nX-Empty:\r\nno colon\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.header("x-empty"), "");
}

TEST(Transport, EachTransferHasAName) {
  std::set<std::string_view> names;
  for (auto transfer : {Transfer::done, Transfer::unreachable, Transfer::cut, Transfer::timed_out, Transfer::too_large,
                        Transfer::malformed, Transfer::certificate, Transfer::not_sent})
    names.insert(name(transfer));
  EXPECT_EQ(names.size(), 8u);
  EXPECT_FALSE(names.contains("unknown"));
}

}  // namespace
}  // namespace jvmm::http
