// One pair, exact, with all factors, on one thread: scores alone, and breakdown with reason as JSON. Profiles of the
// fixture with made-up vectors and labels, so that every factor of synergy fires; and the golden pairs. The reference
// implementation (Python) scores 267 to 3,337 pairs/s on one thread of such a machine, depending on the vectors' width.
// Rates are per second of processor time.
//   pair_bench [--pairs=400000] [--breakdowns=20000] [--dims=384] [--rounds=3]
// A table on stderr, JSON on stdout. docs/benchmarks.md says what is compared.
#include <fmt/format.h>
#include <time.h>

#include <functional>
#include <map>
#include <random>

#include "base/clock.hpp"
#include "bench_support.hpp"
#include "json/parse.hpp"
#include "json/writer.hpp"
#include "scoring/match_reason.hpp"
#include "scoring/scorer.hpp"
#include "text/lines.hpp"

namespace {

using namespace jvmm;
using bench::median;

constexpr double k_reference_slow = 267, k_reference_fast = 3337;  // pairs/s

/// Of processor time of this thread, which what else runs on the machine does not lengthen by waiting for a turn.
double seconds_of(std::function<void()> const& work) {
  auto const now = [] {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
  };
  auto const start = now();
  work();
  return now() - start;
}

using Pairs = std::vector<std::pair<std::size_t, std::size_t>>;

std::vector<Profile> read_profiles(std::string const& path) {
  std::vector<Profile> profiles;
  text::LineReader lines(path);
  for (std::string line; lines.next(line);) {
    auto const row = json::parse(line, path);
    profiles.push_back(parse_profile(json::Ref(row, path)));
  }
  return profiles;
}

void add_vectors(std::vector<Profile>& profiles, std::size_t dims) {
  std::mt19937 random(1);
  std::normal_distribution<float> normal;
  for (auto& profile : profiles)
    for (auto& vector : profile.embeddings) {
      vector.resize(dims);
      for (auto& x : vector)
        x = normal(random) + 0.5F;  // so that cosines are not all near zero
    }
}

void add_labels(std::vector<Profile>& profiles) {
  constexpr char const* offers[] = {"online_course", "podcast", "coaching_1on1", "book_author", "speaking"};
  constexpr char const* styles[] = {"educational", "storytelling", "tactical", "nurturing"};
  std::size_t i = 0;
  for (auto& profile : profiles) {
    profile.offer_types = {{offers[i % 5], .9}, {offers[(i / 5) % 5], .8}};
    profile.content_style = Labelled{styles[i % 4], .9};
    profile.audience_persona = i % 3 ? "seekers" : "artists";
    profile.has_credentials = true;
    profile.credibility_score = .4;
    ++i;
  }
}

Pairs random_pairs(std::size_t profiles, std::size_t count) {
  std::mt19937 random(2);
  Pairs pairs;
  while (pairs.size() < count)
    pairs.emplace_back(random() % profiles, random() % profiles);
  return pairs;
}

struct Golden {
  std::vector<Profile> profiles;
  Pairs pairs;
};

Golden read_golden(std::string const& folder) {
  Golden golden{read_profiles(folder + "/profiles.jsonl.gz"), {}};
  std::map<std::string, std::size_t> index;
  for (std::size_t i = 0; i < golden.profiles.size(); ++i)
    index[golden.profiles[i].id.text()] = i;
  text::LineReader vectors(folder + "/embeddings.jsonl.gz");
  for (std::string line; vectors.next(line);) {
    auto const row = json::parse(line);
    auto const ref = json::Ref(row, "embeddings");
    parse_embeddings(ref, golden.profiles[index.at(ref["id"].string())]);
  }
  text::LineReader pairs(folder + "/pairs.jsonl.gz");
  for (std::string line; pairs.next(line);) {
    auto const row = json::parse(line);
    auto const ref = json::Ref(row, "pairs");
    golden.pairs.emplace_back(index.at(ref["a"].string()), index.at(ref["b"].string()));
  }
  return golden;
}

scoring::ScoringContext context_of(std::vector<Profile> const& profiles) {
  scoring::ScoringContext context;
  context.now = *parse_iso8601("2026-11-01T00:00:00Z");
  context.offering_seeking = context.audience =
      scoring::SimilarityMap{{{-1, 0}, {.1, .5}, {.2, 1}, {.3, 2.5}, {.4, 4}, {.5, 6}, {.6, 8}, {.8, 9.5}, {1, 10}}};
  context.network = scoring::network_cuts(profiles, {99, 95, 85, 60});
  return context;
}

class Bench {
 public:
  Bench(std::vector<Profile> const& profiles, std::string const& scoring)
      : m_profiles(profiles), m_scorer(scoring::load_scoring_profile(scoring), context_of(profiles)) {}

