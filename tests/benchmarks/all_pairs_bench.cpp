// All pairs of synthetic models, as JSON: seconds, share of the machine's own SGEMM rate, memory against what was
// stated.
//   all_pairs_bench [--sizes=3143x384,…] [--threads=2] [--rounds=3] [--tile=0] [--min-score=0] [--task=score|cosine]
//                   [--vectors=FOLDER]
// all_pairs_peers.py drives it in turn with its peers, to whom it writes its vectors (float32, row by row) in FOLDER.
#include <fmt/core.h>
#include <sys/resource.h>
#include <time.h>

#include <algorithm>
#include <fstream>
#include <memory>
#include <sstream>
#include <thread>

#include "all_pairs_model.hpp"
#include "bench_support.hpp"
#include "math/gemm.hpp"
#include "scoring/all_pairs/all_pairs.hpp"
#include "scoring/all_pairs/candidates.hpp"

namespace {

using namespace jvmm;
using namespace jvmm::bench;

struct Size {
  std::size_t profiles = 0, dims = 0;
};

std::vector<Size> parse_sizes(std::string const& text) {
  std::vector<Size> out;
  std::stringstream stream(text);
  for (std::string part; std::getline(stream, part, ',');)
    out.push_back({std::stoul(part), std::stoul(part.substr(part.find('x') + 1))});
  return out;
}

double peak_mib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

double cpu_seconds() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

/// Flops per second, by the clock on the wall and by that of the processors (a busy machine lowers the first only).
struct Rate {
  double wall = 0, cpu = 0;
};

template <class Work>
Rate rate_of(double flops, Work const& work) {
  auto const cpu = cpu_seconds();
  auto const wall = seconds_of(work);
  return {flops / wall, flops / (cpu_seconds() - cpu)};
}

/// Of large square products, one on each thread.
Rate sgemm_rate(std::size_t threads) {
  constexpr std::size_t k_side = 2048;
  std::vector<float> const a(k_side * k_side, 0.5F), b(k_side * k_side, 0.25F);
  auto const flops = 2.0 * k_side * k_side * k_side * static_cast<double>(threads);
  Rate best;
  for (int round = 0; round < 3; ++round) {
    std::vector<std::vector<float>> out(threads, std::vector<float>(k_side * k_side));
    auto const rate = rate_of(flops, [&] {
      std::vector<std::jthread> team;
      for (auto& c : out)
        team.emplace_back([&] {
          math::rows_by_rows({a.data(), k_side, k_side}, {b.data(), k_side, k_side}, k_side, c.data(), k_side);
        });
    });
    best = {std::max(best.wall, rate.wall), std::max(best.cpu, rate.cpu)};
  }
  return best;
}

void print_round(Size size, Rate sgemm, Rate ours, scoring::AllPairsMeasures const& m, bool last) {
  auto const pairs = static_cast<double>(m.pairs + m.skipped);
  fmt::print(stderr,
             "{:>7} x {:<5} {:8.3f} s  {:5.1f} ns/pair  of SGEMM {:3.0f} % (cpu {:3.0f} %)  products {:7.2f} s  bounds "
             "{:7.2f} s ({:4.1f} ns)  exact {:6.2f} s  skipped {:2.0f} %  candidates {:5.2f} %  evaluations {:.1f} a "
             "profile\n",
             size.profiles, size.dims, m.wall_seconds, m.wall_seconds / pairs * 1e9, 100 * ours.wall / sgemm.wall,
             100 * ours.cpu / sgemm.cpu, m.gemm_seconds, m.bound_seconds, m.bound_seconds / pairs * 1e9,
             m.exact_seconds, 100 * static_cast<double>(m.skipped) / pairs,
             100 * static_cast<double>(m.candidates) / pairs,
             static_cast<double>(m.evaluations) / static_cast<double>(size.profiles));
  fmt::print(
      "{{\"seconds\": {:.4f}, \"pairs_per_s\": {:.0f}, \"share_of_sgemm\": {:.3f}, \"share_of_sgemm_cpu\": {:.3f}, "
      "\"sgemm_gflops\": {:.1f}, \"gemm_seconds\": {:.3f}, \"bound_seconds\": {:.3f}, \"exact_seconds\": {:.3f}, "
      "\"skipped\": {}, \"candidates\": {}, \"evaluations\": {}, \"load\": {:.2f}}}{}\n",
      m.wall_seconds, pairs / m.wall_seconds, ours.wall / sgemm.wall, ours.cpu / sgemm.cpu, sgemm.wall / 1e9,
      m.gemm_seconds, m.bound_seconds, m.exact_seconds, m.skipped, m.candidates, m.evaluations, load(),
      last ? "" : ",");
}

void write_rows(std::string const& path, std::vector<float> const& rows) {
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<char const*>(rows.data()), static_cast<std::streamsize>(rows.size() * sizeof(float)));
}

