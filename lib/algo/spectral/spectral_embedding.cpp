#include "algo/spectral/spectral_embedding.hpp"

#include <Eigen/Eigenvalues>
#include <Eigen/QR>
#include <Eigen/Sparse>
#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "math/splitmix64.hpp"

namespace jvmm::algo {
namespace {

using Block = Eigen::MatrixXd;
using Sparse = Eigen::SparseMatrix<double, Eigen::RowMajor>;

constexpr std::size_t k_rounds = 60;
constexpr int k_degree = 12;  ///< of the filter
constexpr double k_residual = 1e-6;

Sparse normalised_adjacency(std::size_t nodes, std::span<WeightedEdge const> edges) {
  std::vector<double> strength(nodes, 0.0);
  for (auto const& edge : edges) {
    if (edge.a >= nodes || edge.b >= nodes || edge.a == edge.b || !(edge.weight > 0) || !std::isfinite(edge.weight))
      throw Error(Kind::bad_input,
                  "spectral embedding: an edge leads to its own node or beyond the nodes, or its weight "
                  "is not finite and above 0");
    strength[edge.a] += edge.weight;
    strength[edge.b] += edge.weight;
  }
  std::vector<Eigen::Triplet<double>> entries;
  for (auto const& edge : edges) {
    auto const value = edge.weight / std::sqrt(strength[edge.a] * strength[edge.b]);
    auto const a = static_cast<int>(edge.a), b = static_cast<int>(edge.b);
    entries.emplace_back(a, b, value);
    entries.emplace_back(b, a, value);
  }
  auto const n = static_cast<Eigen::Index>(nodes);
  Sparse out(n, n);
  out.setFromTriplets(entries.begin(), entries.end());
  return out;
}

/// Numbers in -1..1 that are the same on every machine.
Block random_block(Eigen::Index rows, Eigen::Index columns, std::uint64_t seed) {
  Block out(rows, columns);
  for (Eigen::Index i = 0; i < out.size(); ++i)
    out.data()[i] = static_cast<double>(math::splitmix64(seed) >> 11) * 0x1p-52 - 1;
  return out;
}

Block orthonormal(Block const& block) {
  Eigen::HouseholderQR<Block> const qr(block);
  return qr.householderQ() * Block::Identity(block.rows(), block.cols());
}

/// T_m of the matrix, the interval -1..cut brought to -1..1: what lies above the cut grows.
Block filtered(Sparse const& matrix, Block const& block, double cut) {
  auto const half = (cut + 1) / 2, middle = (cut - 1) / 2;
  Block before = block, now = (matrix * block - middle * block) / half;
  for (int degree = 2; degree <= k_degree; ++degree) {
    Block const next = (2 / half) * (matrix * now - middle * now) - before;
    before = std::move(now);
    now = next;
  }
  return now;
}

struct Ritz {
  Block vectors;
  Eigen::VectorXd values;  ///< falling
  double residual = 0;     ///< the largest of the first `wanted`
};

Ritz rayleigh_ritz(Sparse const& matrix, Block const& basis, Eigen::Index wanted) {
  Block const image = matrix * basis;
  Eigen::SelfAdjointEigenSolver<Block> const solver(basis.transpose() * image);
  Block const turn = solver.eigenvectors().rowwise().reverse();
  Ritz out{basis * turn, solver.eigenvalues().reverse(), 0};
  Block const residuals = image * turn - out.vectors * out.values.asDiagonal();
  out.residual = residuals.leftCols(wanted).colwise().norm().maxCoeff();
  return out;
}

void fix_signs(Block& vectors) {
  for (Eigen::Index c = 0; c < vectors.cols(); ++c) {
    Eigen::Index at = 0;
    vectors.col(c).cwiseAbs().maxCoeff(&at);
    if (vectors(at, c) < 0) vectors.col(c) *= -1;
  }
}

}  // namespace

SpectralEmbedding spectral_embedding(std::size_t nodes, std::span<WeightedEdge const> edges, std::size_t dims,
                                     std::uint64_t seed) {
  if (nodes == 0 || dims == 0 || dims > nodes)
    throw Error(Kind::bad_input, "spectral embedding: 1 to as many dimensions as there are nodes");
  auto const matrix = normalised_adjacency(nodes, edges);
  auto const n = static_cast<Eigen::Index>(nodes), wanted = static_cast<Eigen::Index>(dims);
  auto const width = std::min(n, wanted + std::max<Eigen::Index>(8, wanted / 2));
  auto ritz = rayleigh_ritz(matrix, orthonormal(random_block(n, width, seed)), wanted);
  for (std::size_t round = 0; round < k_rounds && ritz.residual > k_residual; ++round) {
    auto const cut = std::clamp(ritz.values(width - 1), -0.9, 1 - 1e-3);
    ritz = rayleigh_ritz(matrix, orthonormal(filtered(matrix, ritz.vectors, cut)), wanted);
  }
  Block vectors = ritz.vectors.leftCols(wanted);
  fix_signs(vectors);
  SpectralEmbedding out{std::vector<double>(nodes * dims), {}, ritz.residual <= k_residual};
  out.values.assign(ritz.values.data(), ritz.values.data() + wanted);
  std::vector<char> linked(nodes, 0);
  for (auto const& edge : edges)
    linked[edge.a] = linked[edge.b] = 1;
  for (Eigen::Index i = 0; i < n; ++i) {
    auto const length = vectors.row(i).norm();
    for (Eigen::Index c = 0; c < wanted; ++c)
      out.rows[static_cast<std::size_t>(i * wanted + c)] =
          linked[static_cast<std::size_t>(i)] && length > 1e-12 ? vectors(i, c) / length : 0;
  }
  return out;
}

}  // namespace jvmm::algo
