#include "commands/classify/options.hpp"

#include <fmt/format.h>

#include "base/error.hpp"

namespace jvmm::commands {

std::string_view ClassifyOptions::command() const {
  if (only_failed) return "retry";
  switch (task) {
    case classify::Task::niche:
      return "classify-niche";
    case classify::Task::offer_types:
      return "classify-offers";
    case classify::Task::content_style:
      return "classify-style";
  }
  return "classify-niche";
}

void ClassifyOptions::validate() const {
  batch.validate();
  if (!store::parse_write_niche(write_niche))
    throw Error(Kind::usage, fmt::format("--write-niche is '{}', expected never, empty or priority", write_niche));
}

}  // namespace jvmm::commands
