#include "inference/cache/redis_store.hpp"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <thread>

#include "inference/answer_store_fixture.hpp"
#include "support/redis_server.hpp"

namespace jvmm::inference {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using namespace std::chrono_literals;

int count(std::string const& text, std::string const& part) {
  int out = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
    ++out;
  return out;
}

struct RedisStoreTest : AnswerStoreTest {
  RedisStoreTest() { options.memory_bytes = 0; }

  /// A store without a file, as on another machine.
  std::unique_ptr<AnswerStore> elsewhere(std::string const& url) {
    auto other = options;
    other.file.clear();
    other.redis_url = Secret(url);
    return open_answer_store(other, clock, log);
  }
  std::unique_ptr<AnswerStore> open_with(std::string const& url) {
    options.redis_url = Secret(url);
    return open();
  }
  int warnings() { return count(stream.text(), "warn"); }
};

// --- addresses and values -------------------------------------------------------------------------------------------

TEST(RedisUrl, NamesHostPortDatabaseAndLogin) {
  auto const plain = parse_redis_url(Secret("redis://cache.example"));
  EXPECT_EQ(plain.text(), "cache.example:6379");
  EXPECT_EQ(plain.database, 0);
  auto const full = parse_redis_url(Secret("redis://me:p%40ss%2Fw:o@rd@[::1]:7000/3?timeout=5"));
  EXPECT_EQ(full.host, "::1");
  EXPECT_EQ(full.port, 7000);
  EXPECT_EQ(full.database, 3);
  EXPECT_EQ(full.user, "me");
  EXPECT_EQ(full.password.reveal(), "p@ss/w:o@rd");
  EXPECT_EQ(parse_redis_url(Secret("redis://secret@h")).password.reveal(), "secret");
  EXPECT_EQ(parse_redis_url(Secret("redis://:s@h:/")).port, 6379);
  EXPECT_EQ(parse_redis_url(Secret("redis://")).host, "localhost");
  EXPECT_EQ(parse_redis_url(Secret("redis://h/1?x=a@b#c@d")).host, "h");
  auto const socket = parse_redis_url(Secret("unix://:pw@/run/redis.sock?db=2"));
  EXPECT_EQ(socket.text(), "/run/redis.sock");
  EXPECT_EQ(socket.database, 2);
  EXPECT_EQ(socket.password.reveal(), "pw");
  EXPECT_EQ(parse_redis_url(Secret("/run/redis.sock")).socket, "/run/redis.sock");
}

TEST(RedisUrl, ThatMakesNoSenseIsRefusedWithoutBeingQuoted) {
  for (std::string const url :
       {"http://topsecret@h", "topsecret", "redis://:topsecret@h:port", "redis://:topsecret@h:0", "redis://h:70000",
        "redis://:topsecret@h/x", "redis://:top/secret@h", "unix://h/topsecret", "redis://:topsecret@h/-1",
        "unix://topsecret", "rediss://:topsecret@h", "redis://h\r\ntopsecret", "unix:///s?db=topsecret"}) {
    SCOPED_TRACE(url);
    try {
      parse_redis_url(Secret(url));
      ADD_FAILURE();
    } catch (Error const& error) {
      EXPECT_EQ(error.kind(), Kind::configuration);
      EXPECT_THAT(error.what(), Not(HasSubstr("secret")));
    }
  }
}

TEST(RedisValue, ReadsWhatItWroteAndNothingElse) {
  StoredAnswer const answer{std::string("by\0tes", 6), "hf"};
  auto const value = redis_value(answer);
  EXPECT_EQ(parse_redis_value(value), answer);
  EXPECT_EQ(parse_redis_value(redis_value({"", ""})), (StoredAnswer{"", ""}));
  for (std::size_t i = 0; i < value.size(); ++i)
    EXPECT_FALSE(parse_redis_value(std::string_view(value).substr(0, i))) << i;
  EXPECT_FALSE(parse_redis_value(value + "x"));
  EXPECT_FALSE(parse_redis_value(std::string(8, '\xff')));
}

// --- a server -------------------------------------------------------------------------------------------------------

TEST_F(RedisStoreTest, TwoStoresShareAnswers) {
  test::RedisServer const server;
  {
    auto const store = open_with(server.url());
    for (int i = 0; i < 300; ++i)
      settle(*store, i, std::to_string(i));
  }
  auto const other = elsewhere(server.url());
  std::vector<AnswerKey> keys;
  for (int i = 0; i < 301; ++i)
    keys.push_back(key(i));
  auto const found = other->find(keys);
  for (int i = 0; i < 300; ++i)
    EXPECT_EQ(found[static_cast<std::size_t>(i)], (StoredAnswer{std::to_string(i), "hf"}));
  EXPECT_FALSE(found[300]);
  EXPECT_EQ(warnings(), 0) << stream.text();
}

TEST_F(RedisStoreTest, AnswersExpire) {
  test::RedisServer const server;
  options.redis_ttl = 2h;
  settle(*open_with(server.url()), 1);
  RedisConnection redis(parse_redis_url(Secret(server.url())));
  auto const has_ttl = [&](std::string const& ttl) {
    std::vector<RedisConnection::Command> const commands{
        {"EVAL",
         "local k = redis.call('KEYS', 'jvmm:answer:1:*') if #k == 1 and redis.call('TTL', k[1]) > " + ttl +
             " then return 1 end return redis.error_reply('no')",
         "0"}};
    redis.run(commands);
  };
  has_ttl("7100");
  jvmm::testing::expect_error(Kind::unavailable, "no", [&] { has_ttl("7200"); });
}

TEST_F(RedisStoreTest, MalformedValuesAreIgnored) {
  test::RedisServer const server;
  std::string name = "jvmm:answer:1:";
  for (auto const byte : key(1))
    name += fmt::format("{:02x}", byte);
  RedisConnection redis(parse_redis_url(Secret(server.url())));
  auto const store = elsewhere(server.url());
  for (RedisConnection::Command const& command : {RedisConnection::Command{"SET", name, "garbage"},
                                                  {"SET", name, ""},
                                                  {"SET", name, std::string(1000, '\xff')},
                                                  {"DEL", name},
                                                  {"LPUSH", name, "a"}}) {
    redis.run({&command, 1});
    EXPECT_FALSE(find(*store, 1));
  }
  settle(*store, 2);
  EXPECT_EQ(warnings(), 0);
}

TEST_F(RedisStoreTest, LogsInWithThePassword) {
  test::RedisServer const server("top/se:cret");
  settle(*open_with("unix://:top%2Fse%3Acret@" + server.socket()), 1);
  EXPECT_TRUE(find(*elsewhere("unix://:top%2Fse%3Acret@" + server.socket() + "?db=0"), 1));
  EXPECT_EQ(warnings(), 0) << stream.text();
}

TEST_F(RedisStoreTest, AWrongPasswordIsOneWarningThatDoesNotTellIt) {
  test::RedisServer const server("right");
  auto const store = open_with("unix://:wrongsecret@" + server.socket());
  settle(*store, 1);
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(find(*store, 1));
    EXPECT_FALSE(find(*store, 2));
  }
  EXPECT_EQ(warnings(), 1) << stream.text();
  EXPECT_THAT(stream.text(), HasSubstr("WRONGPASS"));
  EXPECT_THAT(stream.text(), HasSubstr(server.socket()));
  EXPECT_THAT(stream.text(), Not(HasSubstr("secret")));
}

