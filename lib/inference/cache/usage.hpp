#pragma once

#include <map>

#include "inference/cache/answer_store.hpp"

namespace jvmm::inference {

/// What one settlement adds to the totals.
UsageRow usage_of(Settlement const& settlement);

/// Adds; sums saturate, and are priced only if all of it is.
void add(UsageRow& sum, UsageRow const& row);

/// Rows by their key.
class UsageTotals {
 public:
  void add(UsageRow const& row);
  std::vector<UsageRow> rows() const;

 private:
  std::map<UsageKey, UsageRow> m_rows;
};

}  // namespace jvmm::inference
