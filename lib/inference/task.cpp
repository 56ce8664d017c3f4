#include "inference/task.hpp"

namespace jvmm::inference {

std::string_view name(Task task) {
  switch (task) {
    case Task::embed:
      return "embed";
    case Task::zero_shot:
      return "zero_shot";
    case Task::ner:
      return "ner";
    case Task::chat:
      return "chat";
    case Task::summarise:
      return "summarise";
  }
  return "unknown";
}

std::string_view name(ServiceKind kind) {
  switch (kind) {
    case ServiceKind::hf:
      return "hf";
    case ServiceKind::tei:
      return "tei";
    case ServiceKind::openai:
      return "openai";
    case ServiceKind::toolkit:
      return "toolkit";
  }
  return "unknown";
}

}  // namespace jvmm::inference
