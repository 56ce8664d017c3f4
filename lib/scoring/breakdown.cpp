#include "scoring/breakdown.hpp"

#include "scoring/scorer.hpp"

namespace jvmm::scoring {
namespace {

void write_factor(json::Writer& out, FactorLine const& line) {
  out.begin_object();
  out.member("name", info(line.id).name).member("score", line.shown()).member("weight", line.weight);
  out.member("detail", line.detail).member("method", line.method);
  out.end_object();
}

}  // namespace

double FactorLine::shown() const {
  return info(id).rounded_for_display ? rounded(score, 1) : score;
}

void write_breakdown(json::Writer& out, DirectionBreakdown const& direction) {
  out.begin_object();
  for (auto const dimension : k_all_dimensions) {
    auto const& line = direction[dimension];
    out.key(name(dimension)).begin_object().key("score");
    if (line.score)
      out.value(*line.score);
    else
      out.null();
    out.key("factors").begin_array();
    for (auto const& factor : line.factors)
      write_factor(out, factor);
    out.end_array();
    if (!line.score) out.member("detail", "No " + std::string(name(dimension)) + " data available");
    out.end_object();
  }
  out.member("final_0_10", rounded(direction.mean, 2)).end_object();
}

}  // namespace jvmm::scoring
