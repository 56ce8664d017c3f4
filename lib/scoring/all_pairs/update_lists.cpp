#include "scoring/all_pairs/update_lists.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "scoring/scorer.hpp"

namespace jvmm::scoring {
namespace {

/// A partner by rank: higher rounded score, then smaller index.
struct Ranked {
  double rounded = 0;
  Match match;

  friend bool operator<(Ranked const& a, Ranked const& b) {
    return a.rounded != b.rounded ? a.rounded > b.rounded : a.match.index < b.match.index;
  }
};

Ranked ranked(Match const& match) {
  return {rounded(match.score, 2), match};
}

/// What is known of one list from before: the partners that are still what they were, and how far down the list knew
/// everybody.
struct Before {
  std::vector<Ranked> kept;    ///< in order
  bool full = false;           ///< it had `top` partners, so that others may wait below
  std::optional<Ranked> last;  ///< the last of the best that is known of, if full and still there
  bool incomplete = false;     ///< full, and its last is not known any more
  bool changed = false;        ///< lost a partner
};

class Update {
 public:
  Update(PairScorer const& scorer, AllPairsOptions const& options, PartnerLists const& published,
         std::span<std::uint32_t const> lost, std::span<std::uint32_t const> scan)
      : m_scorer(scorer), m_options(options), m_scanned(published.size()), m_before(published.size()) {
    for (auto const i : scan)
      m_scanned[i] = true;
    for (std::uint32_t i = 0; i < published.size(); ++i)
      if (!m_scanned[i]) m_before[i] = before(i, published[i], lost[i]);
  }

  /// From which score on a scanned profile may enter somebody's list.
  std::vector<float> floors() const {
    std::vector<float> floors(m_before.size(), std::numeric_limits<float>::quiet_NaN());
    for (std::size_t i = 0; i < floors.size(); ++i)
      if (!m_scanned[i]) floors[i] = static_cast<float>(floor(m_before[i]));
    return floors;
  }

  /// The list that follows from what was known and the scanned profiles that reach the floor; absent: others have to be
  /// looked at.
  std::optional<std::vector<Match>> list(std::uint32_t i, std::span<Match const> entering) const {
    auto const& known = m_before[i];
    auto all = known.kept;
    for (auto const& match : entering)
      all.push_back(ranked(match));
    std::sort(all.begin(), all.end());
    if (known.incomplete) return std::nullopt;
    // Whoever was not on a full list ranks behind its last.
    if (known.full && (all.size() < m_options.top || *known.last < all[m_options.top - 1])) return std::nullopt;
    std::vector<Match> result;
    for (std::size_t place = 0; place < all.size(); ++place) {
      bool const best = place < m_options.top && all[place].rounded >= m_options.min_score;
      bool const above = m_options.all_above && all[place].rounded >= *m_options.all_above;
      if (best || above) result.push_back(all[place].match);
    }
    return result;
  }

  bool is_scanned(std::uint32_t i) const { return m_scanned[i]; }
  bool lost_partner(std::uint32_t i) const { return m_before[i].changed; }

 private:
  Before before(std::uint32_t i, std::vector<std::uint32_t> const& partners, std::uint32_t lost) const {
    Before result;
    result.full = partners.size() + lost >= m_options.top;
    std::size_t const gone = lost + static_cast<std::size_t>(std::count_if(partners.begin(), partners.end(),
                                                                           [&](auto j) { return m_scanned[j]; }));
    result.changed = gone > 0;
    for (auto const j : partners)
      if (!m_scanned[j]) result.kept.push_back(ranked({j, m_scorer.score(std::min(i, j), std::max(i, j))}));
    std::sort(result.kept.begin(), result.kept.end());
    if (!result.full) return result;
    // Nobody outside the list ranked before any of its partners, so all that rank up to the last kept one are known.
    if (result.kept.empty())
      result.incomplete = true;
    else
      result.last = result.kept[std::min(result.kept.size(), m_options.top) - 1];
    return result;
  }

  double floor(Before const& known) const {
    double floor = known.full ? (known.last ? known.last->rounded : 0) : m_options.min_score;
    if (m_options.all_above) floor = std::min(floor, *m_options.all_above);
    return std::max(floor, std::min(m_options.min_score, m_options.all_above.value_or(100)));
  }

  PairScorer const& m_scorer;
  AllPairsOptions const& m_options;
  std::vector<bool> m_scanned;
  std::vector<Before> m_before;
};

void append(AllPairsResult& to, std::span<Match const> list) {
  to.matches.insert(to.matches.end(), list.begin(), list.end());
  to.begin.push_back(to.matches.size());
}

void add(AllPairsMeasures& to, AllPairsMeasures const& from) {
  to.tiles += from.tiles;
  to.pairs += from.pairs;
  to.candidates += from.candidates;
  to.evaluations += from.evaluations;
  to.gemm_seconds += from.gemm_seconds;
  to.bound_seconds += from.bound_seconds;
  to.exact_seconds += from.exact_seconds;
  to.wall_seconds += from.wall_seconds;
}

}  // namespace

UpdatedLists update_lists(PairModel const& model, PairScorer const& scorer, AllPairsOptions const& options,
                          PartnerLists const& published, std::span<std::uint32_t const> lost,
                          std::span<std::uint32_t const> scan, StopToken const& stop) {
  UpdatedLists out;
  Update const update(scorer, options, published, lost, scan);
  auto const floors = update.floors();
  auto first = options;
  first.checkpoint = nullptr;
  first.rows = scan;
  first.floor = floors;
  auto const fresh = all_pairs(model, scorer, first, stop);
  out.result.measures = fresh.measures;
  if (!fresh.complete) return out;

  std::vector<std::optional<std::vector<Match>>> lists(published.size());
  std::vector<std::uint32_t> again;
  for (std::uint32_t i = 0; i < published.size(); ++i) {
    auto const found = fresh.list(i);
    if (update.is_scanned(i))
      lists[i].emplace(found.begin(), found.end());
    else if (!found.empty() || update.lost_partner(i)) {
      lists[i] = update.list(i, found);
      if (!lists[i]) again.push_back(i);
    }
  }
  if (!again.empty()) {
    auto second = options;
    second.checkpoint = nullptr;
    second.rows = again;
    auto const rest = all_pairs(model, scorer, second, stop);
    add(out.result.measures, rest.measures);
    if (!rest.complete) return out;
    for (auto const i : again)
      lists[i].emplace(rest.list(i).begin(), rest.list(i).end());
  }
  out.scanned = scan.size() + again.size();
  out.result.begin.push_back(0);
  for (std::uint32_t i = 0; i < lists.size(); ++i) {
    if (lists[i]) out.changed.push_back(i);
    append(out.result, lists[i] ? std::span<Match const>(*lists[i]) : std::span<Match const>());
  }
  out.result.complete = true;
  return out;
}

}  // namespace jvmm::scoring
