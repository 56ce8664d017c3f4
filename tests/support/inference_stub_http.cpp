#include "support/inference_stub_http.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cctype>
#include <cerrno>
#include <charconv>
#include <queue>
#include <stdexcept>
#include <thread>
#include <unordered_map>

namespace jvmm::testing {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t k_max_head = std::size_t{64} << 10;
constexpr std::size_t k_max_body = std::size_t{256} << 20;

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) { return std::tolower(c); });
  return out;
}

std::string_view trimmed(std::string_view text) {
  auto const begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1);
}

/// False if it is no head of HTTP/1.
bool parse_head(std::string_view head, WireRequest& out) {
  auto const first = head.substr(0, head.find("\r\n"));
  auto const method_end = first.find(' ');
  auto const target_end = first.rfind(' ');
  if (method_end == std::string_view::npos || target_end <= method_end) return false;
  if (!first.substr(target_end + 1).starts_with("HTTP/1.")) return false;
  out.method = first.substr(0, method_end);
  out.target = first.substr(method_end + 1, target_end - method_end - 1);
  for (auto at = first.size() + 2; at < head.size();) {
    auto const end = std::min(head.find("\r\n", at), head.size());
    auto const line = head.substr(at, end - at);
    auto const colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0) return false;
    out.headers.emplace_back(lower(line.substr(0, colon)), std::string(trimmed(line.substr(colon + 1))));
    at = end + 2;
  }
  return true;
}

WireReply refusal(int status, std::string_view reason) {
  WireReply out;
  out.bytes = fmt::format("HTTP/1.1 {} {}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n", status, reason);
  out.end = WireReply::End::close;
  return out;
}

struct Connection {
  enum class State { reading, waiting, writing, hanging };

  int socket = -1;
  std::uint64_t number = 0;
  State state = State::reading;
  std::string in;
  WireRequest request;
  std::size_t head_bytes = 0;  ///< 0 while the head is not there yet
  std::size_t body_bytes = 0;
  bool answering = false;  ///< `finished` is owed
  WireReply reply;
  std::size_t sent = 0;
  bool watches_output = false;
};

struct Timer {
  Clock::time_point when;
  std::uint64_t connection;
  bool operator>(Timer const& other) const { return when > other.when; }
};

}  // namespace

struct WireServer::Loop {
  explicit Loop(WireHandler& the_handler) : handler(the_handler) {}

  void listen(std::uint16_t wanted);
  void run();
  void accept_all();
  void handle(std::uint64_t number, std::uint32_t events);
  bool receive(Connection& connection);
  void advance(Connection& connection);
  bool head_complete(Connection& connection);
  void start(Connection& connection, WireReply reply);
  void write(Connection& connection);
  void answered(Connection& connection);
  void watch(Connection& connection, bool output);
  void wait_until(Connection& connection, Clock::time_point when);
  void fire_timers();
  int milliseconds_to_timer() const;
  void drop(Connection& connection, bool reset);

  WireHandler& handler;
  int epoll = -1, listener = -1, wake = -1;
  std::uint16_t port = 0;
  std::atomic<bool> stop{false};
  std::atomic<std::uint64_t> to_reset{0};
  std::uint64_t accepted = 0;
  std::unordered_map<std::uint64_t, std::unique_ptr<Connection>> connections;
  std::priority_queue<Timer, std::vector<Timer>, std::greater<>> timers;
  std::array<char, std::size_t{256} << 10> buffer{};
  std::thread thread;
};

void WireServer::Loop::listen(std::uint16_t wanted) {
  listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  int const yes = 1;
  ::setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(wanted);
  socklen_t size = sizeof address;
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  if (listener < 0 || ::bind(listener, generic, size) != 0 || ::listen(listener, 1024) != 0 ||
      ::getsockname(listener, generic, &size) != 0)
    throw std::runtime_error(fmt::format("inference stub: cannot listen on 127.0.0.1:{}", wanted));
  port = ntohs(address.sin_port);
  epoll = ::epoll_create1(EPOLL_CLOEXEC);
  wake = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = 0;  // connections count from 1
  ::epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event);
  if (::epoll_ctl(epoll, EPOLL_CTL_ADD, wake, &event) != 0) throw std::runtime_error("inference stub: no epoll");
}

