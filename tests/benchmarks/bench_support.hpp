#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace jvmm::bench {

/// Seconds that `work` takes.
double seconds_of(std::function<void()> const& work);

/// Seconds of processor time that `work` takes, in all threads: what one core does, on a busy machine too.
double cpu_seconds_of(std::function<void()> const& work);

/// The middle value; of an even number of values the mean of the two in the middle. REQUIRES: not empty.
double median(std::vector<double> values);

/// The load average of the last minute: figures taken on a busy machine have to say so.
double load();

/// Settings of a benchmark as "--name=value", with defaults; an unknown one ends the program with code 64.
class Arguments {
 public:
  Arguments(int argc, char** argv, std::vector<std::pair<std::string, std::string>> defaults);

  std::string const& text(std::string const& name) const;
  int number(std::string const& name) const { return std::stoi(text(name)); }

 private:
  std::vector<std::pair<std::string, std::string>> m_values;
};

}  // namespace jvmm::bench
