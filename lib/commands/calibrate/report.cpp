#include "commands/calibrate/report.hpp"

#include <fmt/format.h>

#include "json/writer.hpp"
#include "log/text_table.hpp"

namespace jvmm::commands {
namespace {

std::string knots(scoring::SimilarityMap const& map) {
  log::TextTable table({{"cosine", log::Align::right}, {"score", log::Align::right}});
  for (auto const& knot : map.knots)
    table.add({fmt::format("{:.3f}", knot.cosine), fmt::format("{:.2f}", knot.score)});
  return table.text();
}

std::string measure(scoring::Measure const& m) {
  return fmt::format("{:.3f} ({:.3f} to {:.3f})", m.value, m.low, m.high);
}

std::string quality(scoring::Quality const& q) {
  auto text = fmt::format("AUC-ROC {}, AUC-PR {}, best F1 {:.3f} at cosine {:.3f}\n", measure(q.auc_roc),
                          measure(q.auc_pr), q.best_f1.f1, q.best_f1.cosine);
  text += fmt::format("mean score: {} matches {:.2f}, {} others {:.2f}; calibration error {:.3f}\n", q.matches,
                      q.mean_match, q.others, q.mean_other, q.reliability.error);
  log::TextTable table({{"score", log::Align::right},
                        {"pairs", log::Align::right},
                        {"mean", log::Align::right},
                        {"matches", log::Align::right}});
  for (auto const& bin : q.reliability.bins)
    table.add({fmt::format("{:.0f} to {:.0f}", bin.from, bin.to), fmt::format("{}", bin.pairs),
               fmt::format("{:.2f}", bin.mean_score), fmt::format("{:.0f} %", 100 * bin.matches)});
  return text + table.text();
}

std::string one(Fitted const& fitted) {
  auto const& calibration = fitted.calibration;
  auto text =
      fmt::format("{} of {}: {}, {} from {} pairs ({})\n", scoring::name(calibration.field_pair), calibration.model,
                  fitted.version ? fmt::format("version {}", *fitted.version) : std::string("not stored"),
                  scoring::name(calibration.method), calibration.pairs, log::one_line(calibration.source));
  if (fitted.left_out > 0) text += fmt::format("{} pairs left out: a side has no vector\n", fitted.left_out);
  if (auto const& noise = calibration.noise)
    text += fmt::format("noise: median {:.3f}, 90 % below {:.3f}, 99 % below {:.3f}\n", noise->median, noise->q90,
                        noise->q99);
  text += knots(calibration.map);
  return calibration.quality ? text + quality(*calibration.quality) : text;
}

}  // namespace

std::string calibrations_as_json(std::vector<Fitted> const& fitted, std::optional<RunId> run) {
  json::Writer out;
  out.begin_object().member("command", "calibrate").member("dry_run", !run.has_value()).key("run");
  run ? out.value(run->value) : out.null();
  out.key("calibrations").begin_array();
  for (auto const& each : fitted) {
    out.begin_object().key("version");
    each.version ? out.value(*each.version) : out.null();
    out.member("left_out", each.left_out).key("calibration");
    scoring::write_json(out, each.calibration);
    out.end_object();
  }
  out.end_array().end_object();
  return std::move(out).take();
}

std::string calibrations_as_text(std::vector<Fitted> const& fitted) {
  std::string text;
  for (auto const& each : fitted)
    text += (text.empty() ? "" : "\n") + one(each);
  return text;
}

}  // namespace jvmm::commands
