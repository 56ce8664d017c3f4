#pragma once

#include <string>

#include "commands/rescore/impact.hpp"
#include "commands/rescore/population.hpp"
#include "commands/run_context.hpp"
#include "commands/scoring_setup.hpp"
#include "scoring/all_pairs/all_pairs.hpp"
#include "store/generations.hpp"

namespace jvmm::commands {

/// What an all-pairs run does and did (docs/schemas/rescore.json).
struct AllPairsReport {
  explicit AllPairsReport(ScoringSetup const& scoring)
      : setup(scoring), impact(scoring.scorer.profile().strong, scoring.scorer.profile().premier) {}

  void population(Population const& population, std::size_t rows_here, std::size_t duplicate_pairs,
                  std::uint64_t memory);

  ScoringSetup const& setup;
  Impact impact;  ///< of the rows kept; nothing is known of before
  std::uint64_t eligible = 0, candidates = 0, ineligible = 0, unreadable = 0;
  std::uint64_t lists = 0;         ///< profiles whose best partners are looked for
  std::uint64_t duplicates = 0;    ///< pairs that look like one person, not suggested to each other
  std::uint64_t memory_bytes = 0;  ///< of the engine, at most
  std::int64_t generation = 0;
  std::int64_t rows = 0;
  int parts = 0;   ///< shards of the generation that are complete
  int shards = 1;  ///< that it has
  std::optional<store::PublishCounts> published;
  scoring::AllPairsMeasures measures;
  double load_seconds = 0, write_seconds = 0;

  std::string plan_line() const;
  std::string plan(OutputFormat format) const;
  std::string json(std::string_view remark = {}) const;
  std::string text(std::string_view remark) const;
};

}  // namespace jvmm::commands
