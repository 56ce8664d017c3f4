#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace jvmm::test {

/// Where a proxy cuts the connection around the client's COMMIT.
enum class CommitCut {
  never,
  before_server_hears,  ///< the server never gets it and rolls back
  before_client_hears,  ///< the server has stored everything and said so; the client never learns
};

/// What a proxy does to what passes through it. A cut closes both sides, happens once and is then forgotten, so that
/// the client can come back.
struct ProxyFaults {
  std::chrono::milliseconds delay{0};  ///< on the way, in each direction; throughput is not limited
  bool black_hole = false;             ///< accept, swallow, never answer; connections that stand fall silent too
  CommitCut commit = CommitCut::never;
  std::optional<int> cut_after_messages = {};  ///< this many of the client's messages after the login were passed on
  std::optional<std::size_t> cut_after_client_bytes = {};
  std::optional<std::size_t> cut_after_server_bytes = {};
};

/// A proxy on 127.0.0.1 in front of a PostgreSQL server (or pooler), in a thread of its own. It reads the client's
/// messages, so the connection through it must not be encrypted (sslmode=disable).
///
/// **Threads** all functions may be called from any thread.
class TcpProxy {
 public:
  /// `host` is an IPv4 address, or the folder of a Unix socket. **Throws** std::runtime_error.
  TcpProxy(std::string host, std::string port, ProxyFaults const& faults = {});
  ~TcpProxy();
  TcpProxy(TcpProxy const&) = delete;
  TcpProxy& operator=(TcpProxy const&) = delete;

  static constexpr char const* k_host = "127.0.0.1";
  std::string port() const { return m_port; }

  /// From now on; counts of messages and bytes start anew.
  void set(ProxyFaults const& faults);

  /// Connections accepted so far.
  int accepted() const;

 private:
  struct Link;
  struct State;
  void run();

  std::unique_ptr<State> m_state;
  std::string m_port;
  std::thread m_thread;
};

}  // namespace jvmm::test