TEST_F(RedisStoreTest, KilledInTheMiddleItIsLeftAloneAfterOneWarning) {
  test::RedisServer server;
  auto const store = open_with(server.url());
  settle(*store, 1);
  EXPECT_FALSE(find(*store, 2));
  server.kill();
  for (int i = 3; i < 10; ++i) {
    settle(*store, i);
    EXPECT_TRUE(find(*store, 1));
    EXPECT_FALSE(find(*store, 2));
  }
  EXPECT_EQ(warnings(), 1) << stream.text();
  EXPECT_THAT(stream.text(), HasSubstr("is not used any more"));
}

TEST_F(RedisStoreTest, ThatHangsCostsItsTimeLimitOnce) {
  test::RedisServer const server;
  auto const store = open_with(server.url());
  settle(*store, 1);
  EXPECT_FALSE(find(*store, 2));
  server.hang();
  EXPECT_TRUE(find(*store, 1));  // needs no Redis
  EXPECT_EQ(warnings(), 0);
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t)
      threads.emplace_back([&] {
        for (int i = 0; i < 200; ++i)
          EXPECT_FALSE(find(*store, 2));  // would take minutes
      });
  }
  settle(*store, 3);
  EXPECT_EQ(warnings(), 1) << stream.text();
  EXPECT_THAT(stream.text(), HasSubstr("no answer within a second"));
  server.wake();
}

TEST_F(RedisStoreTest, OneThatHangsDoesNotKeepSettlementsWaiting) {
  test::RedisServer const server;
  server.hang();
  auto const store = open_with(server.url());
  for (int i = 0; i < 100; ++i)
    settle(*store, i);
  EXPECT_TRUE(find(*store, 99));
  server.wake();
}

