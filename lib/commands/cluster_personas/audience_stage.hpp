#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "inference/embedder.hpp"
#include "stage/stage.hpp"
#include "store/audience.hpp"

namespace jvmm::commands {

/// A field of the audience embedding, and how much it counts (docs/algorithms/audience_embedding.md).
struct AudienceWeight {
  std::string_view field;
  double weight;
};
inline constexpr AudienceWeight k_audience_weights[]{
    {"who_you_serve", 1}, {"ideal_customer", 1}, {"what_you_do", 0.5}, {"audience_type", 0.25}, {"niche", 0.25}};

/// An audience embedding on its way into the database; empty: the profile says nothing of its audience.
struct AudienceValue {
  inference::Vector vector;
  std::string backend;
  std::optional<std::string> ideal_customer;  ///< that was read
};

struct AudienceCounts {
  std::uint64_t vectors = 0;  ///< computed
  std::uint64_t texts = 0;    ///< of them, that had no stored vector; equal ones are embedded once
};

/// The first half of E5: one vector a profile, the weighted mean of the vectors of what it says of its audience, each
/// of length 1, and brought to length 1.
class AudienceStage {
 public:
  using Row = store::AudienceCandidate;
  using Value = AudienceValue;

  /// `selection`: without fingerprint and model, which follow from the embedder.
  AudienceStage(inference::Embedder& embedder, store::AudienceSelection selection, store::IdealCustomers ideals);

  std::string_view name() const { return store::k_audience_stage; }
  std::string_view fingerprint() const { return m_selection.fingerprint; }

  stage::Page<Row> candidates(db::ReadTx& tx, stage::PageRequest const& page);
  std::vector<stage::Outcome<Value>> compute(std::span<Row const> rows);
  std::vector<stage::Written> write(db::WriteTx& tx, std::span<stage::Done<Value> const> done);
  void committed(std::span<Row const* const> rows);

  /// Whether the row has something to make a vector of.
  static bool speaks(Row const& row);

  /// To be read when the run is over.
  AudienceCounts const& counts() const { return m_counts; }

 private:
  inference::Embedder& m_embedder;
  store::AudienceSelection m_selection;
  store::IdealCustomers m_ideals;
  std::mutex m_mutex;  ///< of m_counts
  AudienceCounts m_counts;
};

/// Everything that shapes an audience embedding, in one line.
std::string audience_fingerprint(inference::EmbedderInfo const& model);

}  // namespace jvmm::commands
