#include "inference/zero_shot.hpp"

#include <fmt/format.h>

#include <set>

#include "base/error.hpp"
#include "inference/dialect/wire.hpp"

namespace jvmm::inference {
namespace {

Error usage(std::string message) {
  return Error(Kind::usage, std::move(message));
}

}  // namespace

// Labels are compared as they are sent, so that two that differ only in what is cleaned away count as one.
void validate(ZeroShotParameters const& parameters) {
  if (parameters.labels.empty()) throw usage("zero-shot classification needs at least one label");
  std::set<std::string> seen;
  for (auto const& label : parameters.labels) {
    auto sent = wire::clean(label);
    if (sent.find_first_not_of(" \t\n") == std::string::npos)
      throw usage("a label for zero-shot classification is empty");
    if (!seen.insert(std::move(sent)).second) throw usage(fmt::format("label '{}' is given twice", label));
  }
  auto const& form = parameters.hypothesis_template;
  auto const hole = form.find("{}");
  if (hole == std::string::npos || form.find_first_of("{}") != hole || form.find_first_of("{}", hole + 2) != form.npos)
    throw usage(fmt::format("hypothesis template '{}' has to hold {{}} once, and no other brace", form));
}

}  // namespace jvmm::inference
