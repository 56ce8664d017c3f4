#include "classify/reliability.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.hpp"

namespace jvmm::classify {

Reliability reliability(std::span<Graded const> answers, std::size_t bins) {
  double const width = 1.0 / static_cast<double>(bins);
  std::vector<ReliabilityBin> all(bins);
  for (std::size_t i = 0; i < bins; ++i) {
    all[i].from = static_cast<double>(i) * width;
    all[i].to = i + 1 == bins ? 1.0 : static_cast<double>(i + 1) * width;
  }
  for (auto const& [confidence, right] : answers) {
    if (!(confidence >= 0 && confidence <= 1))
      throw Error(Kind::bad_input, fmt::format("a confidence of {} is outside 0..1", confidence));
    auto const bin = std::find_if(all.begin(), all.end() - 1, [&](auto const& each) { return confidence <= each.to; });
    ++bin->answers;
    bin->confidence += confidence;
    bin->right += right ? 1 : 0;
  }
  Reliability out;
  out.answers = answers.size();
  for (auto bin : all) {
    if (bin.answers == 0) continue;
    auto const count = static_cast<double>(bin.answers);
    bin.confidence /= count;
    bin.right /= count;
    double const gap = std::abs(bin.right - bin.confidence);
    out.ece += gap * count / static_cast<double>(answers.size());
    out.mce = std::max(out.mce, gap);
    out.bins.push_back(bin);
  }
  return out;
}

}  // namespace jvmm::classify
