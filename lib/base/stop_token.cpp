#include "base/stop_token.hpp"

namespace jvmm {

std::string_view name(StopReason reason) {
  switch (reason) {
    case StopReason::none:
      return "none";
    case StopReason::signal:
      return "signal";
    case StopReason::row_limit:
      return "row_limit";
    case StopReason::failure_limit:
      return "failure_limit";
    case StopReason::time_limit:
      return "time_limit";
    case StopReason::request_budget:
      return "request_budget";
    case StopReason::cost_budget:
      return "cost_budget";
    case StopReason::rate_limited:
      return "rate_limited";
    case StopReason::unavailable:
      return "unavailable";
  }
  return "unknown";
}

}  // namespace jvmm
