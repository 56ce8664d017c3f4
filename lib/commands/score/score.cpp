#include "commands/score/score.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <functional>

#include "base/error.hpp"
#include "commands/output_file.hpp"
#include "commands/score/pair_lines.hpp"
#include "scoring/calibration.hpp"

namespace jvmm::commands {
namespace {

constexpr std::size_t k_written_together = std::size_t{1} << 20;  // bytes

using Sink = std::function<void(std::string_view)>;

SystemTime parse_now(ScoreOptions const& options, Clock const& clock) {
  if (!options.now) return clock.now();
  if (auto const now = parse_iso8601(*options.now)) return *now;
  throw Error(Kind::usage,
              fmt::format("--now is '{}', expected a time with offset such as 2026-11-01T00:00:00Z", *options.now));
}

/// The maps that come with the program for this model; none where there is no vector to need them for.
void set_calibration(scoring::ScoringContext& context) {
  using scoring::FieldPair;
  if (context.dims == 0) {
    context.offering_seeking = context.audience = scoring::SimilarityMap{{{0, 0}, {1, 10}}};
    return;
  }
  auto const map = [&](FieldPair pair) {
    auto const* const shipped = scoring::find_shipped_calibration(context.model, pair);
    return shipped ? std::optional(shipped->map) : std::nullopt;
  };
  context.offering_seeking = map(FieldPair::offering_seeking);
  context.audience = map(FieldPair::audience);
}

scoring::ScoringContext context_of(ProfileSet const& set, scoring::ScoringProfile const& rules, SystemTime now,
                                   std::string const& configured_model) {
  scoring::ScoringContext context;
  context.now = now;
  context.model = prevailing_model(set);
  if (context.model.empty()) context.model = configured_model;
  context.dims = prevailing_dims(set);
  set_calibration(context);
  std::vector<double> percentiles;
  for (auto const& [percentile, score] : rules[scoring::FactorId::network_influence].percentile_steps.steps)
    percentiles.push_back(percentile);
  context.network = scoring::network_cuts(set.profiles, percentiles);
  return context;
}

struct Counts {
  std::uint64_t pairs = 0, ineligible = 0;
};

Counts write_pairs(RunContext& context, ScoreOptions const& options, ProfileSet const& set, PairLines& lines,
                   Sink const& sink) {
  log::Progress progress(context.log, context.clock, context.progress(), "score", std::nullopt);
  Counts counts;
  std::string buffer;
  for_each_json_line(options.pairs, [&](json::Ref const& row) {
    if (context.stop.requested())
      throw Error(Kind::stopped, fmt::format("stopped after {} pairs; nothing is kept, run it again", counts.pairs));
    auto const result = lines.score(parse_pair_line(row, set));
    buffer += result.json;
    buffer += '\n';
    ++counts.pairs;
    counts.ineligible += result.eligible ? 0 : 1;
    if (buffer.size() < k_written_together) return;
    sink(buffer);
    buffer.clear();
    progress.update({counts.pairs, 0, 0});
  });
  sink(buffer);
  return counts;
}

Counts write_output(RunContext& context, ScoreOptions const& options, ProfileSet const& set, PairLines& lines) {
  if (options.output == "-")
    return write_pairs(context, options, set, lines, [&](std::string_view text) { context.print(text); });
  OutputFile file(options.output);
  auto const counts = write_pairs(context, options, set, lines, [&](std::string_view text) { file.write(text); });
  file.finish();
  return counts;
}

}  // namespace

void ScoreOptions::validate() const {
  auto const from_stdin = std::ranges::count(std::array{profiles, pairs, embeddings}, "-");
  if (from_stdin > 1) throw Error(Kind::usage, "only one of --profiles, --embeddings and --pairs can be -");
}

int score(RunContext& context, ScoreOptions const& options) {
  options.validate();
  auto const start = context.clock.steady_now();
  auto const now = parse_now(options, context.clock);
  auto const rules = scoring::load_scoring_profile(options.scoring);
  auto const set = read_profile_files(options.profiles, options.embeddings);
  PairLines lines(set, rules, context_of(set, rules, now, context.settings.text("model")));
  auto const counts = write_output(context, options, set, lines);
  auto const seconds = std::chrono::duration<double>(context.clock.steady_now() - start).count();
  context.log.info("{} pairs of {} profiles scored by {} ({}), {} not eligible, {:.1f} s", counts.pairs,
                   set.profiles.size(), rules.name, rules.hash, counts.ineligible, seconds);
  return 0;
}

}  // namespace jvmm::commands
