#include "scoring/calibration_quality.hpp"

#include <algorithm>
#include <cmath>
#include <random>
#include <utility>

#include "base/error.hpp"

namespace jvmm::scoring {
namespace {

/// A pair with the number of times that a resample drew it.
struct Drawn {
  LabelledPair pair;
  double times = 1;

  double match() const { return times * pair.label; }
  double other() const { return times * (1 - pair.label); }
};

struct Mass {
  double match = 0, other = 0;
};

Mass mass_of(std::span<Drawn const> pairs) {
  Mass mass;
  for (auto const& drawn : pairs) {
    mass.match += drawn.match();
    mass.other += drawn.other();
  }
  return mass;
}

/// By falling cosine.
std::vector<Drawn> sorted(std::span<LabelledPair const> pairs) {
  std::vector<Drawn> out;
  for (auto const& pair : pairs) {
    if (!std::isfinite(pair.cosine) || !(pair.label >= 0 && pair.label <= 1))
      throw Error(Kind::bad_input, "a labelled pair has no finite cosine, or a label outside 0..1");
    out.push_back({pair});
  }
  auto const mass = mass_of(out);
  if (mass.match <= 0 || mass.other <= 0)
    throw Error(Kind::bad_input, mass.match <= 0 ? "no labelled pair is a match" : "every labelled pair is a match")
        .hint("label pairs of both kinds");
  std::sort(out.begin(), out.end(), [](auto const& a, auto const& b) { return a.pair.cosine > b.pair.cosine; });
  return out;
}

/// Calls visit(mass of this cosine, mass down to and with it, cosine) for each distinct cosine, falling.
template <class Visit>
void sweep(std::span<Drawn const> pairs, Visit const& visit) {
  Mass total;
  for (std::size_t i = 0; i < pairs.size();) {
    double const cosine = pairs[i].pair.cosine;
    Mass group;
    for (; i < pairs.size() && pairs[i].pair.cosine == cosine; ++i) {
      group.match += pairs[i].match();
      group.other += pairs[i].other();
    }
    total.match += group.match;
    total.other += group.other;
    visit(group, total, cosine);
  }
}

double auc_roc_of(std::span<Drawn const> pairs) {
  double area = 0;
  Mass all;
  sweep(pairs, [&](Mass const& group, Mass const& total, double) {
    area += group.other * (total.match - group.match / 2);
    all = total;
  });
  return area / (all.match * all.other);
}

double auc_pr_of(std::span<Drawn const> pairs) {
  double area = 0, matches = 0;
  sweep(pairs, [&](Mass const& group, Mass const& total, double) {
    double const flagged = total.match + total.other;
    if (flagged > 0) area += group.match * total.match / flagged;
    matches = total.match;
  });
  return area / matches;
}

/// The two areas of pairs drawn with replacement, sorted each.
std::pair<std::vector<double>, std::vector<double>> resample(std::vector<Drawn> pairs, std::uint64_t seed,
                                                             std::size_t resamples) {
  std::pair<std::vector<double>, std::vector<double>> out;
  std::mt19937_64 random(seed);
  while (out.first.size() < resamples) {
    for (auto& drawn : pairs)
      drawn.times = 0;
    for (std::size_t i = 0; i < pairs.size(); ++i)
      ++pairs[random() % pairs.size()].times;
    auto const mass = mass_of(pairs);
    if (mass.match <= 0 || mass.other <= 0) continue;
    out.first.push_back(auc_roc_of(pairs));
    out.second.push_back(auc_pr_of(pairs));
  }
  std::sort(out.first.begin(), out.first.end());
  std::sort(out.second.begin(), out.second.end());
  return out;
}

Measure with_interval(double value, std::vector<double> const& resampled) {
  if (resampled.empty()) return {value, value, value};
  auto const at = [&](double share) {
    return resampled[static_cast<std::size_t>(std::lround(share * static_cast<double>(resampled.size() - 1)))];
  };
  return {value, at(0.025), at(0.975)};
}

}  // namespace

double auc_roc(std::span<LabelledPair const> pairs) {
  return auc_roc_of(sorted(pairs));
}

double auc_pr(std::span<LabelledPair const> pairs) {
  return auc_pr_of(sorted(pairs));
}

BestF1 best_f1(std::span<LabelledPair const> pairs) {
  auto const falling = sorted(pairs);
  double const matches = mass_of(falling).match;
  BestF1 best;
  sweep(falling, [&](Mass const&, Mass const& total, double cosine) {
    double const f1 = 2 * total.match / (matches + total.match + total.other);
    if (f1 > best.f1) best = {f1, cosine};
  });
  return best;
}

Reliability reliability(std::span<LabelledPair const> pairs, SimilarityMap const& map, std::size_t bins) {
  auto const mass = mass_of(sorted(pairs));
  std::vector<Mass> masses(bins);
  std::vector<ReliabilityBin> all(bins);
  std::vector<double> score_sums(bins);  // weighted as the masses
  for (auto const& pair : pairs) {
    double const score = map(pair.cosine);
    auto const bin = std::min(static_cast<std::size_t>(score / 10 * static_cast<double>(bins)), bins - 1);
    double const match = pair.label / mass.match, other = (1 - pair.label) / mass.other;
    masses[bin].match += match;
    masses[bin].other += other;
    score_sums[bin] += (match + other) * score;
    ++all[bin].pairs;
  }
  Reliability out;
  for (std::size_t i = 0; i < bins; ++i) {
    double const weight = masses[i].match + masses[i].other;
    if (all[i].pairs == 0) continue;
    all[i].from = 10.0 * static_cast<double>(i) / static_cast<double>(bins);
    all[i].to = 10.0 * static_cast<double>(i + 1) / static_cast<double>(bins);
    all[i].mean_score = score_sums[i] / weight;
    all[i].matches = masses[i].match / weight;
    out.error += weight / 2 * std::abs(all[i].matches - all[i].mean_score / 10);
    out.bins.push_back(all[i]);
  }
  return out;
}

Quality measure(std::span<LabelledPair const> pairs, SimilarityMap const& map, std::uint64_t seed,
                std::size_t resamples) {
  auto const falling = sorted(pairs);
  auto const [roc, pr] = resample(falling, seed, resamples);
  Quality out;
  out.auc_roc = with_interval(auc_roc_of(falling), roc);
  out.auc_pr = with_interval(auc_pr_of(falling), pr);
  out.best_f1 = best_f1(pairs);
  out.reliability = reliability(pairs, map);
  auto const mass = mass_of(falling);
  for (auto const& pair : pairs) {
    ++(pair.label >= 0.5 ? out.matches : out.others);
    out.mean_match += map(pair.cosine) * pair.label / mass.match;
    out.mean_other += map(pair.cosine) * (1 - pair.label) / mass.other;
  }
  return out;
}

}  // namespace jvmm::scoring
