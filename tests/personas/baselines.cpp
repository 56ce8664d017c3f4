#include "personas/baselines.hpp"

#include <algorithm>
#include <array>

#include "math/gemm.hpp"
#include "text/casing.hpp"

namespace jvmm::personas {
namespace {

std::vector<float> products(std::span<float const> rows, std::size_t dims, std::span<float const> centroids) {
  auto const n = rows.size() / dims, k = centroids.size() / dims;
  std::vector<float> out(n * k);
  math::rows_by_rows({rows.data(), n, dims}, {centroids.data(), k, dims}, dims, out.data(), k);
  return out;
}

}  // namespace

std::vector<std::size_t> nearest_centroid(std::span<float const> rows, std::size_t dims,
                                          std::span<float const> centroids) {
  auto const k = centroids.size() / dims;
  auto const cosines = products(rows, dims, centroids);
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < rows.size() / dims; ++i) {
    auto const begin = cosines.begin() + static_cast<std::ptrdiff_t>(i * k);
    out.push_back(static_cast<std::size_t>(std::max_element(begin, begin + static_cast<std::ptrdiff_t>(k)) - begin));
  }
  return out;
}

std::size_t audience_word(AudienceText const& row) {
  static constexpr std::array<char const*, 13> k_words{"women",  "entrepreneur", "coach",   "executive", "parent",
                                                       "couple", "business",     "creator", "author",    "student",
                                                       "leader", "healer",       "investor"};
  auto const text = text::lower(row.who_you_serve + ' ' + row.audience_type + ' ' + row.what_you_do);
  for (std::size_t i = 0; i < k_words.size(); ++i)
    if (text.find(k_words[i]) != std::string::npos) return i;
  return k_words.size();
}

}  // namespace jvmm::personas
