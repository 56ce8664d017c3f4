#pragma once

#include <cstdint>
#include <mutex>
#include <string>

#include "inference/embedder.hpp"
#include "stage/stage.hpp"
#include "store/profile_embeddings.hpp"

namespace jvmm::commands {

/// What was embedded, summed over a run.
struct EmbedCounts {
  PerField<std::uint64_t> texts{};
  std::uint64_t tokens = 0;
  std::uint64_t truncated = 0;  ///< texts that went on beyond the model's window

  std::uint64_t all_texts() const;
};

/// E1: the vectors of the four text fields of a profile.
class EmbedStage {
 public:
  using Row = store::EmbeddingCandidate;
  struct Vectors {
    PerField<std::optional<inference::Vector>> vectors;
    PerField<std::string> backends;  ///< the service that computed it; empty: this process
  };
  using Value = Vectors;

  EmbedStage(inference::Embedder& embedder, store::EmbeddingSelection selection);

  std::string_view name() const { return store::k_embed_stage; }
  std::string_view fingerprint() const { return m_fingerprint; }

  stage::Page<Row> candidates(db::ReadTx& tx, stage::PageRequest const& page);
  std::vector<stage::Outcome<Value>> compute(std::span<Row const> rows);
  void committed(std::span<Row const* const> rows);
  std::vector<stage::Written> write(db::WriteTx& tx, std::span<stage::Done<Value> const> done);

  /// To be read when the run is over.
  EmbedCounts const& counts() const { return m_counts; }

 private:
  inference::Embedder& m_embedder;
  std::string m_fingerprint;
  store::EmbeddingSelection m_selection;
  std::mutex m_mutex;  ///< of m_counts
  EmbedCounts m_counts;
};

}  // namespace jvmm::commands
