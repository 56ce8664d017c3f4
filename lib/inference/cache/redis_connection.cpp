#include "inference/cache/redis_connection.hpp"

#include <fmt/format.h>
#include <hiredis/hiredis.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <array>
#include <cerrno>
#include <system_error>

#include "base/error.hpp"
#include "log/text_table.hpp"

namespace jvmm::inference {
namespace {

using namespace std::chrono_literals;

constexpr auto k_time_limit = 1s;
constexpr timeval k_connect_limit{1, 0};

/// The server closed the connection, which it may do to one that was idle.
class Closed : public Error {
 public:
  Closed() : Error(Kind::unavailable, "it closed the connection") {}
};

Error unavailable(std::string what) {
  return Error(Kind::unavailable, std::move(what));
}

Error too_late() {
  return unavailable("no answer within a second");
}

std::string system_text(int error) {
  return std::generic_category().message(error);
}

bool is_close(int error) {
  return error == EPIPE || error == ECONNRESET;
}

std::string encoded(std::span<RedisConnection::Command const> commands) {
  std::string out;
  for (auto const& command : commands) {
    out += fmt::format("*{}\r\n", command.size());
    for (auto const& word : command)
      out.append(fmt::format("${}\r\n", word.size())).append(word).append("\r\n");
  }
  return out;
}

}  // namespace

void RedisConnection::FreeReply::operator()(redisReply* reply) const {
  freeReplyObject(reply);
}

void RedisConnection::FreeContext::operator()(redisContext* context) const {
  redisFree(context);
}

std::vector<RedisConnection::Reply> RedisConnection::run(std::span<Command const> commands) {
  bool const may_be_stale = m_context && m_proven;
  try {
    if (!m_context) connect();
    return exchange(commands);
  } catch (Closed const&) {
    m_context.reset();
    if (!may_be_stale) throw;
  } catch (...) {
    m_context.reset();
    throw;
  }
  connect();
  return exchange(commands);
}

void RedisConnection::connect() {
  m_proven = false;
  m_context.reset(m_address.host.empty()
                      ? redisConnectUnixWithTimeout(m_address.socket.c_str(), k_connect_limit)
                      : redisConnectWithTimeout(m_address.host.c_str(), m_address.port, k_connect_limit));
  if (!m_context) throw unavailable("out of memory");
  if (m_context->err != 0) {
    bool const late = m_context->err == REDIS_ERR_IO && (errno == ETIMEDOUT || errno == EAGAIN);
    auto error = late ? too_late() : unavailable(log::one_line(m_context->errstr));
    m_context.reset();
    throw error;
  }
  log_in();
}

/// Replies to AUTH are cut to their first word: some servers repeat the arguments of what they refuse.
void RedisConnection::log_in() {
  std::vector<Command> commands;
  auto const& password = m_address.password.reveal();
  if (!password.empty()) {
    commands.push_back(m_address.user.empty() ? Command{"AUTH", password} : Command{"AUTH", m_address.user, password});
  }
  if (m_address.database != 0) commands.push_back({"SELECT", std::to_string(m_address.database)});
  send_all(encoded(commands));
  for (auto const& command : commands) {
    auto const reply = receive();
    if (reply->type != REDIS_REPLY_ERROR) continue;
    std::string_view const text(reply->str, reply->len);
    throw unavailable(
        fmt::format("it refuses {} ({})", command.front(), log::one_line(text.substr(0, text.find(' ')), 40)));
  }
}

std::vector<RedisConnection::Reply> RedisConnection::exchange(std::span<Command const> commands) {
  send_all(encoded(commands));
  std::vector<Reply> replies;
  for (auto const& command : commands) {
    auto& reply = replies.emplace_back(receive());
    if (reply->type == REDIS_REPLY_ERROR)
      throw unavailable(fmt::format("it refuses {} ({})", command.front(),
                                    log::one_line(std::string_view(reply->str, reply->len), 120)));
  }
  m_proven = true;
  return replies;
}

void RedisConnection::wait_for(short events, SteadyTime deadline) {
  for (;;) {
    auto const left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left <= 0ms) throw too_late();
    pollfd ready{m_context->fd, events, 0};
    int const count = poll(&ready, 1, static_cast<int>(left.count()));
    if (count > 0) return;
    if (count < 0 && errno != EINTR) throw unavailable(system_text(errno));
  }
}

/// Not by hiredis, whose writing raises SIGPIPE and whose time limit begins anew with every byte.
void RedisConnection::send_all(std::string_view bytes) {
  auto const deadline = std::chrono::steady_clock::now() + k_time_limit;
  while (!bytes.empty()) {
    wait_for(POLLOUT, deadline);
    auto const sent = send(m_context->fd, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent > 0) bytes.remove_prefix(static_cast<std::size_t>(sent));
    if (sent >= 0 || errno == EINTR || errno == EAGAIN) continue;
    if (is_close(errno)) throw Closed();
    throw unavailable(system_text(errno));
  }
}

RedisConnection::Reply RedisConnection::receive() {
  auto const deadline = std::chrono::steady_clock::now() + k_time_limit;
  std::array<char, 64 * 1024> buffer;
  for (;;) {
    void* reply = nullptr;
    if (redisReaderGetReply(m_context->reader, &reply) != REDIS_OK)
      throw unavailable("it does not speak Redis' protocol");
    if (reply) return Reply(static_cast<redisReply*>(reply));
    wait_for(POLLIN, deadline);
    auto const got = recv(m_context->fd, buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (got == 0 || (got < 0 && is_close(errno))) throw Closed();
    if (got < 0 && errno != EINTR && errno != EAGAIN) throw unavailable(system_text(errno));
    if (got > 0) redisReaderFeed(m_context->reader, buffer.data(), static_cast<std::size_t>(got));
  }
}

}  // namespace jvmm::inference
