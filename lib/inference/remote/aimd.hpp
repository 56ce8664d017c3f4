#pragma once

#include <chrono>
#include <cstddef>
#include <deque>

namespace jvmm::inference {

/// How many requests may be under way at once: additive increase, multiplicative decrease (Chiu and Jain, 1989).
/// Doubles with each full window of successes until it is cut for the first time, then grows by one; a cut is to 0.7 of
/// it, at most one per window. A latency whose median is more than twice the lowest seen (and 200 ms above it) is a cut
/// too. Not thread-safe.
class AimdLimit {
 public:
  struct Options {
    std::size_t start = 4, ceiling = 64;
  };

  explicit AimdLimit(Options options);

  std::size_t limit() const;

  void on_success(std::chrono::duration<double> latency);
  void on_congestion();

 private:
  void cut();
  bool is_slow() const;

  double m_limit;
  double m_ceiling;
  bool m_was_cut = false;
  std::size_t m_since_cut = 0;  ///< answers
  double m_lowest = 1e9;        ///< seconds
  std::deque<double> m_latencies;
};

}  // namespace jvmm::inference