  double prepare() {
    m_prepared.clear();
    m_parts.clear();
    return seconds_of([&] {
      for (auto const& profile : m_profiles) {
        m_prepared.push_back(m_scorer.prepare(profile));
        m_parts.push_back(scoring::reason_parts(profile));
      }
    });
  }

  double score(Pairs const& pairs, std::size_t count) {
    return seconds_of([&] {
      for (std::size_t i = 0; i < count; ++i) {
        auto const [a, b] = pairs[i % pairs.size()];
        m_sum += m_scorer.score(m_prepared[a], m_prepared[b]).harmonic_mean;
      }
    });
  }

  double explain(Pairs const& pairs, std::size_t count) {
    return seconds_of([&] {
      for (std::size_t i = 0; i < count; ++i) {
        auto const [a, b] = pairs[i % pairs.size()];
        auto const breakdown = m_scorer.breakdown(m_profiles[a], m_prepared[a], m_profiles[b], m_prepared[b]);
        json::Writer out;
        out.begin_object().key("ab");
        scoring::write_breakdown(out, breakdown.ab);
        out.key("ba");
        scoring::write_breakdown(out, breakdown.ba);
        out.member("reason", scoring::match_reason(m_parts[a], m_parts[b])).end_object();
        m_sum += static_cast<double>(out.text().size());
      }
    });
  }

  double sum() const { return m_sum; }  // so that nothing is optimised away

 private:
  std::vector<Profile> const& m_profiles;
  scoring::Scorer m_scorer;
  std::vector<scoring::Prepared> m_prepared;
  std::vector<scoring::ReasonParts> m_parts;
  double m_sum = 0;
};

void measure(json::Writer& out, std::string const& data, std::vector<Profile> const& profiles, Pairs const& pairs,
             std::string const& scoring, bench::Arguments const& arguments) {
  auto const count = static_cast<std::size_t>(arguments.number("pairs"));
  auto const breakdowns = static_cast<std::size_t>(arguments.number("breakdowns"));
  Bench bench(profiles, scoring);
  std::vector<double> prepare, score, explain;
  for (int round = 0; round < arguments.number("rounds"); ++round) {
    prepare.push_back(static_cast<double>(profiles.size()) / bench.prepare());
    score.push_back(static_cast<double>(count) / bench.score(pairs, count));
    explain.push_back(static_cast<double>(breakdowns) / bench.explain(pairs, breakdowns));
  }
  fmt::print(stderr, "{:8} {:17} {:12.0f} {:12.0f} {:12.0f} {:9.0f} {:9.0f}\n", data, scoring, median(score),
             median(explain), median(prepare), median(score) / k_reference_fast, median(score) / k_reference_slow);
  out.begin_object().member("data", data).member("scoring", scoring).member("pairs_per_s", median(score));
  out.member("explained_per_s", median(explain)).member("prepared_per_s", median(prepare));
  out.member("check", bench.sum()).end_object();
}

}  // namespace

int main(int argc, char** argv) {
  bench::Arguments const arguments(argc, argv,
                                   {{"pairs", "400000"}, {"breakdowns", "20000"}, {"dims", "384"}, {"rounds", "3"}});
  std::string const data = JVMM_SOURCE_DIR "/tests/data/";
  auto fixture = read_profiles(data + "fixtures/profiles-3143.jsonl.gz");
  add_vectors(fixture, static_cast<std::size_t>(arguments.number("dims")));
  add_labels(fixture);
  auto const golden = read_golden(data + "golden");
  auto const pairs = random_pairs(fixture.size(), 100'000);

  fmt::print(stderr, "{:8} {:17} {:>12} {:>12} {:>12} {:>9} {:>9}\n", "data", "scoring", "pairs/s", "explained/s",
             "prepared/s", "x Python", "to x");
  json::Writer out;
  out.begin_object().member("benchmark", "pair").member("load", bench::load());
  out.member("dims", arguments.number("dims")).key("reference_pairs_per_s").begin_array();
  out.value(k_reference_slow).value(k_reference_fast).end_array().key("results").begin_array();
  for (auto const* scoring : {"smooth", "calibrated", "strategy-2026-02"})
    measure(out, "fixture", fixture, pairs, scoring, arguments);
  measure(out, "golden", golden.profiles, golden.pairs, "calibrated", arguments);
  out.end_array().end_object();
  fmt::print("{}\n", out.text());
}
