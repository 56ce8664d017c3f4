#include "commands/match_context.hpp"

#include <fmt/format.h>

#include "json/writer.hpp"
#include "scoring/breakdown.hpp"

namespace jvmm::commands {
namespace {

using scoring::ScoringProfile;

void write_stamp(json::Writer& out, ScoringProfile const& profile, ScoreStamp const& stamp) {
  out.member("scored_at", stamp.scored_at);
  out.member("scoring_version", fmt::format("{}/{}", profile.name, profile.version));
  out.key("scoring").begin_object();
  out.member("name", profile.name).member("hash", profile.hash);
  out.member("basis", stamp.basis).member("input", stamp.input).end_object();
}

void write_dimensions(json::Writer& out, scoring::DirectedScore const& s) {
  out.begin_array();
  for (auto const& score : {s.intent, s.synergy, s.momentum, s.context})
    score ? out.value(*score) : out.null();
  out.end_array();
}

}  // namespace

std::string full_context(scoring::PairBreakdown const& pair, ScoringProfile const& profile, ScoreStamp const& stamp) {
  json::Writer out;
  out.begin_object().key("breakdown_ab");
  write_breakdown(out, pair.ab);
  out.key("breakdown_ba");
  write_breakdown(out, pair.ba);
  write_stamp(out, profile, stamp);
  out.end_object();
  return std::move(out).take();
}

std::string retired_context(std::string_view reason, ScoringProfile const& profile, ScoreStamp const& stamp) {
  json::Writer out;
  out.begin_object().member("ineligible_reason", reason);
  write_stamp(out, profile, stamp);
  out.end_object();
  return std::move(out).take();
}

std::string compact_context(scoring::PairScore const& pair, scoring::Prepared const& a, scoring::Prepared const& b,
                            ScoreStamp const& stamp, std::optional<std::int64_t> generation) {
  auto const method = [](bool semantic) { return semantic ? 's' : 'w'; };
  json::Writer out;
  out.begin_object().key("dimensions").begin_array();
  write_dimensions(out, pair.ab);
  write_dimensions(out, pair.ba);
  out.end_array();
  out.member("methods", fmt::format("{}{}{}", method(a.seeking && b.offering), method(b.seeking && a.offering),
                                    method(a.audience && b.audience)));
  if (generation) out.member("generation", *generation);
  out.member("scored_at", stamp.scored_at);
  out.key("scoring").begin_object().member("basis", stamp.basis).member("input", stamp.input).end_object().end_object();
  return std::move(out).take();
}

std::string pair_input(std::string_view hash_a, std::string_view hash_b) {
  return fmt::format("{}:{}", hash_a, hash_b);
}

}  // namespace jvmm::commands
