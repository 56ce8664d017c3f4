#include "personas/phrase_vectors.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "math/vector.hpp"

namespace jvmm::personas {

void PhraseVectors::require(std::span<Phrase const> phrases) {
  std::vector<std::string> missing;
  for (auto const& phrase : phrases)
    if (!m_at.contains(phrase.text)) missing.push_back(phrase.text);
  if (missing.empty()) return;
  auto vectors = m_embed(missing);
  if (m_dims == 0) m_dims = vectors.size() / missing.size();
  if (m_dims == 0 || vectors.size() != missing.size() * m_dims)
    throw Error(Kind::bad_answer, "phrases of audiences: " + std::to_string(vectors.size()) + " numbers for " +
                                      std::to_string(missing.size()) + " phrases, and the rows' vectors have " +
                                      std::to_string(m_dims) + " dimensions")
        .hint("embed phrases and profiles with the same model");
  if (!math::all_finite(vectors))
    throw Error(Kind::bad_answer, "phrases of audiences: a vector has numbers that are not finite");
  for (std::size_t i = 0; i < missing.size(); ++i) {
    math::normalise(std::span(vectors).subspan(i * m_dims, m_dims));
    m_at.emplace(std::move(missing[i]), m_at.size());
  }
  m_vectors.insert(m_vectors.end(), vectors.begin(), vectors.end());
}

std::vector<float> PhraseVectors::rows(std::span<Phrase const> phrases) {
  require(phrases);
  std::vector<float> out;
  out.reserve(phrases.size() * m_dims);
  for (auto const& phrase : phrases) {
    auto const row = row_of(m_vectors, m_at.at(phrase.text), m_dims);
    out.insert(out.end(), row.begin(), row.end());
  }
  return out;
}

std::vector<float> unit_rows(RowVectors const& vectors, std::span<std::string const> ids, std::string_view what) {
  std::vector<float> out(vectors.values.begin(), vectors.values.end());
  if (out.empty()) return out;
  if (vectors.dims == 0 || out.size() != ids.size() * vectors.dims)
    throw Error(Kind::bad_input, std::string(what) + ": " + std::to_string(out.size()) + " numbers are not " +
                                     std::to_string(ids.size()) + " rows of " + std::to_string(vectors.dims));
  for (std::size_t i = 0; i < ids.size(); ++i) {
    auto const row = std::span(out).subspan(i * vectors.dims, vectors.dims);
    if (!math::all_finite(row))
      throw Error(Kind::bad_input, std::string(what) + " of profile " + ids[i] + " has a number that is not finite")
          .hint("embed the profile again");
    math::normalise(row);
  }
  return out;
}

bool is_zero(std::span<float const> row) {
  return std::ranges::all_of(row, [](float value) { return value == 0; });
}

std::vector<float> unit_mean(std::span<float const> matrix, std::size_t dims, std::span<std::size_t const> rows,
                             std::span<double const> weights) {
  std::vector<double> sum(dims, 0.0);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    auto const row = row_of(matrix, rows[i], dims);
    auto const weight = weights.empty() ? 1 : weights[i];
    for (std::size_t c = 0; c < dims; ++c)
      sum[c] += weight * static_cast<double>(row[c]);
  }
  double square = 0;
  for (auto const value : sum)
    square += value * value;
  std::vector<float> out(dims, 0.0F);
  if (square > 1e-20)
    for (std::size_t c = 0; c < dims; ++c)
      out[c] = static_cast<float>(sum[c] / std::sqrt(square));
  return out;
}

std::vector<float> unit_mean_of(std::span<float const> a, double weight_a, std::span<float const> b, double weight_b) {
  std::vector<float> both(a.begin(), a.end());
  both.insert(both.end(), b.begin(), b.end());
  std::vector<std::size_t> const rows{0, 1};
  std::vector<double> const weights{weight_a, weight_b};
  return unit_mean(both, a.size(), rows, weights);
}

std::vector<float> field_vector(std::span<float const> phrases, std::size_t dims, std::span<std::size_t const> named,
                                std::span<float const> beside, double weight) {
  auto const mean = unit_mean(phrases, dims, named);
  return beside.empty() ? mean : unit_mean_of(mean, 1, beside, weight);
}

}  // namespace jvmm::personas
