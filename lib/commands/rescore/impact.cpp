#include "commands/rescore/impact.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "log/text_table.hpp"

namespace jvmm::commands {
namespace {

constexpr std::size_t k_duplicate_examples = 10;
constexpr std::array<char const*, 4> k_tiers{"unscored", "aligned", "strong", "premier"};

void write(json::Writer& out, Distribution const& d) {
  out.begin_object().member("count", d.count()).member("mean", d.mean()).member("median", d.median());
  out.member("stdev", d.stdev()).member("min", d.min()).member("max", d.max()).key("tens").begin_array();
  for (auto const count : d.tens())
    out.value(count);
  out.end_array().end_object();
}

void write_duplicates(json::Writer& out, Impact const& impact) {
  out.begin_object().member("count", impact.duplicates()).key("examples").begin_array();
  for (auto const& [match, a, b, evidence] : impact.duplicate_examples()) {
    out.begin_object().member("match", match.text()).member("a", a.text()).member("b", b.text());
    out.member("evidence", evidence).end_object();
  }
  out.end_array().end_object();
}

std::string duplicates_text(Impact const& impact) {
  if (impact.duplicates() == 0) return {};
  auto text = fmt::format("  {} matches are of profiles that look like one person, such as\n", impact.duplicates());
  for (auto const& [match, a, b, evidence] : impact.duplicate_examples())
    text += fmt::format("    {}  {} / {} (same {})\n", match.text(), a.text(), b.text(), evidence);
  return text;
}

std::string line(char const* name, Distribution const& d) {
  if (d.count() == 0) return fmt::format("  {:<10} none\n", name);
  return fmt::format("  {:<10} n {:>8}  mean {:6.2f}  median {:6.2f}  sd {:5.2f}  min {:6.2f}  max {:6.2f}\n", name,
                     d.count(), d.mean(), d.median(), d.stdev(), d.min(), d.max());
}

}  // namespace

void Distribution::add(double x) {
  x = std::clamp(x, -100.0, 100.0);
  ++m_counts[static_cast<std::size_t>(std::lround((x + 100) * 100))];
  m_min = m_count ? std::min(m_min, x) : x;
  m_max = m_count ? std::max(m_max, x) : x;
  ++m_count;
  double const off = x - m_mean;
  m_mean += off / static_cast<double>(m_count);
  m_squares += off * (x - m_mean);
}

double Distribution::mean() const {
  return m_mean;
}

double Distribution::stdev() const {
  return m_count < 2 ? 0 : std::sqrt(m_squares / static_cast<double>(m_count - 1));
}

double Distribution::at(std::uint64_t rank) const {
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < m_counts.size(); ++i)
    if ((seen += m_counts[i]) > rank) return static_cast<double>(i) / 100 - 100;
  return m_max;
}

double Distribution::quantile(double share) const {
  if (m_count == 0) return 0;
  double const place = share * static_cast<double>(m_count - 1);
  auto const low = static_cast<std::uint64_t>(std::floor(place)), high = static_cast<std::uint64_t>(std::ceil(place));
  return low == high ? at(low) : at(low) + (at(high) - at(low)) * (place - static_cast<double>(low));
}

