#pragma once

#include <cstddef>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "algo/communities/communities.hpp"
#include "personas/fit.hpp"
#include "personas/phrase_nodes.hpp"

namespace jvmm::personas {

inline constexpr std::size_t k_unlabelled = std::numeric_limits<std::size_t>::max();

struct Cutter;

/// Rows in clusters.
struct Partition {
  std::vector<std::size_t> rows;   ///< 0 … count - 1 or k_unlabelled
  std::vector<std::size_t> nodes;  ///< the same of the nodes, for the phrase graph; else empty
  std::size_t count = 0;
};

/// Votes of a row for what its nodes are labelled with: decay^j for the head j; without a head 1 for audience_type and
/// .5 for each hit. By label; nodes without a label do not vote.
std::vector<std::pair<std::size_t, double>> votes_of(RowNodes const& row, std::span<std::size_t const> labels,
                                                     double decay);

/// The label with most votes, the lower one among equal ones; k_unlabelled without votes.
std::size_t winner(std::span<std::pair<std::size_t, double> const> votes);

/// Gives each community of fewer rows than max(5, .4 %) to the large one with the greatest link / √volume, without a
/// link to the nearest centroid of `vectors`. Where none is large all stay. `row_counts` per community.
void join_small(std::vector<std::size_t>& communities, std::span<std::size_t const> row_counts,
                std::span<algo::WeightedEdge const> edges, std::span<float const> vectors, std::size_t dims);

/// Labels renumbered so that the largest is 0, equal ones by where they first stand; labels without rows end.
void order_by_size(Partition& partition);

struct Scan {
  std::vector<ScanPoint> points;
  Partition partition;
  double resolution = 0, plateau = 0;
};

/// How many points of a scan on either side a plateau is measured with.
inline constexpr int k_plateau_reach = 2;

/// Partitions at the cutter's resolutions, and the one whose rows change least with it among those with a wanted number
/// of clusters; a held resolution: that one, with its neighbours for the plateau score. **Throws** bad_input for a
/// target_k that no resolution gives.
Scan scan_resolutions(Cutter const& cutter, FitOptions const& options);

/// Agreement of two labellings over the rows that either labels, one without a label being for itself; 1 where these
/// are fewer than two.
double agreement(std::span<std::size_t const> a, std::span<std::size_t const> b);

}  // namespace jvmm::personas
