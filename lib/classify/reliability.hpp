#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace jvmm::classify {

/// One answer that came with a confidence.
struct Graded {
  double confidence = 0;  ///< 0..1
  bool right = false;
};

/// Answers whose confidence lies in (from, to]; the first bin has 0 too.
struct ReliabilityBin {
  double from = 0, to = 0;
  std::size_t answers = 0;
  double confidence = 0;  ///< mean, 0..1
  double right = 0;       ///< share, 0..1
};

struct Reliability {
  std::vector<ReliabilityBin> bins;  ///< those with answers, ascending
  std::size_t answers = 0;
  double ece = 0;  ///< expected calibration error: mean over answers of |right − confidence| of their bin
  double mce = 0;  ///< the largest of these
};

/// How far a confidence is the chance to be right, in `bins` bins of equal width, whose borders are scikit-learn's
/// (calibration_curve, strategy "uniform"). REQUIRES: bins > 0.
/// **Throws** bad_input for a confidence outside 0..1. **Threads** safe. **Cost** linear.
Reliability reliability(std::span<Graded const> answers, std::size_t bins = 10);

}  // namespace jvmm::classify