/// Scores, or similarity alone: the products of the latter are a third.
struct Task {
  bool cosine = false;
  scoring::PairModel model;
  std::unique_ptr<scoring::PairScorer> scorer;

  Task(bool only_cosine, Size size)
      : cosine(only_cosine),
        model(cosine ? cosine_model(size.profiles, size.dims) : clustered_model(size.profiles, size.dims)) {
    if (cosine)
      scorer = std::make_unique<CosineScorer>(model);
    else
      scorer = std::make_unique<ClusteredScorer>(model);
  }
};

void measure(Size size, scoring::AllPairsOptions const& options, int rounds, Arguments const& arguments) {
  Task const task(arguments.text("task") == "cosine", size);
  auto const& model = task.model;
  if (auto const& folder = arguments.text("vectors"); !folder.empty()) {
    write_rows(folder + "/seeking", model.offering_seeking.source);
    write_rows(folder + "/offering", model.offering_seeking.target);
    write_rows(folder + "/audience", model.audience.source);
  }
  auto const n = static_cast<double>(size.profiles);
  auto const flops = 2 * (task.cosine ? 0.5 : 1.5) * n * n * static_cast<double>(size.dims);
  sgemm_rate(1);
  auto const before = peak_mib();
  auto const stated = static_cast<double>(scoring::all_pairs_bytes(size.profiles, size.dims, options)) / (1 << 20);
  fmt::print(
      "{{\"profiles\": {}, \"dims\": {}, \"threads\": {}, \"kernel\": \"{}\", \"vectors\": \"{}\", \"rounds\": [\n",
      size.profiles, size.dims, options.threads, math::gemm_kernel(), scoring::candidate_target());
  double peak = 0;
  for (int round = 0; round < rounds; ++round) {
    auto const sgemm = sgemm_rate(options.threads);
    scoring::AllPairsMeasures measures;
    auto const ours =
        rate_of(flops, [&] { measures = scoring::all_pairs(model, *task.scorer, options, StopToken()).measures; });
    if (round == 0) peak = peak_mib();
    print_round(size, sgemm, ours, measures, round + 1 == rounds);
  }
  fmt::print(stderr, "{:>15} memory beside the model: {:.0f} MiB, stated {:.0f} MiB; in all {:.0f} MiB\n", "",
             peak - before, stated, peak);
  fmt::print("], \"own_mib\": {:.0f}, \"stated_mib\": {:.0f}, \"peak_mib\": {:.0f}}}", peak - before, stated, peak);
}

}  // namespace

int main(int argc, char** argv) {
  Arguments const arguments(argc, argv,
                            {{"sizes", "3143x384,3143x1024,10000x384"},
                             {"threads", "2"},
                             {"rounds", "3"},
                             {"tile", "0"},
                             {"min-score", "0"},
                             {"task", "score"},
                             {"vectors", ""}});
  scoring::AllPairsOptions options;
  options.threads = static_cast<std::size_t>(arguments.number("threads"));
  options.tile = static_cast<std::size_t>(arguments.number("tile"));
  options.min_score = std::stod(arguments.text("min-score"));
  auto const* separator = "[";
  for (auto const size : parse_sizes(arguments.text("sizes"))) {
    fmt::print("{}\n", separator);
    measure(size, options, arguments.number("rounds"), arguments);
    separator = ",";
  }
  fmt::print("\n]\n");
}
