#include "scoring/all_pairs/candidates.hpp"

#include <cmath>

// clang-format off
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "scoring/all_pairs/candidates.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
#include <hwy/contrib/math/math-inl.h>
// clang-format on

HWY_BEFORE_NAMESPACE();
namespace jvmm::scoring::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;
using D = hn::ScalableTag<float>;
using DI = hn::RebindToSigned<D>;
using V = hn::Vec<D>;
using VI = hn::Vec<DI>;

HWY_INLINE V score_of(UpperMap const& map, V cosine) {
  D const d;
  auto out = hn::Set(d, map.base);
  for (std::size_t k = 0; k < map.at.size(); ++k)
    out = hn::MulAdd(hn::Max(cosine, hn::Set(d, map.at[k])), hn::Set(d, map.bend[k]), out);
  for (std::size_t k = 0; k < map.from.size(); ++k)
    out = hn::Add(out, hn::IfThenElseZero(hn::Ge(cosine, hn::Set(d, map.from[k])), hn::Set(d, map.height[k])));
  return out;
}

/// Σ score × weight and Σ weight, of both directions.
struct Sums {
  V forward, backward, forward_weights, backward_weights;
};

struct Term {
  V weighted, weight;
};

HWY_INLINE Term entry_term(SimilarityTerms const& terms, bool has_overlap, float const* entries) {
  D const d;
  auto const entry = hn::LoadU(d, entries);
  auto score = score_of(terms.map, entry);
  auto weight = hn::Set(d, terms.weight);
  if (has_overlap) {
    auto const overlap = hn::Gt(entry, hn::Set(d, k_overlap_mark / 2));
    score = hn::IfThenElse(overlap, hn::Add(entry, hn::Set(d, terms.overlap_slack)), score);
    weight = hn::IfThenElse(overlap, hn::Set(d, terms.overlap_weight), weight);
  }
  return {hn::Mul(score, weight), weight};
}

HWY_INLINE void add_similarities(BoundTerms const& terms, TileRow const& row, std::size_t at, Sums& sums) {
  for (std::size_t s = 0; s < terms.similarities.size(); ++s) {
    auto const& factor = terms.similarities[s];
    auto term = entry_term(factor, row.has_overlap[s], row.forward[s] + at);
    sums.forward = hn::Add(sums.forward, term.weighted);
    sums.forward_weights = hn::Add(sums.forward_weights, term.weight);
    if (!factor.symmetric) term = entry_term(factor, row.has_overlap[s], row.backward[s] + at);
    sums.backward = hn::Add(sums.backward, term.weighted);
    sums.backward_weights = hn::Add(sums.backward_weights, term.weight);
  }
}

struct Halves {
  V low, high;
};

HWY_INLINE Halves unpacked(std::int32_t const* table, VI code) {
  D const d;
  DI const di;
  hn::RebindToUnsigned<DI> const du;
  auto const word = hn::GatherIndex(di, table, code);
  auto const high = hn::BitCast(di, hn::ShiftRight<16>(hn::BitCast(du, word)));
  return {hn::ConvertTo(d, hn::And(word, hn::Set(di, 0xFFFF))), hn::ConvertTo(d, high)};
}

HWY_INLINE void add_codes(CodeTerms const& terms, TileRow const& row, std::size_t at, Sums& sums) {
  D const d;
  auto const first = static_cast<std::size_t>(terms.code[row.row]) * terms.codes;
  auto const code = hn::LoadU(DI(), terms.code.data() + row.begin + at);
  auto const weighted_unit = hn::Set(d, terms.weighted_unit), weights_unit = hn::Set(d, terms.weights_unit);
  auto const one = unpacked(terms.first.data() + first, code);
  auto const two = terms.symmetric ? one : unpacked(terms.second.data() + first, code);
  sums.forward = hn::MulAdd(one.low, weighted_unit, sums.forward);
  sums.backward = hn::MulAdd(terms.symmetric ? one.low : one.high, weighted_unit, sums.backward);
  sums.forward_weights = hn::MulAdd(terms.symmetric ? one.high : two.low, weights_unit, sums.forward_weights);
  sums.backward_weights = hn::MulAdd(two.high, weights_unit, sums.backward_weights);
}

HWY_INLINE void add_network(BoundTerms const& terms, TileRow const& row, std::size_t at, Sums& sums) {
  D const d;
  auto const weight = hn::LoadU(d, terms.network_weight.data() + row.begin + at);
  auto const weighted = hn::MulAdd(weight, hn::Set(d, terms.network_half[row.row]),
                                   hn::LoadU(d, terms.network_weighted.data() + row.begin + at));
  sums.forward = hn::Add(sums.forward, weighted);
  sums.backward = hn::Add(sums.backward, weighted);
  sums.forward_weights = hn::Add(sums.forward_weights, weight);
  sums.backward_weights = hn::Add(sums.backward_weights, weight);
}

HWY_INLINE V upper_synergy(BoundTerms const& terms, V weighted, V weights) {
  D const d;
  auto const ratio = hn::Div(weighted, hn::Max(weights, hn::Set(d, 1e-30F)));
  auto out = hn::MulAdd(ratio, hn::Set(d, terms.synergy_scale), hn::Set(d, terms.synergy_half));
  if (terms.synergy_floor) out = hn::Floor(out);
  return hn::Max(hn::Mul(out, hn::Set(d, terms.synergy_unit)), hn::Set(d, terms.epsilon));
}

