#pragma once

#include <optional>
#include <string_view>

namespace jvmm::inference {

enum class Task { embed, zero_shot, ner, chat, summarise };

/// The task's name in settings, ledger and messages, such as "zero_shot".
std::string_view name(Task task);

/// What speaks at the other end of a wire. An `endpoint` of the hub is one of the latter three, which a probe tells.
enum class ServiceKind {
  hf,       ///< router.huggingface.co: hf-inference, and the chat router
  tei,      ///< text-embeddings-inference
  openai,   ///< /v1/embeddings and /v1/chat/completions: vLLM, llama.cpp, Ollama, Infinity
  toolkit,  ///< the inference toolkit of a dedicated endpoint
};

std::string_view name(ServiceKind kind);

}  // namespace jvmm::inference
