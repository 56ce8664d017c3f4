#include "support/tcp_proxy.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <deque>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <vector>

namespace jvmm::test {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

/// A file descriptor that closes itself.
class Socket {
 public:
  explicit Socket(int fd = -1) : m_fd(fd) {}
  ~Socket() { close(); }
  Socket(Socket&& other) noexcept : m_fd(std::exchange(other.m_fd, -1)) {}
  Socket& operator=(Socket&& other) noexcept {
    std::swap(m_fd, other.m_fd);
    return *this;
  }

  int fd() const { return m_fd; }
  void close() {
    if (m_fd >= 0) ::close(m_fd);
    m_fd = -1;
  }

 private:
  int m_fd;
};

[[noreturn]] void fail(std::string_view what) {
  throw std::runtime_error(fmt::format("proxy: {}: {}", what, std::strerror(errno)));
}

void prepare(Socket const& socket) {
  int const on = 1;
  ::setsockopt(socket.fd(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);  // no effect on a Unix socket
  ::fcntl(socket.fd(), F_SETFL, ::fcntl(socket.fd(), F_GETFL) | O_NONBLOCK);
}

Socket listen_on_loopback(std::string& port) {
  Socket socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const any = reinterpret_cast<sockaddr*>(&address);
  if (::bind(socket.fd(), any, size) != 0 || ::listen(socket.fd(), 64) != 0) fail("listen");
  ::getsockname(socket.fd(), any, &size);
  port = fmt::format("{}", ntohs(address.sin_port));
  return socket;
}

Socket connect_unix(std::string const& folder, std::string const& port) {
  Socket socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  auto const path = fmt::format("{}/.s.PGSQL.{}", folder, port);
  if (path.size() >= sizeof address.sun_path) throw std::runtime_error("proxy: socket path too long: " + path);
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  if (::connect(socket.fd(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) fail("connect " + path);
  return socket;
}

Socket connect_to(std::string const& host, std::string const& port) {
  if (host.starts_with('/')) return connect_unix(host, port);
  Socket socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(std::stoi(port)));
  if (::inet_pton(AF_INET, host == "localhost" ? "127.0.0.1" : host.c_str(), &address.sin_addr) != 1)
    throw std::runtime_error("proxy: not an IPv4 address: " + host);
  if (::connect(socket.fd(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) fail("connect " + host);
  return socket;
}

/// Bytes on their way in one direction, each piece with the time at which it arrives.
class Pipe {
 public:
  void push(std::string bytes, Clock::time_point due) {
    if (!bytes.empty()) m_pieces.push_back({std::move(bytes), due});
  }
  bool empty() const { return m_pieces.empty(); }
  Clock::time_point due() const { return m_pieces.front().due; }

  /// Sends what is due and fits. False when the other side is gone.
  bool send_due(int fd, Clock::time_point now) {
    while (!empty() && due() <= now) {
      auto& piece = m_pieces.front();
      auto const sent = ::send(fd, piece.bytes.data(), piece.bytes.size(), MSG_NOSIGNAL);
      if (sent < 0) return errno == EAGAIN || errno == EINTR;
      piece.bytes.erase(0, static_cast<std::size_t>(sent));
      if (!piece.bytes.empty()) return true;
      m_pieces.pop_front();
    }
    return true;
  }

 private:
  struct Piece {
    std::string bytes;
    Clock::time_point due;
  };
  std::deque<Piece> m_pieces;
};

std::uint32_t number_at(std::string_view bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i)
    value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

/// Splits what the client sends into protocol messages.
class ClientMessages {
 public:
  void feed(std::string_view bytes) { m_pending += bytes; }

  /// The next complete message, or empty. Messages before and with the start-up packet have no type byte.
  std::string next() {
    std::size_t const prefix = m_started ? 1 : 0;
    if (m_pending.size() < prefix + 4) return {};
    auto const size = prefix + number_at(m_pending, prefix);
    if (m_pending.size() < size) return {};
    constexpr std::uint32_t k_protocol_3 = 196'608;  // against requests for encryption, which come earlier
    if (!m_started && size >= 8 && number_at(m_pending, 4) == k_protocol_3) m_started = true;
    auto message = m_pending.substr(0, size);
    m_pending.erase(0, size);
    return message;
  }

 private:
  bool m_started = false;
  std::string m_pending;
};

bool is_password(std::string_view message) {
  return message[0] == 'p';
}

// A simple query, 'Q' and a length before the text.
bool is_commit(std::string_view message) {
  return message[0] == 'Q' && message.substr(5).starts_with("COMMIT");
}

bool is_startup(std::string_view message) {
  return message[0] == '\0';
}

}  // namespace

struct TcpProxy::Link {
  Socket client;
  Socket server;
  ClientMessages messages;
  Pipe to_client;
  Pipe to_server;
  bool drop_answer_and_cut = false;
  bool cut_when_sent = false;  ///< once to_server is empty
  bool dead = false;
};

struct TcpProxy::State {
  std::string host;
  std::string upstream_port;
  Socket listener;
  Socket wake_read;
  Socket wake_write;
  std::atomic<bool> ending{false};
  std::atomic<int> accepted{0};
  std::mutex mutex;  // guards the three below
  ProxyFaults faults;
  int messages = 0;
  std::size_t client_bytes = 0;
  std::size_t server_bytes = 0;
  std::vector<std::unique_ptr<Link>> links;

  void accept_one();
  void from_client(Link& link);
  void from_server(Link& link);
  void pass_on(Link& link, std::string message);
  std::string limited(Link& link, std::string bytes, std::size_t& count, std::optional<std::size_t>& limit);
  void serve(Link& link, short client_events, short server_events);
  int poll_timeout() const;
};

void TcpProxy::State::accept_one() {
  Socket client(::accept4(listener.fd(), nullptr, nullptr, SOCK_CLOEXEC));
  if (client.fd() < 0) return;
  ++accepted;
  auto link = std::make_unique<Link>();
  link->client = std::move(client);
  prepare(link->client);
  try {
    link->server = connect_to(host, upstream_port);
    prepare(link->server);
    links.push_back(std::move(link));
  } catch (std::exception const&) {
    // The server is down: the client's connection closes, as it would without a proxy.
  }
}

// The part of the bytes that may still pass; the link dies with the rest.
std::string TcpProxy::State::limited(Link& link, std::string bytes, std::size_t& count,
                                     std::optional<std::size_t>& limit) {
  if (limit && count + bytes.size() >= *limit) {
    bytes.resize(*limit - std::min(count, *limit));
    limit.reset();
    link.cut_when_sent = true;
  }
  count += bytes.size();
  return bytes;
}

void TcpProxy::State::pass_on(Link& link, std::string message) {
  std::lock_guard const lock(mutex);
  if (faults.black_hole || link.cut_when_sent) return;
  bool const commit = is_commit(message);
  if (commit && faults.commit != CommitCut::never) {
    auto const cut = std::exchange(faults.commit, CommitCut::never);
    link.cut_when_sent = cut == CommitCut::before_server_hears;
    link.drop_answer_and_cut = cut == CommitCut::before_client_hears;
    if (link.cut_when_sent) return;
  }
  if (faults.cut_after_messages && !is_startup(message) && !is_password(message) &&
      ++messages >= *faults.cut_after_messages) {
    faults.cut_after_messages.reset();
    link.cut_when_sent = true;
  }
  link.to_server.push(limited(link, std::move(message), client_bytes, faults.cut_after_client_bytes),
                      Clock::now() + faults.delay);
}

void TcpProxy::State::from_client(Link& link) {
  char buffer[65536];
  auto const got = ::recv(link.client.fd(), buffer, sizeof buffer, 0);
  if (got <= 0) {
    link.dead = got == 0 || errno != EAGAIN;
    return;
  }
  link.messages.feed({buffer, static_cast<std::size_t>(got)});
  for (auto message = link.messages.next(); !message.empty(); message = link.messages.next())
    pass_on(link, std::move(message));
}

void TcpProxy::State::from_server(Link& link) {
  char buffer[65536];
  auto const got = ::recv(link.server.fd(), buffer, sizeof buffer, 0);
  if (got <= 0) {
    link.dead = got == 0 || errno != EAGAIN;
    return;
  }
  std::lock_guard const lock(mutex);
  if (link.drop_answer_and_cut) {
    link.dead = true;
    return;
  }
  if (faults.black_hole) return;
  std::string bytes(buffer, static_cast<std::size_t>(got));
  link.to_client.push(limited(link, std::move(bytes), server_bytes, faults.cut_after_server_bytes),
                      Clock::now() + faults.delay);
}

void TcpProxy::State::serve(Link& link, short client_events, short server_events) {
  if ((client_events & (POLLIN | POLLHUP | POLLERR)) != 0) from_client(link);
  if ((server_events & (POLLIN | POLLHUP | POLLERR)) != 0) from_server(link);
  auto const now = link.dead ? Clock::time_point::max() : Clock::now();
  bool const sound = link.to_server.send_due(link.server.fd(), now) && link.to_client.send_due(link.client.fd(), now);
  link.dead = link.dead || !sound || (link.cut_when_sent && link.to_server.empty() && link.to_client.empty());
}

int TcpProxy::State::poll_timeout() const {
  milliseconds wait{1'000};
  for (auto const& link : links) {
    for (auto const* pipe : {&link->to_client, &link->to_server}) {
      if (!pipe->empty()) wait = std::min(wait, std::chrono::ceil<milliseconds>(pipe->due() - Clock::now()));
    }
  }
  return static_cast<int>(std::max(wait, milliseconds{0}).count());
}

TcpProxy::TcpProxy(std::string host, std::string port, ProxyFaults const& faults) : m_state(std::make_unique<State>()) {
  m_state->host = std::move(host);
  m_state->upstream_port = std::move(port);
  m_state->faults = faults;
  m_state->listener = listen_on_loopback(m_port);
  int wake[2];
  if (::pipe2(wake, O_CLOEXEC | O_NONBLOCK) != 0) fail("pipe");
  m_state->wake_read = Socket(wake[0]);
  m_state->wake_write = Socket(wake[1]);
  m_thread = std::thread([this] { run(); });
}

TcpProxy::~TcpProxy() {
  m_state->ending = true;
  [[maybe_unused]] auto const written = ::write(m_state->wake_write.fd(), "x", 1);
  m_thread.join();
}

void TcpProxy::set(ProxyFaults const& faults) {
  std::lock_guard const lock(m_state->mutex);
  m_state->faults = faults;
  m_state->messages = 0;
  m_state->client_bytes = 0;
  m_state->server_bytes = 0;
}

int TcpProxy::accepted() const {
  return m_state->accepted;
}

void TcpProxy::run() {
  auto& state = *m_state;
  while (!state.ending) {
    std::vector<pollfd> waiting{{state.listener.fd(), POLLIN, 0}, {state.wake_read.fd(), POLLIN, 0}};
    for (auto const& link : state.links) {
      waiting.push_back({link->client.fd(), POLLIN, 0});
      waiting.push_back({link->server.fd(), POLLIN, 0});
    }
    ::poll(waiting.data(), waiting.size(), state.poll_timeout());
    for (std::size_t i = 0; i < state.links.size(); ++i)
      state.serve(*state.links[i], waiting[2 + 2 * i].revents, waiting[3 + 2 * i].revents);
    std::erase_if(state.links, [](auto const& link) { return link->dead; });
    if ((waiting[0].revents & POLLIN) != 0) state.accept_one();
  }
}

}  // namespace jvmm::test
