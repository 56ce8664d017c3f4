#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "commands/backfill_embeddings/stage.hpp"
#include "stage/crash.hpp"
#include "stage/engine.hpp"
#include "support/captured_stream.hpp"
#include "support/migrated_db.hpp"

namespace jvmm::test {

/// The real embedding stage with a deterministic embedder, which can be made to fail wherever the engine calls it.
/// With several threads that compute, `in_compute`, `refuses` and `postpones` are called by all of them.
class FaultyStage {
 public:
  using Row = commands::EmbedStage::Row;
  using Value = commands::EmbedStage::Value;

  explicit FaultyStage(inference::Embedder& embedder, store::EmbeddingScope scope = store::EmbeddingScope::stale);

  std::string_view name() const { return m_stage.name(); }
  std::string_view fingerprint() const { return m_stage.fingerprint(); }
  stage::Page<Row> candidates(db::ReadTx& tx, stage::PageRequest const& page);
  std::vector<stage::Outcome<Value>> compute(std::span<Row const> rows);
  std::vector<stage::Written> write(db::WriteTx& tx, std::span<stage::Done<Value> const> done);
  void committed(std::span<Row const* const> rows);

  std::function<void()> in_candidates, in_compute, in_write, after_write;  ///< may throw
  std::function<bool(ProfileId)> refuses;                                  ///< rows the computation fails
  std::function<std::optional<Kind>(ProfileId)> postpones;                 ///< rows for which nobody can be asked
  std::function<void(std::vector<ProfileId> const&)> in_committed;

 private:
  commands::EmbedStage m_stage;
};

/// Sixty profiles, some without any text, some with a blank or short one, and what is needed to embed them.
class EmbedWorld {
 public:
  static constexpr int k_profiles = 60;
  static constexpr int k_with_text = 54;

  EmbedWorld();

  TempDb& db() { return m_db; }
  inference::Embedder& embedder() { return *m_embedder; }

  /// Runs the engine in batches of 8 over pages of 16. `url` may lead through a proxy.
  stage::Summary run(FaultyStage& stage, stage::Observer* observer = nullptr, std::string const& url = "");
  stage::Summary run();  ///< with a stage that does not fail

  stage::EngineContext context(stage::Observer* observer = nullptr, std::string const& url = "");
  stage::EngineOptions options() const;

  /// The flag of the run that is under way, or comes next.
  StopToken& stop() { return *m_stop; }
  void reset_stop() { m_stop = std::make_unique<StopToken>(); }

  /// All that a run leaves behind, without times, run ids and batch numbers: equal for equal outcomes.
  std::string snapshot() const;

  std::optional<std::uint64_t> limit, max_failures;
  std::size_t compute_threads = 1;
  store::Shard shard;
  std::chrono::seconds lease_time{300};

 private:
  TempDb m_db;
  std::unique_ptr<StopToken> m_stop = std::make_unique<StopToken>();
  std::unique_ptr<inference::Embedder> m_embedder;
  CapturedStream m_log_text;
  log::Logger m_log;
};

/// The snapshot of a run that nothing disturbed.
std::string undisturbed_snapshot();

}  // namespace jvmm::test
