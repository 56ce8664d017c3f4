#pragma once

#include <cstddef>
#include <vector>

#include "algo/hdbscan/selection.hpp"

namespace jvmm::algo {

struct HdbscanOptions {
  std::size_t min_cluster_size = 5;  ///< at least 2; smaller groups are noise
  /// A row's core distance is that to this many-th nearest other row: the row itself is not counted, as in hdbscan
  /// (scikit-learn's min_samples is one more). 0: as min_cluster_size. Fewer than the rows.
  std::size_t min_samples = 0;
  Selection selection = Selection::eom;
  /// Neighbours kept per row for the spanning tree, at least min_samples: more memory, fewer searches; changes no
  /// result.
  std::size_t neighbours = 32;
  unsigned threads = 1;  ///< 1 to 1024

  std::size_t samples() const { return min_samples == 0 ? min_cluster_size : min_samples; }
  /// **Throws** usage for values out of range, bad_input for too few rows.
  void validate(std::size_t rows) const;
};

struct HdbscanResult {
  std::vector<int> labels;            ///< per row, from 0; -1: noise
  std::vector<double> probabilities;  ///< per row, of belonging to its cluster, 0..1
  std::vector<double> outliers;       ///< GLOSH per row, 0..1, larger for outliers
  CondensedTree tree;                 ///< rows by their given index
  std::vector<bool> selected;         ///< per cluster of the tree
  std::vector<double> stabilities;    ///< the same
  std::size_t clusters = 0;           ///< selected ones
};

/// HDBSCAN* (Campello, Moulavi, Zimek, Sander 2015) with Euclidean distance; on unit vectors that ranks as cosine does.
/// Exact. The same bits for any order of the rows and number of threads: rows are taken by content, and what joins at
/// one distance joins at once. There hdbscan and scikit-learn join two at a time in an order of their own: a row whose
/// lambda is that of its cluster's birth is theirs to that cluster, here it is noise (or the parent's).
///
/// All rows equal: no clusters. The whole as one cluster is never a result.
///
/// **Throws** bad_input as check_rows, for one row, for as many samples as rows or more; usage as validate.
/// **Cost**: about 2 n² d flops by SGEMM, O(n (d + neighbours)) memory.
HdbscanResult hdbscan(FloatRows const& rows, HdbscanOptions const& options = {});

/// Single linkage by mutual reachability, a row being its place in `distinct.order`: what `hdbscan` condenses, to be
/// condensed for several sizes of clusters (min_cluster_size and selection are not looked at). REQUIRES: valid options.
Hierarchy reachability_hierarchy(DistinctRows const& distinct, HdbscanOptions const& options);

}  // namespace jvmm::algo
