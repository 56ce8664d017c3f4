#include "inference/remote/budget.hpp"

#include <fmt/format.h>

#include <chrono>

#include "base/error.hpp"

namespace jvmm::inference {
namespace {

constexpr std::chrono::milliseconds k_stop_check{50};

}  // namespace

Budget::Budget(std::optional<std::uint64_t> max_requests, std::optional<PicoUsd> max_cost, StopToken& stop)
    : m_max_requests(max_requests), m_max_cost(max_cost), m_stop(stop) {}

void Budget::reserve(PicoUsd cost) {
  std::unique_lock lock(m_mutex);
  auto const left = [&] { return m_max_cost ? *m_max_cost - m_spent : cost; };
  while (cost <= left() && m_reserved > 0 && m_max_cost && m_reserved > left() - cost) {
    if (m_stop.requested() && m_stop.reason() != StopReason::row_limit)
      throw Error(Kind::stopped, "the run is being stopped");
    m_settled.wait_for(lock, k_stop_check);
  }
  if (m_max_requests && m_requests >= *m_max_requests) {
    m_stop.request(StopReason::request_budget);
    throw Error(Kind::budget_spent, fmt::format("--max-requests {} are used up", *m_max_requests))
        .hint("the same command goes on; answers that came are kept");
  }
  if (cost > left()) {
    m_stop.request(StopReason::cost_budget);
    throw Error(Kind::budget_spent,
                fmt::format("the next request may cost {} micro-dollars, and of --max-cost ({}) {} are spent",
                            micro_usd(cost), micro_usd(*m_max_cost), micro_usd(m_spent)))
        .hint(
            "the same command goes on; answers that came are kept. Smaller requests reserve less: "
            "remote_batch_items");
  }
  ++m_requests;
  m_reserved += cost;
}

void Budget::settle(PicoUsd reserved, PicoUsd actual) {
  std::lock_guard const lock(m_mutex);
  m_reserved -= reserved;
  m_spent += actual;
  m_settled.notify_all();
}

std::uint64_t Budget::requests() const {
  std::lock_guard const lock(m_mutex);
  return m_requests;
}

PicoUsd Budget::spent() const {
  std::lock_guard const lock(m_mutex);
  return m_spent + m_reserved;
}

}  // namespace jvmm::inference
