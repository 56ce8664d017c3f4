// How many profiles a second of processor time the rules read on one core: the 3,143 of the fixture, social_proof and
// bio.
#include <fmt/format.h>

#include <algorithm>

#include "bench_support.hpp"
#include "credentials/rules.hpp"
#include "json/parse.hpp"
#include "text/lines.hpp"

int main(int argc, char** argv) {
  using namespace jvmm;
  bench::Arguments const arguments(
      argc, argv, {{"profiles", JVMM_SOURCE_DIR "/tests/data/fixtures/profiles-3143.jsonl.gz"}, {"rounds", "7"}});
  std::vector<credentials::Source> sources;
  std::size_t bytes = 0;
  text::LineReader lines(arguments.text("profiles"));
  for (std::string line; lines.next(line);) {
    auto const row = json::parse(line);
    auto const text = [&](char const* member) -> std::optional<std::string> {
      auto const* const found = row.find(member);
      auto const* const string = found != nullptr ? found->get_if<std::string>() : nullptr;
      if (string == nullptr) return std::nullopt;
      bytes += string->size();
      return *string;
    };
    sources.push_back({text("social_proof"), text("bio")});
  }
  credentials::Rules const rules(credentials::shipped_gazetteers());
  std::vector<double> seconds;
  std::size_t values = 0;
  for (int round = 0; round < arguments.number("rounds"); ++round)
    seconds.push_back(bench::cpu_seconds_of([&] {
      values = 0;
      for (auto const& source : sources)
        values += rules.extract(source).values.size();
    }));
  auto const median = bench::median(seconds);
  fmt::print("{} profiles, {} bytes, {} values: {:.0f} profiles/s, {:.1f} MB/s (median of {}; load {:.1f})\n",
             sources.size(), bytes, values, static_cast<double>(sources.size()) / median,
             static_cast<double>(bytes) / median / 1e6, seconds.size(), bench::load());
}
