#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace jvmm::inference {

struct BatchLimits {
  /// Rows × longest row, padding included. From 384 to 1024 speed is the same within noise, above it falls (the
  /// intermediate layer no longer fits the cache), and memory grows with it.
  std::size_t max_tokens = 512;
  std::size_t max_rows = 64;
  /// Share of a batch that may be padding. Rows of like length are computed together; a small remainder is worth a
  /// little padding, as each run has a price of its own.
  double max_padding = 0.1;
};

/// Splits rows into batches, given each row's length in tokens: longest first, so that the work of several threads ends
/// at about the same time. Each row is in exactly one batch; equal lengths keep their order. A row longer than
/// `max_tokens` is a batch of its own.
std::vector<std::vector<std::size_t>> plan_batches(std::span<std::size_t const> lengths, BatchLimits const& limits);

}  // namespace jvmm::inference