template <DimensionMean mean>
HWY_INLINE V inverse_directional(V offset, V slope, V synergy) {
  D const d;
  if constexpr (mean == DimensionMean::geometric) return hn::Exp(d, hn::MulAdd(slope, hn::Log(d, synergy), offset));
  if constexpr (mean == DimensionMean::harmonic) return hn::Add(offset, hn::Div(slope, synergy));
  return hn::Div(hn::Set(d, 1.0F), hn::MulAdd(slope, synergy, offset));
}

HWY_INLINE V inverse_mean(PairMean mean, V a, V b) {
  D const d;
  switch (mean) {
    case PairMean::harmonic:
      return hn::Mul(hn::Add(a, b), hn::Set(d, 0.5F));
    case PairMean::geometric:
      return hn::Sqrt(hn::Mul(a, b));
    case PairMean::minimum:
      return hn::Max(a, b);
  }
  return a;
}

/// Offset of the backward direction, whose target is the row: it depends on the class of the column.
HWY_INLINE V backward_offset(BoundTerms const& terms, TileRow const& row, std::size_t at) {
  D const d;
  if (terms.source_classes == 1) return hn::Set(d, terms.offset[row.row]);
  DI const di;
  auto const column_class = hn::LoadU(di, terms.source_class.data() + row.begin + at);
  auto const stride = hn::Set(di, static_cast<std::int32_t>(terms.stride));
  return hn::GatherIndex(d, terms.offset.data() + row.row, hn::Mul(column_class, stride));
}

template <DimensionMean mean>
HWY_INLINE V inverses(BoundTerms const& terms, TileRow const& row, float const* forward_offset, bool network,
                      std::size_t at) {
  D const d;
  auto const zero = hn::Zero(d);
  Sums sums{zero, zero, zero, zero};
  add_similarities(terms, row, at, sums);
  for (auto const& factor : terms.codes)
    add_codes(factor, row, at, sums);
  if (network) add_network(terms, row, at, sums);
  auto const forward = upper_synergy(terms, sums.forward, sums.forward_weights);
  auto const backward = upper_synergy(terms, sums.backward, sums.backward_weights);
  auto const column = row.begin + at;
  auto const a = inverse_directional<mean>(hn::LoadU(d, forward_offset + column),
                                           hn::LoadU(d, terms.slope.data() + column), forward);
  auto const b = inverse_directional<mean>(backward_offset(terms, row, at), hn::Set(d, terms.slope[row.row]), backward);
  return inverse_mean(terms.pair_mean, a, b);
}

template <DimensionMean mean>
std::size_t find(BoundTerms const& terms, TileRow const& row, float row_limit, float const* limits,
                 std::uint32_t* out) {
  D const d;
  DI const di;
  auto const own_class = terms.source_classes > 1 ? static_cast<std::size_t>(terms.source_class[row.row]) : 0;
  auto const* forward_offset = terms.offset.data() + own_class * terms.stride;
  auto const network = terms.has_network && !std::isnan(terms.network_half[row.row]);
  auto* const to = reinterpret_cast<std::int32_t*>(out);
  std::size_t found = 0;
  for (std::size_t at = 0; at < row.count; at += hn::Lanes(d)) {
    auto const inverse = inverses<mean>(terms, row, forward_offset, network, at);
    auto const limit = hn::Max(hn::Set(d, row_limit), hn::LoadU(d, limits + row.begin + at));
    auto const ruled_out = hn::Or(hn::Gt(inverse, limit), hn::Not(hn::FirstN(d, row.count - at)));
    if (hn::AllTrue(d, ruled_out)) continue;
    auto const offsets = hn::Iota(di, static_cast<std::int32_t>(at));
    found += hn::CompressStore(offsets, hn::RebindMask(di, hn::Not(ruled_out)), di, to + found);
  }
  return found;
}

}  // namespace

std::size_t exported_find(BoundTerms const& terms, TileRow const& row, float row_limit, float const* limits,
                          std::uint32_t* out) {
  switch (terms.dimension_mean) {
    case DimensionMean::geometric:
      return find<DimensionMean::geometric>(terms, row, row_limit, limits, out);
    case DimensionMean::harmonic:
      return find<DimensionMean::harmonic>(terms, row, row_limit, limits, out);
    case DimensionMean::arithmetic:
      return find<DimensionMean::arithmetic>(terms, row, row_limit, limits, out);
  }
  return 0;
}

char const* exported_target() {
  return hwy::TargetName(HWY_TARGET);
}

}  // namespace jvmm::scoring::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace jvmm::scoring {

HWY_EXPORT(exported_find);
HWY_EXPORT(exported_target);

std::size_t find_candidates(BoundTerms const& terms, TileRow const& row, float row_limit, float const* limits,
                            std::uint32_t* out) {
  return HWY_DYNAMIC_DISPATCH(exported_find)(terms, row, row_limit, limits, out);
}

char const* candidate_target() {
  return HWY_DYNAMIC_DISPATCH(exported_target)();
}

}  // namespace jvmm::scoring
#endif
