#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>

#include "base/stop_token.hpp"
#include "inference/prices.hpp"

namespace jvmm::inference {

/// What a run may spend. Reserved before a request is sent, so that what is under way is counted. **Threads**: safe.
class Budget {
 public:
  /// Absent: no limit. A refusal asks `stop` to end the run.
  Budget(std::optional<std::uint64_t> max_requests, std::optional<PicoUsd> max_cost, StopToken& stop);

  /// Counts a request and reserves its cost. Waits for requests under way where these may turn out cheap enough.
  /// **Throws** budget_spent where the limit would be exceeded all the same, stopped: then nothing was counted.
  void reserve(PicoUsd cost);

  /// The request of a reservation cost `actual` (0 if it was refused). What is in doubt counts as spent.
  void settle(PicoUsd reserved, PicoUsd actual);

  bool limits_cost() const { return m_max_cost.has_value(); }
  std::uint64_t requests() const;
  PicoUsd spent() const;  ///< with what is reserved

 private:
  std::optional<std::uint64_t> m_max_requests;
  std::optional<PicoUsd> m_max_cost;
  StopToken& m_stop;
  mutable std::mutex m_mutex;
  std::condition_variable m_settled;
  std::uint64_t m_requests = 0;
  PicoUsd m_spent = 0;  ///< by what is settled
  PicoUsd m_reserved = 0;
};

}  // namespace jvmm::inference
