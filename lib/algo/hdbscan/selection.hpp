#pragma once

#include <cstddef>
#include <vector>

#include "algo/hdbscan/hierarchy.hpp"

namespace jvmm::algo {

enum class Selection {
  eom,  ///< excess of mass: the clusters of largest total stability that do not overlap
  leaf  ///< the clusters without clusters below
};

/// Per cluster from the root: sum over what leaves it of rows × (lambda at leaving - lambda at its own birth).
std::vector<double> stabilities(CondensedTree const& tree);

/// A flag per cluster. The root is never selected; of equal stabilities the parent's wins over its children's.
std::vector<bool> select_clusters(CondensedTree const& tree, Selection selection);

struct Labelling {
  std::vector<int> labels;            ///< per row, from 0 by number of the cluster; -1: noise
  std::vector<double> probabilities;  ///< per row in 0..1: lambda at leaving over the cluster's largest; noise: 0
};

Labelling label_rows(CondensedTree const& tree, std::vector<bool> const& selected);

/// GLOSH per row, in 0..1, larger for outliers: 1 - lambda at leaving / largest lambda in the cluster it leaves and all
/// below (Campello et al. 2015). 0 for a row with copies enough to have no distance at all.
std::vector<double> outlier_scores(CondensedTree const& tree);

}  // namespace jvmm::algo
