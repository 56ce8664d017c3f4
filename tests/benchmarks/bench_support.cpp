#include "bench_support.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>

namespace jvmm::bench {

double seconds_of(std::function<void()> const& work) {
  auto const start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double cpu_seconds_of(std::function<void()> const& work) {
  auto const start = std::clock();
  work();
  return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  auto const middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

double load() {
  double averages[1] = {0};
  return getloadavg(averages, 1) == 1 ? averages[0] : -1;
}

Arguments::Arguments(int argc, char** argv, std::vector<std::pair<std::string, std::string>> defaults)
    : m_values(std::move(defaults)) {
  for (int i = 1; i < argc; ++i) {
    std::string const argument(argv[i]);
    auto const equals = argument.find('=');
    auto const at = std::find_if(m_values.begin(), m_values.end(),
                                 [&](auto const& v) { return "--" + v.first == argument.substr(0, equals); });
    if (equals == std::string::npos || at == m_values.end()) {
      fmt::print(stderr, "usage: {}", argv[0]);
      for (auto const& [name, value] : m_values)
        fmt::print(stderr, " [--{}={}]", name, value);
      fmt::print(stderr, "\n");
      std::exit(64);
    }
    at->second = argument.substr(equals + 1);
  }
}

std::string const& Arguments::text(std::string const& name) const {
  return std::find_if(m_values.begin(), m_values.end(), [&](auto const& v) { return v.first == name; })->second;
}

}  // namespace jvmm::bench
