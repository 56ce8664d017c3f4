#include "commands/scoring_diff/compare.hpp"

#include <algorithm>
#include <optional>

#include "base/error.hpp"
#include "commands/profile_cache.hpp"
#include "db/sql.hpp"

namespace jvmm::commands {
namespace {

constexpr std::size_t k_page_rows = 2'000;

struct Match {
  ProfileId id, a, b;
  std::optional<double> stored;
};

/// Stored matches by id, all or a sample, a page at a time.
class Matches {
 public:
  Matches(db::Connection& connection, ScoringDiffOptions const& options) {
    if (!options.sample) return;
    m_sample.emplace();
    db::ReadTx tx(connection);
    for (auto const row :
         tx.exec(db::sql::scoring_diff_sample, db::Params().add(std::to_string(options.seed)).add(*options.sample)))
      m_sample->push_back(row.get<ProfileId>("id"));
    std::sort(m_sample->begin(), m_sample->end());
  }

  std::vector<Match> next(db::ReadTx& tx) {
    db::Params params;
    params.add(m_after);
    if (m_sample) {
      auto const first = std::upper_bound(m_sample->begin(), m_sample->end(), m_after);
      auto const rows = std::min<std::ptrdiff_t>(k_page_rows, m_sample->end() - first);
      params.add_array(std::span<ProfileId const>(first, first + rows));
    } else {
      params.add_null();
    }
    std::vector<Match> page;
    for (auto const row : tx.exec(db::sql::scoring_diff_page, params.add(k_page_rows)))
      page.push_back({row.get<ProfileId>("id"), row.get<ProfileId>("profile_id"),
                      row.get<ProfileId>("suggested_profile_id"), row.optional<double>("score")});
    if (!page.empty()) m_after = page.back().id;
    return page;
  }

 private:
  std::optional<std::vector<ProfileId>> m_sample;
  ProfileId m_after;
};

/// One of the two scorings, with the profiles prepared for it.
struct Side {
  explicit Side(ScoringSetup& given) : setup(given), profiles(given.scorer) {}

  /// Two decimals, 0 where the pair is no match; absent where a profile is not there.
  std::optional<double> score(Match const& match) const {
    auto const &a = profiles.at(match.a), &b = profiles.at(match.b);
    if (!a.scored || !b.scored) return std::nullopt;
    return scoring::rounded(setup.scorer.score(a.scored->prepared, b.scored->prepared).harmonic_mean, 2);
  }

  ScoringSetup& setup;
  ProfileCache profiles;
};

TierBounds bounds(ScoringSetup const& setup) {
  return {setup.scorer.profile().strong, setup.scorer.profile().premier};
}

class Comparer {
 public:
  Comparer(ScoringSetup* before, ScoringSetup& after)
      : m_after(after), m_comparison(bounds(before ? *before : after), bounds(after)) {
    if (before) m_before.emplace(*before);
  }

  void add(db::ReadTx& tx, std::vector<Match> const& page, ScoringDiff& diff) {
    std::vector<ProfileId> ids;
    for (auto const& match : page) {
      ids.push_back(match.a);
      ids.push_back(match.b);
    }
    m_after.profiles.load(tx, ids);
    if (m_before) m_before->profiles.load(tx, ids);
    for (auto const& match : page)
      add(match, diff);
  }

  ScoreGates gates() const { return m_comparison.gates(); }

 private:
  void add(Match const& match, ScoringDiff& diff) {
    ++diff.matches;
    auto const after = m_after.score(match);
    auto const before = m_before ? m_before->score(match) : match.stored;
    if (!after || !before) {
      ++(after ? diff.left_out.unscored : diff.left_out.no_profile);
    } else if (*after == 0 && *before == 0) {
      ++diff.left_out.ineligible;
    } else {
      m_comparison.add(*before, *after);
      diff.movers.add({shown_name(m_after.profiles.at(match.a), match.a),
                       shown_name(m_after.profiles.at(match.b), match.b), *before, *after});
    }
  }

  std::optional<Side> m_before;
  Side m_after;
  ScoreComparison m_comparison;
};

}  // namespace

ScoringDiff compare_scorings(RunContext& context, db::Connection& connection, ScoringSetup* before, ScoringSetup& after,
                             ScoringDiffOptions const& options) {
  ScoringDiff diff;
  diff.before = before ? before->basis : "stored";
  diff.after = after.basis;
  Comparer comparer(before, after);
  Matches matches(connection, options);
  log::Progress progress(context.log, context.clock, context.progress(), "scoring diff", options.sample);
  for (;;) {
    if (context.stop.requested()) throw Error(Kind::stopped, "stopped before all matches were compared");
    db::ReadTx tx(connection);
    auto const page = matches.next(tx);
    if (page.empty()) break;
    comparer.add(tx, page, diff);
    progress.update({diff.matches, 0, 0});
  }
  diff.gates = comparer.gates();
  if (diff.gates.pairs == 0)
    throw Error(Kind::bad_input, "match_suggestions has no match whose scores could be compared")
        .hint("'jvmm rescore' scores stored matches");
  return diff;
}

}  // namespace jvmm::commands
