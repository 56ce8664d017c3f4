#pragma once

#include <chrono>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "inference/cache/redis_url.hpp"

struct redisContext;
struct redisReply;

namespace jvmm::inference {

/// One connection to a Redis. What goes wrong comes out as Error(unavailable) that says why; no message holds the
/// password. A connection that the server closed while it was idle is made again once.
/// **Threads**: one at a time.
class RedisConnection {
 public:
  using Command = std::vector<std::string>;
  struct FreeReply {
    void operator()(redisReply* reply) const;
  };
  using Reply = std::unique_ptr<redisReply, FreeReply>;

  explicit RedisConnection(RedisAddress address) : m_address(std::move(address)) {}

  /// Sends all, then reads a reply to each, none of which is an error. Waits a second for connecting, and for each
  /// reply.
  std::vector<Reply> run(std::span<Command const> commands);

 private:
  struct FreeContext {
    void operator()(redisContext* context) const;
  };

  void connect();
  void log_in();
  std::vector<Reply> exchange(std::span<Command const> commands);
  void send_all(std::string_view bytes);
  Reply receive();
  void wait_for(short events, SteadyTime deadline);

  RedisAddress m_address;
  std::unique_ptr<redisContext, FreeContext> m_context;
  bool m_proven = false;  ///< it has answered
};

}  // namespace jvmm::inference
