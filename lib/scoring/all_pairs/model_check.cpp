#include "scoring/all_pairs/model_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.hpp"

namespace jvmm::scoring {
namespace {

constexpr double k_unit = 0x1p-24;
constexpr double k_norm_error = 1e-3;

void require(bool holds, char const* what) {
  if (!holds) throw Error(Kind::internal, fmt::format("pair model: {}", what));
}

void check_similarity(SimilarityFactor const& factor, PairModel const& model) {
  auto const n = model.profiles;
  require(!factor.map.problem(), "a similarity's map is not monotone, or empty");
  require(factor.weight >= 0 && factor.overlap_weight >= 0, "a similarity's weight is negative");
  if (factor.weight <= 0 && factor.overlap_weight <= 0) return;
  require(factor.source.size() == n * model.dims && factor.has_source.size() == n && factor.source_tokens.size() == n,
          "a similarity's source is not of every profile");
  if (factor.symmetric) return;
  require(factor.target.size() == n * model.dims && factor.has_target.size() == n && factor.target_tokens.size() == n,
          "a similarity's target is not of every profile");
}

void check_codes(CodeFactor const& factor, std::size_t profiles) {
  require(factor.code.size() == profiles, "a code factor is not of every profile");
  require(factor.weighted.size() == factor.codes * factor.codes && factor.weights.size() == factor.weighted.size(),
          "a code factor's tables are not codes × codes");
  require(std::all_of(factor.code.begin(), factor.code.end(), [&](auto code) { return code < factor.codes; }),
          "a code is outside its tables");
  auto const not_negative = [](float x) { return x >= 0; };
  require(std::all_of(factor.weighted.begin(), factor.weighted.end(), not_negative) &&
              std::all_of(factor.weights.begin(), factor.weights.end(), not_negative),
          "a code factor has a negative number");
}

/// How far the norms of the non-zero rows are from 1.
double norm_error(std::vector<float> const& rows, std::size_t dims) {
  double worst = 0;
  for (std::size_t at = 0; at + dims <= rows.size() && dims > 0; at += dims) {
    double sum = 0;
    for (std::size_t k = 0; k < dims; ++k)
      sum += double{rows[at + k]} * rows[at + k];
    if (sum == 0) continue;
    auto const error = std::abs(std::sqrt(sum) - 1);
    if (!(error <= k_norm_error))
      throw Error(Kind::internal,
                  fmt::format("pair model: row {} has norm {}, expected 1 or 0", at / dims, std::sqrt(sum)));
    worst = std::max(worst, error);
  }
  return worst;
}

}  // namespace

void check_model(PairModel const& model) {
  auto const n = model.profiles;
  auto const finite = [](double x) { return std::isfinite(x); };
  check_similarity(model.offering_seeking, model);
  check_similarity(model.audience, model);
  for (auto const& factor : model.code_factors)
    check_codes(factor, n);
  require(model.network.empty() || model.network.size() == n, "network is not of every profile");
  require(model.source_classes > 0 && model.rest.size() == model.source_classes * n, "rest is not classes × profiles");
  require(std::all_of(model.rest.begin(), model.rest.end(), finite), "rest is not finite");
  require(model.total_weight.size() == n, "total_weight is not of every profile");
  require(std::all_of(model.total_weight.begin(), model.total_weight.end(), [](double w) { return w > 0 && w < 1e9; }),
          "a total weight is not positive");
  require(model.source_classes == 1 ||
              (model.source_class.size() == n && std::all_of(model.source_class.begin(), model.source_class.end(),
                                                             [&](auto c) { return c < model.source_classes; })),
          "source_class is not of every profile");
  require(model.insufficient.size() == n, "insufficient is not of every profile");
  require(model.epsilon > 0 && model.synergy_weight >= 0, "epsilon or the weight of synergy is not positive");
}

double cosine_error(PairModel const& model) {
  double norm = 0;
  for (auto const* factor : {&model.offering_seeking, &model.audience})
    for (auto const* rows : {&factor->source, &factor->target})
      norm = std::max(norm, norm_error(*rows, model.dims));
  auto const dims = static_cast<double>(model.dims);
  return 1.01 * (dims + 2) * k_unit + 2.01 * norm + 8 * k_unit;
}

}  // namespace jvmm::scoring
