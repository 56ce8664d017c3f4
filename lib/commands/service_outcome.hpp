#pragma once

#include <fmt/format.h>

#include <string_view>

#include "base/error.hpp"
#include "stage/stage.hpp"

namespace jvmm::commands {

/// What becomes of a row that a service could not answer for: bad_input and bad_answer are its own fault and fail it;
/// anything else says that nobody could be asked. `who` begins the reason.
template <class Value>
stage::Outcome<Value> service_outcome(Error const& error, std::string_view who) {
  auto const reason = fmt::format("{}: {}", who, error.message());
  if (error.kind() == Kind::bad_input || error.kind() == Kind::bad_answer)
    return stage::RowFailure{error.kind(), reason};
  return stage::Postponed{error.kind(), reason};
}

}  // namespace jvmm::commands