void WireServer::Loop::run() {
  std::array<epoll_event, 128> events{};
  while (!stop) {
    int const count = ::epoll_wait(epoll, events.data(), static_cast<int>(events.size()), milliseconds_to_timer());
    for (int i = 0; i < count; ++i) {
      auto const& event = events[static_cast<std::size_t>(i)];
      if (event.data.u64 == 0)
        accept_all();
      else
        handle(event.data.u64, event.events);
    }
    fire_timers();
  }
  while (!connections.empty())
    drop(*connections.begin()->second, true);
}

void WireServer::Loop::accept_all() {
  while (!stop) {
    int const socket = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (socket < 0) return;
    int const yes = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    auto connection = std::make_unique<Connection>();
    connection->socket = socket;
    connection->number = ++accepted;
    handler.connected(connection->number);
    epoll_event event{};
    event.events = EPOLLIN | EPOLLRDHUP;
    event.data.u64 = connection->number;
    ::epoll_ctl(epoll, EPOLL_CTL_ADD, socket, &event);
    auto& kept = *connections.emplace(accepted, std::move(connection)).first->second;
    if (to_reset > 0) --to_reset, drop(kept, true);
  }
}

void WireServer::Loop::handle(std::uint64_t number, std::uint32_t events) {
  auto const found = connections.find(number);
  if (found == connections.end()) return;
  auto& connection = *found->second;
  if ((events & (EPOLLHUP | EPOLLERR)) != 0) return drop(connection, false);
  if ((events & (EPOLLIN | EPOLLRDHUP)) != 0) {
    if (!receive(connection)) return drop(connection, false);
    if (connection.state == Connection::State::reading) return advance(connection);
  }
  if ((events & EPOLLOUT) != 0 && connection.state == Connection::State::writing) write(connection);
}

/// False where the client is gone.
bool WireServer::Loop::receive(Connection& connection) {
  for (;;) {
    auto const count = ::recv(connection.socket, buffer.data(), buffer.size(), 0);
    if (count > 0) {
      connection.in.append(buffer.data(), static_cast<std::size_t>(count));
      if (static_cast<std::size_t>(count) < buffer.size()) return true;
    } else {
      return count < 0 && (errno == EAGAIN || errno == EINTR);
    }
  }
}

/// Answers a request that has come in whole.
void WireServer::Loop::advance(Connection& connection) {
  if (connection.head_bytes == 0 && !head_complete(connection)) return;
  auto const whole = connection.head_bytes + connection.body_bytes;
  if (connection.in.size() < whole) return;
  connection.request.connection = connection.number;
  connection.request.body = connection.in.substr(connection.head_bytes, connection.body_bytes);
  connection.in.erase(0, whole);
  auto reply = handler.answer(connection.request);
  connection.answering = true;
  start(connection, std::move(reply));
}

/// Reads the head if it is there; false if there is nothing to read on for.
bool WireServer::Loop::head_complete(Connection& connection) {
  auto const end = connection.in.find("\r\n\r\n");
  if (end == std::string::npos) {
    if (connection.in.size() > k_max_head) start(connection, refusal(431, "Request Header Fields Too Large"));
    return false;
  }
  connection.request = {};
  auto& request = connection.request;
  if (!parse_head(std::string_view(connection.in).substr(0, end), request)) {
    start(connection, refusal(400, "Bad Request"));
    return false;
  }
  connection.head_bytes = end + 4;
  connection.body_bytes = 0;
  auto const length = request.header("content-length");
  if (length &&
      std::from_chars(length->data(), length->data() + length->size(), connection.body_bytes).ec != std::errc()) {
    start(connection, refusal(400, "Bad Request"));
    return false;
  }
  if (request.header("transfer-encoding") || connection.body_bytes > k_max_body) {
    start(connection,
          request.header("transfer-encoding") ? refusal(411, "Length Required") : refusal(413, "Payload Too Large"));
    return false;
  }
  if (request.header("expect") && connection.in.size() < connection.head_bytes + connection.body_bytes) {
    constexpr std::string_view k_go_on = "HTTP/1.1 100 Continue\r\n\r\n";
    std::ignore = ::send(connection.socket, k_go_on.data(), k_go_on.size(), MSG_NOSIGNAL);
  }
  return true;
}

