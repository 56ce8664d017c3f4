#pragma once

#include <vector>

#include "algo/hdbscan/hdbscan.hpp"

namespace jvmm::algo::oracle {

/// A cluster of the condensed tree told by its rows.
struct Cluster {
  std::vector<std::size_t> rows;
  double birth = 0;
  double stability = 0;
  bool selected = false;
  friend auto operator<=>(Cluster const&, Cluster const&) = default;
};

struct Result {
  std::vector<Cluster> clusters;   ///< the root too
  std::vector<double> lambdas;     ///< per row, at leaving the tree
  std::vector<std::size_t> homes;  ///< per row, the number of rows of the cluster it leaves
  std::vector<std::vector<std::size_t>>
      groups;  ///< per row: with which it shares its label, itself included; noise: none
  std::vector<double> probabilities, outliers;
};

/// By the definition: the components of the rows below each distance, found anew at every step. O(n³) and more.
Result hdbscan(FloatRows const& rows, HdbscanOptions const& options);

/// What is to be compared of a result of ours.
Result summary(HdbscanResult const& result);

}  // namespace jvmm::algo::oracle