TEST_F(RedisStoreTest, AnIdleConnectionThatWasClosedIsMadeAgain) {
  test::RedisServer const server;
  settle(*open_with(server.url()), 1);
  auto const store = elsewhere(server.url());
  EXPECT_TRUE(find(*store, 1));
  RedisConnection redis(parse_redis_url(Secret(server.url())));
  RedisConnection::Command const kill_others{"CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"};
  redis.run({&kill_others, 1});
  EXPECT_TRUE(find(*store, 1));
  EXPECT_EQ(warnings(), 0) << stream.text();
}

TEST_F(RedisStoreTest, ThatCannotBeReachedOrUsedIsLeftAlone) {
  for (std::string const url : {"redis://:topsecret@127.0.0.1:1/0", "unix:///no/such/socket", "rediss://:topsecret@h",
                                "topsecret", "redis://topsecret@h:x"}) {
    SCOPED_TRACE(url);
    auto const before = warnings();
    auto const store = open_with(url);
    settle(*store, 1);
    EXPECT_TRUE(find(*store, 1));
    EXPECT_FALSE(find(*store, 2));
    EXPECT_EQ(warnings(), before + 1);
  }
  EXPECT_THAT(stream.text(), HasSubstr("127.0.0.1:1"));
  EXPECT_THAT(stream.text(), HasSubstr("Connection refused"));
  EXPECT_THAT(stream.text(), HasSubstr("TLS"));
  EXPECT_THAT(stream.text(), Not(HasSubstr("topsecret")));
}

/// A server that says one thing to everybody, byte by byte, and then nothing.
class Babbler {
 public:
  explicit Babbler(std::string text) : m_fd(::socket(AF_INET, SOCK_STREAM, 0)), m_text(std::move(text)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::bind(m_fd, reinterpret_cast<sockaddr const*>(&address), sizeof address);
    ::listen(m_fd, 8);
    m_thread = std::jthread([this](std::stop_token const& stop) { serve(stop); });
  }
  ~Babbler() {
    m_thread.request_stop();
    m_thread.join();
    ::close(m_fd);
  }
  Babbler(Babbler const&) = delete;
  Babbler& operator=(Babbler const&) = delete;

  std::string url() const {
    sockaddr_in address{};
    socklen_t size = sizeof address;
    ::getsockname(m_fd, reinterpret_cast<sockaddr*>(&address), &size);
    return fmt::format("redis://127.0.0.1:{}", ntohs(address.sin_port));
  }

 private:
  void serve(std::stop_token const& stop) const {
    std::vector<std::pair<int, std::size_t>> clients;
    while (!stop.stop_requested()) {
      pollfd waiting{m_fd, POLLIN, 0};
      if (::poll(&waiting, 1, 1) > 0) clients.emplace_back(::accept(m_fd, nullptr, nullptr), 0);
      for (auto& [fd, at] : clients)
        if (at < m_text.size() && ::send(fd, &m_text[at], 1, MSG_NOSIGNAL) == 1) ++at;
    }
    for (auto const& [fd, at] : clients)
      ::close(fd);
  }

  int m_fd;
  std::string m_text;
  std::jthread m_thread;
};

TEST_F(RedisStoreTest, AnythingElseAtTheOtherEndIsLeftAlone) {
  std::vector<std::jthread> threads;
  for (std::string const text :
       {"HTTP/1.1 400 Bad Request\r\n\r\n", "*1\r\n$100\r\nnot all of it", "+OK\r\n", "*-1\r\n", ":1\r\n",
        "*2\r\n$1\r\na\r\n$1\r\nb\r\n", "*1\r\n*1\r\n*1\r\n:1\r\n", "*1\r\n:7\r\n", "*1\r\n$-1\r\n", "*0\r\n",
        "-ERR no\r\n", "*1\r\n$999999999999\r\nx", "*99999999999\r\n", "$-7\r\n", ""})
    threads.emplace_back([this, text] {
      Babbler const server(text);
      auto const store = elsewhere(server.url());
      EXPECT_FALSE(find(*store, 1)) << text;
      EXPECT_FALSE(find(*store, 1)) << text;
    });
  threads.clear();
  EXPECT_LE(warnings(), 15);
  EXPECT_THAT(stream.text(), HasSubstr("does not speak Redis' protocol"));
}

TEST_F(RedisStoreTest, OneThatTricklesIsGivenUpAfterItsTime) {
  Babbler const server("*1\r\n$100000\r\n" + std::string(100'000, 'x') + "\r\n");  // a byte a millisecond
  auto const store = elsewhere(server.url());
  EXPECT_FALSE(find(*store, 1));
  EXPECT_THAT(stream.text(), HasSubstr("no answer within a second"));
}

}  // namespace
}  // namespace jvmm::inference
