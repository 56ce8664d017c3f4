#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>

#include "inference/open_route.hpp"
#include "inference/prices.hpp"
#include "inference/remote/remote_backend.hpp"
#include "inference/token_counter.hpp"

namespace jvmm::inference {

/// What a run would ask, counted without asking.
struct EmbeddingWork {
  std::string backend, model;  ///< of the route's first service and as it knows it, or of the model in this process
  bool remote = false;
  std::uint64_t texts = 0;
  std::uint64_t unique_texts = 0;
  std::uint64_t cached = 0;  ///< of these, answers that were paid for already
  Metered metered;           ///< of the rest
  PicoUsd cost = 0;
  bool priced = true;         ///< false: no price is known for the service
  bool exact_tokens = false;  ///< counted with the model's vocabulary, not estimated
};

/// Counts as the first service of a route would be asked: the same keys, the same batches, the same prices as in a run.
/// Its limits are asked for where it is free to (TEI's /info); nothing is computed.
class EmbeddingEstimate {
 public:
  /// REQUIRES: `context` outlives it. **Throws** as open_embedder.
  EmbeddingEstimate(std::string_view route, RouteContext const& context);
  ~EmbeddingEstimate();

  /// Texts that a run would embed in one call. **Cost**: memory of eight bytes a different text.
  void add(std::span<std::string_view const> texts);

  EmbeddingWork const& work() const { return m_work; }

 private:
  void add_request(std::span<std::string_view const> texts);

  RouteContext m_context;
  EmbedderInfo m_info;
  std::unique_ptr<RemoteBackend> m_backend;  ///< null: in this process
  ServiceFacts m_facts;
  TokenCounter m_counter;
  std::unordered_set<std::uint64_t> m_seen;
  EmbeddingWork m_work;
};

}  // namespace jvmm::inference
