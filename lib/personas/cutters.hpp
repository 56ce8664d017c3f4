#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "personas/fit.hpp"
#include "personas/partition.hpp"
#include "personas/sample.hpp"

namespace jvmm::personas {

/// How a method cuts a sample. Its *resolution* is that of the communities, the k of k-means, or for HDBSCAN* how many
/// times the smallest cluster would fit into the rows: more of it gives more clusters.
struct Cutter {
  Method method = Method::phrase_graph;
  std::size_t edges = 0;            ///< of its graph, where it has one
  std::vector<double> resolutions;  ///< to try, rising; around a held one, or a target
  std::function<Partition(double resolution)> at;
};

/// `sample` and `fields` (see field_vectors) must outlive the result. REQUIRES: a method other than automatic.
Cutter make_cutter(Method method, Sample const& sample, std::span<float const> fields, std::size_t dims,
                   FitOptions const& options);

}  // namespace jvmm::personas
