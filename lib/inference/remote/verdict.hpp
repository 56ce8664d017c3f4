#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "http/transport.hpp"
#include "inference/dialect/service_error.hpp"
#include "inference/task.hpp"

namespace jvmm::inference {

/// What to do about an answer.
enum class Action {
  use,       ///< read it
  retry,     ///< send it again
  halve,     ///< send it again in two halves; a single item again as it is
  split,     ///< cut the batch down to the item that is at fault, which fails
  simplify,  ///< send it again in the plainer words of the next dialect; `then` where there is none
  give_up,   ///< this backend cannot do it now: the next one's turn, and this one's again later
  stop,      ///< this backend cannot do it in this run
};

struct Verdict {
  Action action = Action::use;
  Action then = Action::give_up;                       ///< once `retries` are spent
  int retries = 1'000;                                 ///< of this kind; time is limited apart from that
  Kind kind = Kind::unavailable;                       ///< of the error, if nothing helps
  std::string reason;                                  ///< one line: the service's words, its status
  std::string hint;                                    ///< the next step for the user, may be empty
  bool congested = false;                              ///< fewer requests at once
  bool outage = false;                                 ///< counts for the circuit breaker
  bool may_be_billed = false;                          ///< sent, and no answer came: the work may have been done
  std::optional<std::chrono::milliseconds> wait = {};  ///< as the service says; holds for all requests to it
  std::chrono::milliseconds first_backoff{500}, longest_backoff{30'000};
};

/// The one place that knows what statuses and broken transfers mean on each kind of service. Total.
/// `now` is for Retry-After's dates.
Verdict judge(ServiceKind kind, Task task, http::Reply const& reply, SystemTime now);

/// For an answer of 200 that cannot be read.
Verdict judge_unreadable(ServiceKind kind, Task task, Error const& error);

/// Retry-After in both forms, and RateLimit with r=0. Absent if there is none; at most 300 s.
std::optional<std::chrono::milliseconds> told_wait(http::Reply const& reply, SystemTime now);

}  // namespace jvmm::inference
