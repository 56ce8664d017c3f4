#include <fmt/format.h>

#include <algorithm>

#include "commands/explain/explanation.hpp"
#include "log/text_table.hpp"

namespace jvmm::commands {
namespace {

using log::Align;
using log::one_line;

constexpr std::size_t k_columns = 100;

std::string number(std::optional<double> x, int decimals = 2) {
  return x ? fmt::format("{:.{}f}", *x, decimals) : "-";
}

std::string name_of(ScoredProfile const& profile) {
  return one_line(profile.profile.name.value_or("(no name)"), 40);
}

/// Broken between words; lines after the first are set in.
std::string wrapped(std::string const& text) {
  std::string out;
  std::size_t width = 0;
  for (std::size_t at = 0; at < text.size();) {
    auto const end = std::min(text.find(' ', at), text.size());
    auto const word = text.substr(at, end - at);
    auto const length = static_cast<std::size_t>(
        std::count_if(word.begin(), word.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
    bool const breaks = width > 0 && width + 1 + length > k_columns;
    out += (width == 0 ? "" : breaks ? "\n    " : " ") + word;
    width = breaks ? 4 + length : width + (width > 0) + length;
    at = end + 1;
  }
  return out + "\n";
}

std::string profile_line(char const* side, ScoredProfile const& profile, scoring::PairGate const& gate) {
  auto const filled = gate.enabled ? fmt::format("; pair gate {} of {} fields filled, {} wanted",
                                                 profile.prepared.gate_fields, gate.fields.size(), gate.min_fields)
                                   : std::string("; no pair gate");
  return fmt::format("{}  {}  {}\n   profile filter: {}{}\n", side, profile.profile.id.text(), name_of(profile),
                     name(profile.group), filled);
}

std::string direction_text(scoring::DirectionBreakdown const& direction, scoring::ScoringProfile const& rules) {
  log::TextTable table({{"factor"},
                        {"cosine", Align::right},
                        {"score", Align::right},
                        {"weight", Align::right},
                        {"method", Align::left, 17},
                        {"detail", Align::left, 30}});
  std::string silent;
  for (auto const dimension : scoring::k_all_dimensions) {
    auto const& line = direction[dimension];
    auto const share = line.possible_weight > 0 ? 100 * line.fired_weight / line.possible_weight : 0;
    table.add({fmt::format("{}", name(dimension)), "", number(line.score), number(rules.weight(dimension)), "",
               fmt::format("evidence {:.0f} %: {:g} of {:g}", share, line.fired_weight, line.possible_weight)});
    for (auto const& factor : line.factors)
      table.add({fmt::format("  {}", info(factor.id).name), number(factor.cosine, 3), number(factor.score),
                 number(factor.weight), std::string(factor.method), factor.cosine ? "" : factor.detail});
    std::string names;
    for (auto const factor : silent_factors(dimension, line, rules))
      names += fmt::format("{}{}", names.empty() ? "" : ", ", info(factor).name);
    if (!names.empty()) silent += wrapped(fmt::format("no data, {}: {}", name(dimension), names));
  }
  return table.text() + silent;
}

std::string differences_text(std::vector<Difference> const& differences) {
  if (differences.empty()) return "";
  log::TextTable table({{"    differs"},
                        {"dimension"},
                        {"factor", Align::left, 28},
                        {"stored", Align::right},
                        {"now", Align::right},
                        {"weight", Align::right},
                        {"now", Align::right}});
  for (auto const& each : differences)
    table.add({each.reverse ? "    B to A" : "    A to B", std::string(each.dimension), each.factor,
               number(each.stored), number(each.now), number(each.stored_weight), number(each.now_weight)});
  return table.text();
}

std::string personas_text(std::optional<PersonaPair> const& pair) {
  if (!pair) return "";
  auto const named = [](std::string const& key, std::string const& name) {
    return name.empty() ? key + " (no longer in use)" : fmt::format("{} ({})", key, one_line(name, 60));
  };
  auto text = "A serves " + named(pair->a, pair->name_a) + ", B serves " + named(pair->b, pair->name_b);
  if (pair->a == pair->b) return wrapped(text + ": the same");
  if (!pair->score) return wrapped(text + ": nothing is known of how they complete each other");
  auto const reason = complement_reason(pair->evidence_json);
  return wrapped(fmt::format("{}: they complete each other to {:.1f} of 10{}", text, *pair->score,
                             reason.empty() ? "" : " (" + one_line(reason) + ")"));
}

std::string stored_text(StoredView const& view, Explanation const& e) {
  auto const& pair = view.pair;
  auto const text_of = [&](char const* member) {
    auto const* const value = pair.context.find(member);
    auto const* const text = value ? value->get_if<std::string>() : nullptr;
    return text ? one_line(*text, 60) : std::string("-");
  };
  auto const &ab = e.pair.ab.score, &ba = e.pair.ba.score;
  auto text = fmt::format("stored {}, match {}: {}\n", pair.reverse ? "B to A" : "A to B", pair.match.text(),
                          name(view.freshness));
  text += fmt::format("    scored {} by {}; status {}\n", text_of("scored_at"), text_of("scoring_version"),
                      one_line(pair.status, 20));
  text += fmt::format("    forth {} (now {:.2f}), back {} (now {:.2f}), pair {} (now {:.2f}), match_score {}\n",
                      number(pair.forth), pair.reverse ? ba : ab, number(pair.back), pair.reverse ? ab : ba,
                      number(pair.harmonic_mean), e.pair.harmonic_mean, number(pair.match_score));
  if (pair.form == "string") text += "    match_context is double-encoded; 'jvmm rescore --repair-context' mends it\n";
  for (auto const& reason : view.reasons)
    text += fmt::format("    {}\n", one_line(reason, 94));
  return text + differences_text(view.differences);
}

}  // namespace

std::string explanation_text(Explanation const& e) {
  auto const& rules = e.setup.scorer.profile();
  auto text = profile_line("A", e.a, rules.gate) + profile_line("B", e.b, rules.gate);
  text += fmt::format("scored by {}, as of {}\n\n", e.setup.basis, iso8601(e.setup.scorer.context().now));
  if (e.pair.eligible) {
    text +=
        fmt::format("pair {:.2f} ({}), A to B {:.2f}, B to A {:.2f}\n", e.pair.harmonic_mean,
                    scoring::tier(scoring::rounded(e.pair.harmonic_mean, 2), rules), e.pair.ab.score, e.pair.ba.score);
    text += wrapped("for A: " + one_line(e.reason_for_a)) + wrapped("for B: " + one_line(e.reason_for_b));
  } else {
    text += wrapped("no match: " + one_line(e.pair.ineligible_reason));
  }
  text += fmt::format("lightweight {:.2f} (A to B {:.2f}, B to A {:.2f})\n", e.lightweight.harmonic_mean,
                      e.lightweight.score_ab, e.lightweight.score_ba);
  text += personas_text(e.personas);
  if (e.pair.eligible)
    text += fmt::format("\nA to B: what B is worth to A\n{}\nB to A: what A is worth to B\n{}",
                        direction_text(e.pair.ab, rules), direction_text(e.pair.ba, rules));
  text += e.stored.empty() ? "\nstored: nothing\n" : "\n";
  for (auto const& view : e.stored)
    text += stored_text(view, e);
  return text;
}

}  // namespace jvmm::commands