void WireServer::Loop::start(Connection& connection, WireReply reply) {
  auto const asked_to_close = connection.request.header("connection");
  if (asked_to_close && lower(*asked_to_close) == "close" && reply.end == WireReply::End::keep)
    reply.end = WireReply::End::close;
  connection.reply = std::move(reply);
  connection.sent = 0;
  if (connection.reply.delay.count() <= 0) return write(connection);
  connection.state = Connection::State::waiting;
  wait_until(connection, Clock::now() + connection.reply.delay);
}

void WireServer::Loop::write(Connection& connection) {
  connection.state = Connection::State::writing;
  auto const& reply = connection.reply;
  while (connection.sent < reply.bytes.size()) {
    auto const rest = reply.bytes.size() - connection.sent;
    auto const count = ::send(connection.socket, reply.bytes.data() + connection.sent,
                              reply.drip_bytes > 0 ? std::min(rest, reply.drip_bytes) : rest, MSG_NOSIGNAL);
    if (count < 0 && errno == EAGAIN) return watch(connection, true);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return drop(connection, false);
    connection.sent += static_cast<std::size_t>(count);
    if (reply.drip_bytes > 0 && connection.sent < reply.bytes.size()) {
      connection.state = Connection::State::waiting;
      watch(connection, false);
      return wait_until(connection, Clock::now() + reply.drip_pause);
    }
  }
  answered(connection);
}

void WireServer::Loop::answered(Connection& connection) {
  watch(connection, false);
  if (connection.reply.end == WireReply::End::hang) {
    connection.state = Connection::State::hanging;  // in flight until the client goes away
    return;
  }
  if (connection.reply.end != WireReply::End::keep)
    return drop(connection, connection.reply.end == WireReply::End::reset);
  if (connection.answering) handler.finished(connection.reply.weight);
  connection.answering = false;
  connection.reply = {};
  connection.head_bytes = 0;
  connection.state = Connection::State::reading;
  if (!connection.in.empty()) advance(connection);
}

void WireServer::Loop::watch(Connection& connection, bool output) {
  if (connection.watches_output == output) return;
  connection.watches_output = output;
  epoll_event event{};
  event.events = EPOLLIN | EPOLLRDHUP | (output ? std::uint32_t{EPOLLOUT} : 0U);
  event.data.u64 = connection.number;
  ::epoll_ctl(epoll, EPOLL_CTL_MOD, connection.socket, &event);
}

void WireServer::Loop::wait_until(Connection& connection, Clock::time_point when) {
  timers.push({when, connection.number});
}

void WireServer::Loop::fire_timers() {
  auto const now = Clock::now();
  while (!timers.empty() && timers.top().when <= now) {
    auto const number = timers.top().connection;
    timers.pop();
    auto const found = connections.find(number);
    if (found != connections.end() && found->second->state == Connection::State::waiting) write(*found->second);
  }
}

int WireServer::Loop::milliseconds_to_timer() const {
  if (timers.empty()) return -1;
  auto const left = std::chrono::ceil<std::chrono::milliseconds>(timers.top().when - Clock::now());
  return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 60'000));
}

/// A closed socket with unread input is reset by the kernel, so that input is drained before a sound end.
void WireServer::Loop::drop(Connection& connection, bool reset) {
  if (connection.answering) handler.finished(connection.reply.weight);
  if (reset) {
    linger const at_once{1, 0};
    ::setsockopt(connection.socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  } else {
    ::shutdown(connection.socket, SHUT_WR);
    while (::recv(connection.socket, buffer.data(), buffer.size(), 0) > 0)
      ;
  }
  ::close(connection.socket);
  connections.erase(connection.number);
}

std::optional<std::string_view> WireRequest::header(std::string_view name) const {
  for (auto const& [key, value] : headers)
    if (key == name) return value;
  return std::nullopt;
}

WireServer::WireServer(WireHandler& handler, std::uint16_t port) : m_loop(std::make_unique<Loop>(handler)) {
  m_loop->listen(port);
  m_loop->thread = std::thread([this] { m_loop->run(); });
}

WireServer::~WireServer() {
  m_loop->stop = true;
  std::uint64_t const one = 1;
  std::ignore = ::write(m_loop->wake, &one, sizeof one);
  m_loop->thread.join();
  for (int const descriptor : {m_loop->listener, m_loop->wake, m_loop->epoll})
    ::close(descriptor);
}

std::uint16_t WireServer::port() const {
  return m_loop->port;
}

void WireServer::reset_next_connections(std::uint64_t count) {
  m_loop->to_reset += count;
}

}  // namespace jvmm::testing
