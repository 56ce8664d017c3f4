#include "classify/prototypes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

#include "base/error.hpp"
#include "classify/confidence.hpp"
#include "math/products.hpp"
#include "math/vector.hpp"

namespace jvmm::classify {
namespace {

constexpr float k_sharpness = 20;
constexpr std::size_t k_texts_at_once = 64;

/// 1 / the length; 0 for a vector that is none.
float inverse_length(std::span<float const> vector) {
  auto const square = math::dot_double(vector, vector);
  return std::isfinite(square) && square > 0 ? static_cast<float>(1 / std::sqrt(square)) : 0.0F;
}

/// e^x to a relative error of 3e-7, for -80 <= x <= 80; a loop over it is vectorised. 2^f by its Taylor polynomial.
float quick_exp(float x) {
  constexpr float k_round = 12582912.0F;  // 1.5 × 2²³: adding it rounds to a whole number
  auto const y = std::clamp(x, -80.0F, 80.0F) * 1.44269504F;
  auto const rounded = y + k_round;
  auto const f = y - (rounded - k_round);
  auto power = 1.54035304e-4F;
  power = power * f + 1.33335581e-3F;
  power = power * f + 9.61812911e-3F;
  power = power * f + 5.55041087e-2F;
  power = power * f + 2.40226507e-1F;
  power = power * f + 6.93147181e-1F;
  power = power * f + 1.0F;
  auto const exponent = static_cast<std::uint32_t>(std::bit_cast<std::int32_t>(rounded)) << 23U;
  return std::bit_cast<float>(std::bit_cast<std::uint32_t>(power) + exponent);
}

double top_three(std::span<float const> cosines) {
  auto first = -2.0F, second = -2.0F, third = -2.0F;
  for (auto const cosine : cosines) {
    if (cosine > first) {
      third = second;
      second = first;
      first = cosine;
    } else if (cosine > second) {
      third = second;
      second = cosine;
    } else if (cosine > third) {
      third = cosine;
    }
  }
  auto const count = std::min<std::size_t>(cosines.size(), 3);
  auto sum = static_cast<double>(first);
  if (count > 1) sum += static_cast<double>(second);
  if (count > 2) sum += static_cast<double>(third);
  return sum / static_cast<double>(count);
}

}  // namespace

Prototypes::Prototypes(Taxonomy const& taxonomy, PrototypeVectors vectors)
    : m_model(std::move(vectors.model)), m_dims(vectors.dims), m_rows(std::move(vectors.rows)) {
  std::size_t count = 0;
  for (auto const& label : taxonomy.labels)
    m_ends.push_back(count += label.prototypes.size());
  if (m_rows.empty()) return;
  if (m_dims == 0 || m_rows.size() != count * m_dims)
    throw Error(Kind::bad_input,
                fmt::format("taxonomy '{}' has {} prototypes, but there are {} numbers of {} dimensions", taxonomy.name,
                            count, m_rows.size(), m_dims));
  for (std::size_t i = 0; i < count; ++i) {
    std::span<float> const row(m_rows.data() + i * m_dims, m_dims);
    auto const inverse = inverse_length(row);
    if (inverse == 0)
      throw Error(Kind::bad_input,
                  fmt::format("taxonomy '{}': the vector of prototype {} is zero or not finite", taxonomy.name, i));
    for (auto& x : row)
      x *= inverse;
  }
  if (!is_calibrated(taxonomy, m_model)) bring_to(confidence_map(taxonomy, m_model));
}

// The cosines between prototypes of different labels have about the same mean and spread under any model, once they are
// shifted and scaled; with them the constants of the rules and the confidences hold for it.
void Prototypes::bring_to(ConfidenceMap const& reference) {
  auto const count = m_ends.back();
  math::Rows const rows{m_rows.data(), count, m_dims};
  double sum = 0, squares = 0, pairs = 0;
  std::vector<float> cosines(count);
  std::size_t label = 0;
  for (std::size_t i = 0; i < count; ++i) {
    while (i >= m_ends[label])
      ++label;
    float const* const row = m_rows.data() + i * m_dims;
    math::exact_products({&row, 1}, {rows.data, rows.rows, m_dims}, m_dims, cosines.data(), count);
    for (auto other = m_ends[label]; other < count; ++other) {
      auto const cosine = static_cast<double>(cosines[other]);
      sum += cosine;
      squares += cosine * cosine;
      ++pairs;
    }
  }
  if (pairs == 0 || reference.cosine_spread <= 0) return;
  auto const mean = sum / pairs;
  auto const spread = std::sqrt(std::max(0.0, squares / pairs - mean * mean));
  if (spread < 1e-6) return;
  m_scale = static_cast<float>(reference.cosine_spread / spread);
  m_shift = static_cast<float>(reference.cosine_mean - mean * reference.cosine_spread / spread);
}

void Prototypes::reduce(std::span<float const> cosines, Reduction reduction, std::span<double> out) const {
  std::vector<float> powers;
  if (reduction == Reduction::soft_maximum) {
    powers.resize(cosines.size());
    for (std::size_t i = 0; i < cosines.size(); ++i)
      powers[i] = quick_exp(k_sharpness * cosines[i]);
  }
  std::size_t begin = 0;
  for (std::size_t label = 0; label < m_ends.size(); ++label) {
    auto const count = m_ends[label] - begin;
    auto const part = cosines.subspan(begin, count);
    if (reduction == Reduction::top_three) {
      out[label] = top_three(part);
    } else if (reduction == Reduction::highest) {
      out[label] = static_cast<double>(*std::ranges::max_element(part));
    } else {
      double sum = 0;
      for (auto i = begin; i < m_ends[label]; ++i)
        sum += static_cast<double>(powers[i]);
      out[label] = std::log(sum / static_cast<double>(count)) / static_cast<double>(k_sharpness);
    }
    begin = m_ends[label];
  }
}

std::vector<double> Prototypes::scores(std::span<std::span<float const> const> vectors, Reduction reduction) const {
  auto const labels = m_ends.size(), count = m_ends.empty() ? 0 : m_ends.back();
  std::vector<double> out(vectors.size() * labels, std::numeric_limits<double>::quiet_NaN());
  std::vector<float const*> rows;
  std::vector<std::size_t> places;
  std::vector<float> inverse, cosines(std::min(k_texts_at_once, vectors.size()) * count);
  auto const flush = [&] {
    math::exact_products(rows, {m_rows.data(), count, m_dims}, m_dims, cosines.data(), count);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      std::span<float> const seen(cosines.data() + i * count, count);
      auto const scale = m_scale * inverse[i];
      for (auto& cosine : seen)
        cosine = m_shift + scale * cosine;
      reduce(seen, reduction, {out.data() + places[i] * labels, labels});
    }
    rows.clear();
    places.clear();
    inverse.clear();
  };
  for (std::size_t i = 0; i < vectors.size(); ++i) {
    if (vectors[i].empty()) continue;
    if (vectors[i].size() != m_dims)
      throw Error(Kind::bad_input, fmt::format("a text's vector has {} dimensions, those of the prototypes {}",
                                               vectors[i].size(), m_dims));
    auto const length = inverse_length(vectors[i]);
    if (length == 0) continue;
    rows.push_back(vectors[i].data());
    places.push_back(i);
    inverse.push_back(length);
    if (rows.size() == k_texts_at_once) flush();
  }
  if (!rows.empty()) flush();
  return out;
}

}  // namespace jvmm::classify