std::array<std::uint64_t, 10> Distribution::tens() const {
  std::array<std::uint64_t, 10> counts{};
  for (std::size_t i = 10'000; i < m_counts.size(); ++i)
    counts[std::min<std::size_t>((i - 10'000) / 1'000, 9)] += m_counts[i];
  return counts;
}

void ScoredPair::count_methods(scoring::Prepared const& source, scoring::Prepared const& target) {
  semantic = static_cast<std::uint64_t>((source.seeking && target.offering) + (source.audience && target.audience));
  word_overlap = 2 - semantic;
}

std::size_t Impact::tier_of(std::optional<double> score) const {
  return !score ? 0 : *score >= m_premier ? 3 : *score >= m_strong ? 2 : 1;
}

void Impact::add(ScoredPair const& pair) {
  m_after.add(pair.after);
  ++m_tiers[tier_of(pair.before)][tier_of(pair.after)];
  m_retired += pair.retired;
  m_semantic_factors += pair.semantic;
  m_word_factors += pair.word_overlap;
  if (!pair.retired) (pair.word_overlap == 0 ? m_semantic : m_words).add(pair.after);
  if (!pair.before) return;
  m_before.add(*pair.before);
  m_delta.add(pair.after - *pair.before);
  m_rescued += *pair.before < m_strong && pair.after >= m_strong;
  m_movers.add({pair.a, pair.b, *pair.before, pair.after});
  if (m_comparison && !(pair.retired && *pair.before == 0)) m_comparison->add(*pair.before, pair.after);
}

void Impact::add(DuplicateMatch const& match) {
  if (++m_duplicates <= k_duplicate_examples) m_duplicate_examples.push_back(match);
}

std::uint64_t Impact::tier_up() const {
  std::uint64_t sum = 0;
  for (std::size_t from = 1; from < 4; ++from)
    for (std::size_t to = from + 1; to < 4; ++to)
      sum += m_tiers[from][to];
  return sum;
}

std::uint64_t Impact::tier_down() const {
  std::uint64_t sum = 0;
  for (std::size_t from = 1; from < 4; ++from)
    for (std::size_t to = 1; to < from; ++to)
      sum += m_tiers[from][to];
  return sum;
}

void write_json(json::Writer& out, Impact const& impact) {
  out.begin_object().member("pairs", impact.pairs());
  out.key("before");
  write(out, impact.before());
  out.key("after");
  write(out, impact.after());
  out.key("delta");
  write(out, impact.delta());
  out.member("tier_up", impact.tier_up()).member("tier_down", impact.tier_down()).key("tier_moves").begin_object();
  for (std::size_t from = 0; from < 4; ++from) {
    out.key(k_tiers[from]).begin_object();
    for (std::size_t to = 1; to < 4; ++to)
      out.member(k_tiers[to], impact.tier_moves()[from][to]);
    out.end_object();
  }
  out.end_object().member("rescued", impact.rescued()).member("retired", impact.retired());
  out.key("factors").begin_object().member("semantic", impact.semantic_factors());
  out.member("word_overlap", impact.word_factors()).end_object();
  out.key("semantic_pairs");
  write(out, impact.semantic_only());
  out.key("word_overlap_pairs");
  write(out, impact.with_words());
  out.key("duplicates");
  write_duplicates(out, impact);
  out.key("gains");
  write_json(out, impact.gains());
  out.key("losses");
  write_json(out, impact.losses());
  if (auto const gates = impact.gates()) {
    out.key("gates");
    write_json(out, *gates);
  }
  out.end_object();
}

std::string impact_text(Impact const& impact) {
  std::string text = line("before", impact.before()) + line("after", impact.after());
  if (impact.delta().count()) text += line("change", impact.delta());
  auto const& moves = impact.tier_moves();
  text += fmt::format("  tiers: {} up, {} down, {} rescued, {} newly scored, {} retired\n", impact.tier_up(),
                      impact.tier_down(), impact.rescued(), moves[0][1] + moves[0][2] + moves[0][3], impact.retired());
  auto const factors = impact.semantic_factors() + impact.word_factors();
  if (factors)
    text += fmt::format("  similarities: {} semantic, {} by word overlap ({:.1f} % semantic)\n",
                        impact.semantic_factors(), impact.word_factors(),
                        100.0 * static_cast<double>(impact.semantic_factors()) / static_cast<double>(factors));
  if (impact.semantic_only().count() && impact.with_words().count())
    text += line("semantic", impact.semantic_only()) + line("by words", impact.with_words());
  if (auto const gates = impact.gates()) text += gates_text(*gates);
  return text + duplicates_text(impact) + movers_text("greatest gains", impact.gains()) +
         movers_text("greatest losses", impact.losses());
}

}  // namespace jvmm::commands
