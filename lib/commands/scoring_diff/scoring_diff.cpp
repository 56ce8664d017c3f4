#include "commands/scoring_diff/scoring_diff.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "commands/scoring_diff/compare.hpp"
#include "db/capabilities.hpp"
#include "store/migrations.hpp"

namespace jvmm::commands {
namespace {

constexpr std::uint64_t k_largest_sample = 1'000'000;

void check_database(db::Connection& connection) {
  db::ReadTx tx(connection);
  store::require_migrated(tx);
  if (!db::inspect(tx).table("match_suggestions"))
    throw Error(Kind::configuration, "this database has no table match_suggestions")
        .hint("check DATABASE_URL; 'jvmm doctor' shows what is there");
}

void write_side(json::Writer& out, std::string const& side) {
  side == "stored" ? out.null() : out.value(side);
}

}  // namespace

void ScoringDiffOptions::validate() const {
  if (profiles.size() != (stored ? 1u : 2u))
    throw Error(Kind::usage, stored ? "--stored takes one scoring profile, to compare with what is stored"
                                    : "expected two scoring profiles, or --stored and one");
  if (sample && (*sample < 1 || *sample > k_largest_sample))
    throw Error(Kind::usage, fmt::format("--sample takes 1 to {} matches", k_largest_sample));
}

std::string scoring_diff_text(ScoringDiff const& diff) {
  auto const& out = diff.left_out;
  auto text = fmt::format("before  {}\nafter   {}\n", diff.before, diff.after);
  text += fmt::format("{} of {} matches compared ({} without a profile, {} without a score, {} no match either way)\n",
                      diff.gates.pairs, diff.matches, out.no_profile, out.unscored, out.ineligible);
  text += gates_text(diff.gates) + movers_text("greatest gains", diff.movers.gains()) +
          movers_text("greatest losses", diff.movers.losses());
  return text + fmt::format("{}\n", name(diff.gates.verdict()));
}

std::string scoring_diff_json(ScoringDiff const& diff, ScoringDiffOptions const& options) {
  json::Writer out;
  out.begin_object().member("command", "scoring diff").key("before");
  write_side(out, diff.before);
  out.member("after", diff.after).key("sample");
  options.sample ? out.value(*options.sample) : out.null();
  out.member("seed", options.seed).member("matches", diff.matches).key("left_out").begin_object();
  out.member("no_profile", diff.left_out.no_profile).member("unscored", diff.left_out.unscored);
  out.member("ineligible", diff.left_out.ineligible).end_object().key("gates");
  write_json(out, diff.gates);
  out.key("gains");
  write_json(out, diff.movers.gains());
  out.key("losses");
  write_json(out, diff.movers.losses());
  out.end_object();
  return std::move(out).take() + "\n";
}

int scoring_diff(RunContext& context, ScoringDiffOptions const& options) {
  options.validate();
  db::Connection connection(context.database("scoring-diff"));
  check_database(connection);
  std::optional<ScoringSetup> before;
  if (!options.stored) before.emplace(open_scoring(context, connection, {options.profiles[0], options.now}, false));
  auto after = open_scoring(context, connection, {options.profiles.back(), options.now}, false);
  auto const diff = compare_scorings(context, connection, before ? &*before : nullptr, after, options);
  context.print(context.format() == OutputFormat::json ? scoring_diff_json(diff, options) : scoring_diff_text(diff));
  return options.gate && diff.gates.verdict() == Verdict::fail ? 1 : 0;
}

}  // namespace jvmm::commands
