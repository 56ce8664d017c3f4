#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/secret.hpp"
#include "base/stop_token.hpp"
#include "http/transport.hpp"
#include "inference/cache/answer_store.hpp"
#include "inference/prices.hpp"
#include "inference/remote/budget.hpp"
#include "inference/remote/in_flight.hpp"
#include "log/logger.hpp"

namespace jvmm::inference {

struct RemoteOptions {
  std::string hf_url = "https://router.huggingface.co";
  Secret hf_token;      ///< hf and endpoints
  Secret tei_token;     ///< --api-key of a TEI
  Secret openai_token;  ///< of what speaks OpenAI's protocol
  std::string bill_to;  ///< an organisation on the hub; empty: the token's owner
  http::TransportOptions transport;
  AnswerStoreOptions store;
  PriceTable prices;
  std::optional<std::uint64_t> max_requests;
  std::optional<PicoUsd> max_cost;
  std::optional<SteadyTime> run_deadline;  ///< ends every wait
  std::size_t concurrency = 0;             ///< most requests at once to one service; 0: as the kind of service bears
  std::size_t batch_items = 0;             ///< most items in a request; 0: as the service says
  std::chrono::milliseconds request_timeout{0};       ///< 0: by task and size
  std::chrono::milliseconds retry_budget{120'000};    ///< for waiting out an outage or a rate limit, per request
  std::chrono::milliseconds longest_backoff{30'000};  ///< between two attempts, where the service does not say
};

/// What all services of a run share: connections, answers that were paid for, the budget, who is asking for what.
/// **Threads**: safe.
class Remote {
 public:
  /// **Throws** as open_answer_store and open_curl_transport.
  Remote(RemoteOptions options, Clock const& clock, log::Logger& log, StopToken& stop);

  RemoteOptions const& options() const { return m_options; }
  Clock const& clock() const { return m_clock; }
  log::Logger& log() { return m_log; }
  StopToken const& stop() const { return m_stop; }
  http::Transport& transport() { return *m_transport; }
  AnswerStore& store() { return *m_store; }
  Budget& budget() { return m_budget; }
  InFlight& in_flight() { return m_in_flight; }

 private:
  RemoteOptions m_options;
  Clock const& m_clock;
  log::Logger& m_log;
  StopToken& m_stop;
  std::unique_ptr<http::Transport> m_transport;
  std::unique_ptr<AnswerStore> m_store;
  Budget m_budget;
  InFlight m_in_flight;
};

}  // namespace jvmm::inference
