#include "commands/classify/options.hpp"

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

}  // namespace jvmm::commands
