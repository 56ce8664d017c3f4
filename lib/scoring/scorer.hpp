#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "domain/profile.hpp"
#include "scoring/breakdown.hpp"
#include "scoring/context.hpp"
#include "scoring/pair_model.hpp"
#include "scoring/prepared.hpp"
#include "scoring/scoring_profile.hpp"

namespace jvmm::scoring {

/// One direction of a pair: the worth of the target to the source.
struct DirectedScore {
  std::optional<double> intent, synergy, momentum, context;  ///< 0..10, rounded as the scoring profile says
  double mean = 0;                                           ///< of those, 0..10, not rounded
  double score = 0;                                          ///< ten times that
};

/// Scores of a pair, not rounded. Of an ineligible pair all are 0.
struct PairScore {
  bool eligible = true;
  DirectedScore ab, ba;
  double harmonic_mean = 0;  ///< or what the scoring profile's pair mean is
};

struct LightweightScore {
  double score_ab = 0, score_ba = 0, harmonic_mean = 0;  ///< not rounded
};

/// Which group a profile belongs to before pairing (ismc-spec A4).
enum class ProfileClass { eligible, enrichment_candidate, ineligible };

struct Similarity;

/// Scores pairs by one scoring profile (docs/scoring.md; formulas: ismc-spec A, B7 to B9).
/// **Threads** `prepare` changes the tables of words, personas and offer types, so one thread at a time and not beside
/// the others; everything else is const and shared freely.
class Scorer {
 public:
  /// **Throws** configuration where the profile wants calibrated similarities and the context has none.
  Scorer(ScoringProfile profile, ScoringContext context);
  ~Scorer();
  Scorer(Scorer&&) noexcept;

  ScoringProfile const& profile() const;
  ScoringContext const& context() const;

  /// **Cost** tens of microseconds, mostly the words of its texts.
  Prepared prepare(Profile const& profile);

  /// REQUIRES, as all below: both were prepared by this scorer. **Cost** about a microsecond.
  PairScore score(Prepared const& a, Prepared const& b) const;

  /// The same with every factor, its detail and the ineligible pair's reason. **Cost** tens of microseconds.
  PairBreakdown breakdown(Profile const& a, Prepared const& prepared_a, Profile const& b,
                          Prepared const& prepared_b) const;

  LightweightScore lightweight(Prepared const& a, Prepared const& b) const;

  ProfileClass classify(Profile const& profile) const;

  /// What the all-pairs engine computes with. Vectors must be of one width.
  /// **Throws** bad_answer for vectors of several widths.
  PairModel pair_model(std::span<Prepared const> profiles) const;

  /// Calls for each factor of synergy that fires, in order.
  using SynergyVisitor = std::function<void(FactorId, double score, double weight, Similarity const* similarity)>;
  void visit_synergy(Prepared const& source, Prepared const& target, SynergyVisitor const& visitor) const;

  struct Tables;  ///< for this module's own files
  Tables const& tables() const;

 private:
  std::unique_ptr<Tables> m_tables;
};

/// To `decimals`, correctly rounded from the exact binary value, ties to even.
double rounded(double x, int decimals);

/// "premier", "strong" or "aligned".
std::string_view tier(double harmonic_mean, ScoringProfile const& profile);

}  // namespace jvmm::scoring
