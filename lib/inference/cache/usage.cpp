#include "inference/cache/usage.hpp"

#include <algorithm>
#include <limits>

namespace jvmm::inference {
namespace {

template <class Number>
void saturate(Number& sum, Number value) {
  if (__builtin_add_overflow(sum, value, &sum)) sum = std::numeric_limits<Number>::max();
}

}  // namespace

UsageRow usage_of(Settlement const& settlement) {
  UsageRow row;
  row.key = settlement.usage;
  row.metered = settlement.metered;
  row.cost = std::max<PicoUsd>(0, settlement.cost);
  row.priced = settlement.priced;
  row.in_doubt = std::max<PicoUsd>(0, settlement.in_doubt);
  row.in_doubt_requests = settlement.in_doubt > 0 ? 1 : 0;
  row.retries = settlement.retried ? 1 : 0;
  return row;
}

void add(UsageRow& sum, UsageRow const& row) {
  sum.metered += row.metered;
  saturate(sum.cost, row.cost);
  sum.priced = sum.priced && row.priced;
  saturate(sum.in_doubt, row.in_doubt);
  saturate(sum.in_doubt_requests, row.in_doubt_requests);
  saturate(sum.retries, row.retries);
}

void UsageTotals::add(UsageRow const& row) {
  auto const [place, is_new] = m_rows.try_emplace(row.key, row);
  if (!is_new) inference::add(place->second, row);
}

std::vector<UsageRow> UsageTotals::rows() const {
  std::vector<UsageRow> out;
  out.reserve(m_rows.size());
  for (auto const& [key, row] : m_rows)
    out.push_back(row);
  return out;
}

}  // namespace jvmm::inference
