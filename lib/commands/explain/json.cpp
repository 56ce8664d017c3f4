#include "commands/explain/explanation.hpp"
#include "json/writer.hpp"

namespace jvmm::commands {
namespace {

void optional(json::Writer& out, char const* key, std::optional<double> x) {
  out.key(key);
  x ? out.value(*x) : out.null();
}

void optional(json::Writer& out, char const* key, std::optional<std::string> const& text) {
  out.key(key);
  text ? out.value(*text) : out.null();
}

void write(json::Writer& out, ScoredProfile const& profile) {
  out.begin_object().member("id", profile.profile.id.text());
  optional(out, "name", profile.profile.name);
  out.member("class", name(profile.group)).member("gate_fields", profile.prepared.gate_fields);
  out.member("hash", profile.hash).end_object();
}

void write(json::Writer& out, scoring::FactorLine const& line) {
  out.begin_object().member("factor", info(line.id).key).member("name", info(line.id).name);
  optional(out, "cosine", line.cosine);
  out.member("score", line.score).member("shown", line.shown()).member("weight", line.weight);
  out.member("method", line.method).member("detail", line.detail).end_object();
}

void write(json::Writer& out, scoring::DirectionBreakdown const& direction, scoring::ScoringProfile const& rules) {
  out.begin_object().member("score", direction.score).key("dimensions").begin_object();
  for (auto const dimension : scoring::k_all_dimensions) {
    auto const& line = direction[dimension];
    out.key(name(dimension)).begin_object();
    optional(out, "score", line.score);
    out.member("weight", rules.weight(dimension)).member("fired_weight", line.fired_weight);
    out.member("possible_weight", line.possible_weight).key("factors").begin_array();
    for (auto const& factor : line.factors)
      write(out, factor);
    out.end_array().key("absent").begin_array();
    for (auto const factor : silent_factors(dimension, line, rules))
      out.value(info(factor).key);
    out.end_array().end_object();
  }
  out.end_object().end_object();
}

void write(json::Writer& out, PersonaPair const& pair) {
  out.begin_object().member("a", pair.a).member("b", pair.b);
  optional(out, "name_a", pair.name_a.empty() ? std::nullopt : std::optional(pair.name_a));
  optional(out, "name_b", pair.name_b.empty() ? std::nullopt : std::optional(pair.name_b));
  optional(out, "complement", pair.score);
  out.member("reason", complement_reason(pair.evidence_json)).key("evidence");
  pair.evidence_json.empty() ? out.null() : out.raw(pair.evidence_json);
  out.end_object();
}

std::optional<std::string> context_text(StoredPair const& pair, char const* member) {
  auto const* const value = pair.context.find(member);
  auto const* const text = value ? value->get_if<std::string>() : nullptr;
  return text ? std::optional(*text) : std::nullopt;
}

void write(json::Writer& out, Difference const& difference) {
  out.begin_object().member("direction", difference.reverse ? "ba" : "ab").member("dimension", difference.dimension);
  optional(out, "factor", difference.factor.empty() ? std::nullopt : std::optional(difference.factor));
  optional(out, "stored", difference.stored);
  optional(out, "now", difference.now);
  optional(out, "stored_weight", difference.stored_weight);
  optional(out, "now_weight", difference.now_weight);
  out.end_object();
}

void write(json::Writer& out, StoredView const& view) {
  auto const& pair = view.pair;
  out.begin_object().member("match", pair.match.text()).member("direction", pair.reverse ? "ba" : "ab");
  optional(out, "score_ab", pair.forth);
  optional(out, "score_ba", pair.back);
  optional(out, "harmonic_mean", pair.harmonic_mean);
  optional(out, "match_score", pair.match_score);
  out.member("match_reason", pair.reason).member("status", pair.status).member("source", pair.source);
  out.member("context_form", pair.form);
  for (auto const* member : {"scored_at", "scoring_version", "ineligible_reason"})
    optional(out, member, context_text(pair, member));
  optional(out, "basis", pair.basis);
  optional(out, "input", pair.input);
  out.member("freshness", name(view.freshness)).key("reasons").begin_array();
  for (auto const& reason : view.reasons)
    out.value(reason);
  out.end_array().key("differences").begin_array();
  for (auto const& difference : view.differences)
    write(out, difference);
  out.end_array().end_object();
}

}  // namespace

std::string explanation_json(Explanation const& e) {
  auto const& rules = e.setup.scorer.profile();
  json::Writer out;
  out.begin_object().member("command", "explain").key("scoring").begin_object();
  out.member("name", rules.name).member("version", rules.version).member("hash", rules.hash);
  out.member("model", e.setup.model).member("basis", e.setup.basis).end_object();
  out.member("now", iso8601(e.setup.scorer.context().now)).key("a");
  write(out, e.a);
  out.key("b");
  write(out, e.b);
  out.member("eligible", e.pair.eligible);
  optional(out, "ineligible_reason", e.pair.eligible ? std::nullopt : std::optional(e.pair.ineligible_reason));
  auto const pair_tier = scoring::tier(scoring::rounded(e.pair.harmonic_mean, 2), rules);
  out.member("harmonic_mean", e.pair.harmonic_mean);
  optional(out, "tier", e.pair.eligible ? std::optional(std::string(pair_tier)) : std::nullopt);
  out.member("reason_for_a", e.reason_for_a).member("reason_for_b", e.reason_for_b).key("ab");
  write(out, e.pair.ab, rules);
  out.key("ba");
  write(out, e.pair.ba, rules);
  out.key("lightweight").begin_object().member("score_ab", e.lightweight.score_ab);
  out.member("score_ba", e.lightweight.score_ba).member("harmonic_mean", e.lightweight.harmonic_mean).end_object();
  out.key("personas");
  if (e.personas)
    write(out, *e.personas);
  else
    out.null();
  out.key("stored").begin_array();
  for (auto const& view : e.stored)
    write(out, view);
  out.end_array().end_object();
  return std::move(out).take() + "\n";
}

}  // namespace jvmm::commands
