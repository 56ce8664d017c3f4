#include <fmt/core.h>

#include <fstream>
#include <string>

#include "algo/hdbscan/hdbscan.hpp"
#include "algo/kmeans/kmeans.hpp"
#include "bench_support.hpp"
#include "json/writer.hpp"
#include "personas/fit.hpp"
#include "personas/fixture_rows.hpp"
#include "personas/local_model.hpp"

namespace jvmm {
namespace {

struct Clustering {
  double seconds = 0, before_mib = 0;
  std::vector<int> labels;
};

std::vector<float> read_vectors(std::string const& path) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  if (!file) {
    fmt::print(stderr, "clusters_bench: cannot read '{}'; tests/benchmarks/clusters_peers.py writes it\n", path);
    std::exit(66);
  }
  std::vector<float> out(static_cast<std::size_t>(file.tellg()) / sizeof(float));
  file.seekg(0);
  file.read(reinterpret_cast<char*>(out.data()), static_cast<std::streamsize>(out.size() * sizeof(float)));
  return out;
}

double peak_mib() {
  std::ifstream status("/proc/self/status");  // getrusage would count the process that started this one
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmHWM:")) return std::stod(line.substr(6)) / 1024;
  return 0;
}

std::vector<int> cluster(std::string const& task, algo::FloatRows const& rows, bench::Arguments const& arguments) {
  auto const threads = static_cast<unsigned>(arguments.number("threads"));
  if (task == "hdbscan")
    return algo::hdbscan(rows, {.min_cluster_size = static_cast<std::size_t>(arguments.number("min-cluster-size")),
                                .min_samples = static_cast<std::size_t>(arguments.number("min-samples")),
                                .threads = threads})
        .labels;
  auto const labels =
      algo::spherical_kmeans(rows, {.k = 25, .restarts = 1, .max_iterations = 100, .threads = threads}).labels;
  return {labels.begin(), labels.end()};
}

/// The fixture's rows, again and again with one word in ten damaged.
std::vector<personas::AudienceText> audience_rows(std::size_t count) {
  auto const fixture = personas::fixture_rows();
  std::vector<personas::AudienceText> out;
  for (std::size_t i = 0; i < count; ++i) {
    auto const& row = fixture[i % fixture.size()];
    out.push_back(i < fixture.size() ? row : personas::damaged(row, 0.1, static_cast<unsigned>(i)));
    out.back().id = fmt::format("{:06}", i);
  }
  return out;
}

/// What cluster-personas does by default, from texts and stored vectors of what_you_do on; phrases are embedded in it.
Clustering find_personas(bench::Arguments const& arguments) {
  auto const rows = audience_rows(static_cast<std::size_t>(arguments.number("rows")));
  std::vector<std::string> texts;
  for (auto const& row : rows)
    texts.push_back(row.what_you_do.empty() ? "-" : row.what_you_do);
  auto const activity = personas::local_model()(texts);
  auto const dims = activity.size() / rows.size();
  Clustering out;
  out.before_mib = peak_mib();
  out.seconds = bench::seconds_of([&] {
    personas::FitOptions options;
    options.threads = static_cast<std::size_t>(arguments.number("threads"));
    auto const found = personas::fit({rows, {}, {activity, dims}, "model", personas::local_model()}, options);
    for (auto const& row : found.rows)
      out.labels.push_back(row.persona ? static_cast<int>(*row.persona) : -1);
  });
  return out;
}

Clustering cluster_vectors(bench::Arguments const& arguments) {
  auto const values = read_vectors(arguments.text("vectors"));
  Clustering out;
  out.before_mib = peak_mib();
  out.seconds = bench::seconds_of([&] {
    out.labels =
        cluster(arguments.text("task"), {values, static_cast<std::size_t>(arguments.number("dims"))}, arguments);
  });
  return out;
}

}  // namespace
}  // namespace jvmm

/// One clustering, of a file of float rows or of the fixture's audiences, with its time and labels as JSON.
int main(int argc, char** argv) {
  using namespace jvmm;
  bench::Arguments const arguments(argc, argv,
                                   {{"task", "hdbscan"},
                                    {"vectors", ""},
                                    {"rows", "3143"},
                                    {"dims", "384"},
                                    {"threads", "2"},
                                    {"min-cluster-size", "15"},
                                    {"min-samples", "10"}});
  auto const found = arguments.text("task") == "personas" ? find_personas(arguments) : cluster_vectors(arguments);
  json::Writer out;
  out.begin_object().member("seconds", found.seconds).member("peak_mib", peak_mib());
  out.member("before_mib", found.before_mib).key("labels").begin_array();
  for (int const label : found.labels)
    out.value(label);
  fmt::print("{}\n", out.end_array().end_object().text());
}
