#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace jvmm::testing {

/// A request as it came over the wire.
struct WireRequest {
  std::uint64_t connection = 0;  ///< 1, 2, … in the order of accepting
  std::string method, target;
  std::vector<std::pair<std::string, std::string>> headers;  ///< names in lower case
  std::string body;

  std::optional<std::string_view> header(std::string_view name) const;
};

/// What goes over the wire, byte by byte.
struct WireReply {
  enum class End {
    keep,   ///< the connection is kept open for the next request
    close,  ///< closed after the last byte
    reset,  ///< RST after the last byte; what the client has not read yet may be lost
    hang,   ///< nothing more is said until the client goes away
  };

  std::chrono::nanoseconds delay{0};  ///< before the first byte
  std::string bytes;
  std::size_t drip_bytes = 0;  ///< so many at once, with pauses; 0: all
  std::chrono::nanoseconds drip_pause{0};
  End end = End::keep;
  std::uint64_t weight = 0;  ///< of the handler's, handed back by `finished`
};

/// Called on the server's thread only.
class WireHandler {
 public:
  virtual ~WireHandler() = default;
  virtual void connected(std::uint64_t connection) = 0;
  virtual WireReply answer(WireRequest const& request) = 0;
  /// Once for each answer: its last byte was handed to the kernel, or the connection is gone.
  virtual void finished(std::uint64_t weight) = 0;
};

/// HTTP/1.1 on the loopback interface: one thread, epoll, keep-alive, Expect: 100-continue, one answer at a time per
/// connection. A client that closes its sending side counts as gone.
class WireServer {
 public:
  /// Port 0: any. **Throws** std::runtime_error where there is no socket.
  WireServer(WireHandler& handler, std::uint16_t port);
  /// Cuts all connections.
  ~WireServer();

  std::uint16_t port() const;

  /// The next so many connections are reset as soon as they are accepted. **Threads**: safe.
  void reset_next_connections(std::uint64_t count);

 private:
  struct Loop;
  std::unique_ptr<Loop> m_loop;
};

}  // namespace jvmm::testing
