#include "inference/remote/budget.hpp"

#include <fmt/format.h>

#include "base/error.hpp"

namespace jvmm::inference {

Budget::Budget(std::optional<std::uint64_t> max_requests, std::optional<PicoUsd> max_cost, StopToken& stop)
    : m_max_requests(max_requests), m_max_cost(max_cost), m_stop(stop) {}

void Budget::reserve(PicoUsd cost) {
  std::lock_guard const lock(m_mutex);
  if (m_max_requests && m_requests >= *m_max_requests) {
    m_stop.request(StopReason::request_budget);
    throw Error(Kind::budget_spent, fmt::format("--max-requests {} are used up", *m_max_requests))
        .hint("the same command goes on; answers that came are kept");
  }
  if (m_max_cost && (cost > *m_max_cost || m_spent > *m_max_cost - cost)) {
    m_stop.request(StopReason::cost_budget);
    throw Error(
        Kind::budget_spent,
        fmt::format("the next request may cost {} micro-dollars, and of --max-cost ({}) {} are spent or reserved",
                    micro_usd(cost), micro_usd(*m_max_cost), micro_usd(m_spent)))
        .hint("the same command goes on; answers that came are kept");
  }
  ++m_requests;
  m_spent += cost;
}

void Budget::settle(PicoUsd reserved, PicoUsd actual) {
  std::lock_guard const lock(m_mutex);
  m_spent += actual - reserved;
}

std::uint64_t Budget::requests() const {
  std::lock_guard const lock(m_mutex);
  return m_requests;
}

PicoUsd Budget::spent() const {
  std::lock_guard const lock(m_mutex);
  return m_spent;
}

}  // namespace jvmm::inference
