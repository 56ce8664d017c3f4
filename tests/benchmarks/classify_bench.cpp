// Classification of profiles whose texts have their vectors: reading, lexicon, prototypes, confidences; on one thread.
// The profiles are those of the fixture, again and again, with made-up unit vectors.
//   classify_bench [--task=niche] [--profiles=3143] [--large=200000] [--rounds=5] [--dims=384]
// A table on stderr, JSON on stdout. classify_peers.py compares; docs/benchmarks.md says what with.
#include <fmt/format.h>

#include <random>

#include "bench_support.hpp"
#include "classify/classifier.hpp"
#include "json/parse.hpp"
#include "json/writer.hpp"
#include "text/lines.hpp"

namespace {

using namespace jvmm;
using Vectors = std::vector<std::vector<float>>;

void add_vector(std::mt19937& random, std::size_t dims, Vectors& out) {
  std::normal_distribution<float> normal;
  auto& vector = out.emplace_back(dims);
  for (auto& x : vector)
    x = normal(random);
}

struct Profiles {
  std::vector<classify::Input> inputs;
  std::vector<Vectors> vectors;
  std::vector<std::vector<std::span<float const>>> spans;
  std::size_t texts = 0;
};

Profiles read_profiles(classify::Classifier const& classifier, std::size_t dims) {
  Profiles out;
  std::mt19937 random(1);
  std::string const path = JVMM_SOURCE_DIR "/tests/data/fixtures/profiles-3143.jsonl.gz";
  text::LineReader lines(path);
  for (std::string line; lines.next(line);) {
    auto const row = json::parse(line, path);
    out.inputs.push_back(classify::read_input(json::Ref(row, path)));
    auto& vectors = out.vectors.emplace_back();
    for (auto left = classifier.wanted(out.inputs.back()).size(); left > 0; --left)
      add_vector(random, dims, vectors);
    out.texts += vectors.size();
  }
  for (auto const& vectors : out.vectors)
    out.spans.emplace_back(vectors.begin(), vectors.end());
  return out;
}

double seconds(classify::Classifier const& classifier, Profiles const& profiles, std::size_t count, double& check) {
  constexpr std::size_t k_batch = 512;
  return bench::seconds_of([&] {
    std::vector<classify::Item> items;
    for (std::size_t i = 0; i < count; ++i) {
      auto const at = i % profiles.inputs.size();
      items.push_back({&profiles.inputs[at], profiles.spans[at]});
      if (items.size() < k_batch && i + 1 < count) continue;
      for (auto const& verdict : classifier.classify(items))
        check += verdict.confidence;
      items.clear();
    }
  });
}

}  // namespace

int main(int argc, char** argv) {
  bench::Arguments const arguments(
      argc, argv, {{"task", "niche"}, {"profiles", "3143"}, {"large", "200000"}, {"rounds", "5"}, {"dims", "384"}});
  auto const task = classify::parse_task(arguments.text("task"));
  if (!task) return 64;
  auto const dims = static_cast<std::size_t>(arguments.number("dims"));
  auto taxonomy = classify::shipped_taxonomy(classify::default_taxonomy(*task));
  auto const prototypes = classify::prototype_texts(taxonomy).size(), labels = taxonomy.labels.size();
  Vectors rows;
  std::mt19937 random(2);
  classify::PrototypeVectors vectors{"all-MiniLM-L6-v2", dims, {}};
  for (std::size_t i = 0; i < prototypes; ++i) {
    add_vector(random, dims, rows);
    vectors.rows.insert(vectors.rows.end(), rows.back().begin(), rows.back().end());
  }
  classify::Classifier const classifier(std::move(taxonomy), std::move(vectors));
  auto const profiles = read_profiles(classifier, dims);

  double check = 0;
  std::vector<double> small;
  auto const count = static_cast<std::size_t>(arguments.number("profiles"));
  for (int round = 0; round < arguments.number("rounds"); ++round)
    small.push_back(seconds(classifier, profiles, count, check));
  auto const large = static_cast<std::size_t>(arguments.number("large"));
  auto const large_seconds = large > 0 ? seconds(classifier, profiles, large, check) : 0;
  auto const million = large > 0 ? large_seconds * 1.2e6 / static_cast<double>(large) : 0;
  fmt::print(stderr, "{}: {} profiles x {} labels ({} prototypes, {:.1f} texts a profile): {:.3f} s",
             arguments.text("task"), count, labels, prototypes,
             static_cast<double>(profiles.texts) / static_cast<double>(profiles.inputs.size()), bench::median(small));
  fmt::print(stderr, "; {}: {:.2f} s, so 1.2 million: {:.0f} s\n", large, large_seconds, million);
  json::Writer out;
  out.begin_object()
      .member("benchmark", "classify")
      .member("load", bench::load())
      .member("task", arguments.text("task"));
  out.member("profiles", count).member("labels", labels).member("prototypes", prototypes).member("dims", dims);
  out.member("texts", profiles.texts).member("seconds", bench::median(small)).member("large", large);
  out.member("large_seconds", large_seconds).member("extrapolated_1200000_seconds", million).member("check", check);
  fmt::print("{}\n", out.end_object().text());
}
