#include "commands/score_comparison.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace jvmm::commands {
namespace {

constexpr std::array<char const*, 3> k_tiers{"aligned", "strong", "premier"};
constexpr std::array<char const*, 4> k_divergence{"below 1", "1 to 3", "3 to 5", "from 5"};

/// For each value its mean rank, from 1, less the mean of all ranks.
std::vector<double> centred_ranks(std::span<std::uint16_t const> values) {
  std::vector<double> ranks(*std::max_element(values.begin(), values.end()) + std::size_t{1});
  for (auto const value : values)
    ++ranks[value];
  double const middle = (static_cast<double>(values.size()) + 1) / 2;
  double below = 0;
  for (auto& rank : ranks) {
    auto const count = rank;
    rank = below + (count + 1) / 2 - middle;
    below += count;
  }
  return ranks;
}

Verdict judge(bool passes, bool fails) {
  return fails ? Verdict::fail : passes ? Verdict::pass : Verdict::warn;
}

}  // namespace

std::optional<double> spearman(std::span<std::uint16_t const> x, std::span<std::uint16_t const> y) {
  if (x.size() < 2) return std::nullopt;
  auto const x_ranks = centred_ranks(x), y_ranks = centred_ranks(y);
  double xx = 0, yy = 0, xy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    double const a = x_ranks[x[i]], b = y_ranks[y[i]];
    xx += a * a;
    yy += b * b;
    xy += a * b;
  }
  if (xx == 0 || yy == 0) return std::nullopt;
  return std::clamp(xy / (std::sqrt(xx) * std::sqrt(yy)), -1.0, 1.0);
}

std::string_view name(Verdict verdict) {
  return verdict == Verdict::pass ? "pass" : verdict == Verdict::warn ? "warn" : "fail";
}

Verdict ScoreGates::rho_verdict() const {
  return judge(rho >= 0.85, rho && *rho < 0.70);
}

Verdict ScoreGates::tier_verdict() const {
  return judge(tier_changes < 0.15, tier_changes > 0.25);
}

Verdict ScoreGates::shift_verdict() const {
  return judge(std::abs(mean_shift) < 3, std::abs(mean_shift) > 5);
}

Verdict ScoreGates::verdict() const {
  return std::max({rho_verdict(), tier_verdict(), shift_verdict()});
}

void ScoreComparison::add(double before, double after) {
  auto const hundredths = [](double x) {
    return static_cast<std::uint16_t>(std::lround(std::clamp(x, 0.0, 100.0) * 100));
  };
  m_before.push_back(hundredths(before));
  m_after.push_back(hundredths(after));
}

ScoreGates ScoreComparison::gates() const {
  ScoreGates gates;
  gates.pairs = m_before.size();
  if (gates.pairs == 0) return gates;
  std::int64_t sum_before = 0, sum_after = 0;
  std::uint64_t changed = 0;
  for (std::size_t i = 0; i < m_before.size(); ++i) {
    auto const off = std::abs(m_after[i] - m_before[i]);
    ++gates.divergence[off < 100 ? 0 : off < 300 ? 1 : off < 500 ? 2 : 3];
    auto const from = m_before_bounds.tier(m_before[i] / 100.0), to = m_after_bounds.tier(m_after[i] / 100.0);
    ++gates.tier_moves[from][to];
    changed += from != to;
    sum_before += m_before[i];
    sum_after += m_after[i];
  }
  auto const pairs = static_cast<double>(gates.pairs);
  gates.rho = spearman(m_before, m_after);
  gates.tier_changes = static_cast<double>(changed) / pairs;
  gates.mean_before = static_cast<double>(sum_before) / 100 / pairs;
  gates.mean_after = static_cast<double>(sum_after) / 100 / pairs;
  gates.mean_shift = static_cast<double>(sum_after - sum_before) / 100 / pairs;
  return gates;
}

void write_json(json::Writer& out, ScoreGates const& gates) {
  out.begin_object().member("pairs", gates.pairs).key("spearman").begin_object().key("value");
  gates.rho ? out.value(*gates.rho) : out.null();
  out.member("verdict", name(gates.rho_verdict())).end_object();
  out.key("tier_changes").begin_object().member("value", gates.tier_changes);
  out.member("verdict", name(gates.tier_verdict())).end_object();
  out.key("mean_shift").begin_object().member("value", gates.mean_shift);
  out.member("verdict", name(gates.shift_verdict())).end_object();
  out.member("mean_before", gates.mean_before).member("mean_after", gates.mean_after);
  out.key("divergence").begin_array();
  for (auto const count : gates.divergence)
    out.value(count);
  out.end_array().key("tier_moves").begin_object();
  for (std::size_t from = 0; from < 3; ++from) {
    out.key(k_tiers[from]).begin_object();
    for (std::size_t to = 0; to < 3; ++to)
      out.member(k_tiers[to], gates.tier_moves[from][to]);
    out.end_object();
  }
  out.end_object().member("verdict", name(gates.verdict())).end_object();
}

std::string gates_text(ScoreGates const& gates) {
  auto const rho = gates.rho ? fmt::format("{:.4f}", *gates.rho) : std::string("none");
  auto text =
      fmt::format("  Spearman      {:>8}    {}  (pass from 0.85, fail below 0.70)\n", rho, name(gates.rho_verdict()));
  text += fmt::format("  tier changes  {:>8.2f} %  {}  (pass below 15 %, fail above 25 %)\n", 100 * gates.tier_changes,
                      name(gates.tier_verdict()));
  text += fmt::format("  mean shift    {:>+8.2f}    {}  (pass within 3, fail beyond 5; {:.2f} to {:.2f})\n",
                      gates.mean_shift, name(gates.shift_verdict()), gates.mean_before, gates.mean_after);
  text += "  difference in points:";
  for (std::size_t i = 0; i < k_divergence.size(); ++i)
    text += fmt::format("{} {} {}", i ? "," : "", k_divergence[i], gates.divergence[i]);
  return text + "\n";
}

}  // namespace jvmm::commands
