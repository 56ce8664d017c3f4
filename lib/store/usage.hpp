#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "db/transaction.hpp"

namespace jvmm::store {

/// What was asked of one backend for one model and task, in all: a row of jvmm.usage.
struct Usage {
  std::string backend, model, task;
  std::int64_t requests = 0, inputs = 0, input_tokens = 0, output_tokens = 0, compute_microseconds = 0;
  std::optional<std::int64_t> cost_microusd;  ///< absent: no price is known
  std::int64_t in_doubt_microusd = 0;         ///< at most: sent, but no answer came
  std::int64_t in_doubt_requests = 0;
  std::int64_t retries = 0;
};

/// Sets the totals of a run. Writing the same again changes nothing but the time. **Database**: jvmm.usage.
void record_usage(db::WriteTx& tx, RunId run, std::span<Usage const> usage);

/// Of a run, or of all, by backend, model and task.
std::vector<Usage> read_usage(db::Transaction& tx, std::optional<RunId> run);

}  // namespace jvmm::store
