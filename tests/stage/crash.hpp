#pragma once

#include <functional>
#include <stdexcept>
#include <utility>

#include "stage/engine_types.hpp"

namespace jvmm::test {

/// Ends a run as a killed process would. Not an Error: nothing may take it for an outage and try again.
struct Crash : std::runtime_error {
  Crash() : std::runtime_error("crash") {}
};

/// Calls a function at every step of the engine.
class StepHook final : public stage::Observer {
 public:
  explicit StepHook(std::function<void(stage::Step, std::int64_t)> hook) : m_hook(std::move(hook)) {}
  void at(stage::Step step, std::int64_t batch) override { m_hook(step, batch); }

 private:
  std::function<void(stage::Step, std::int64_t)> m_hook;
};

}  // namespace jvmm::test
