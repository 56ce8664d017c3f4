#include "math/softmax.hpp"

#include <algorithm>
#include <cmath>

namespace jvmm::math {

void softmax(std::span<double> logits) {
  if (logits.empty()) return;
  double const highest = *std::max_element(logits.begin(), logits.end());
  double sum = 0;
  for (double& z : logits)
    sum += z = std::exp(z - highest);
  for (double& z : logits)
    z /= sum;
}

double sigmoid(double logit) {
  if (logit >= 0) return 1 / (1 + std::exp(-logit));
  double const e = std::exp(logit);
  return e / (1 + e);
}

}  // namespace jvmm::math
