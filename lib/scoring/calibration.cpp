#include "scoring/calibration.hpp"

#include <vector>

#include "json/parse.hpp"

namespace jvmm::scoring {

std::string_view shipped_calibrations_json();  // made by the build

namespace {

void write_measure(json::Writer& out, std::string_view name, Measure const& measure) {
  out.key(name).begin_object().member("value", measure.value).member("low", measure.low).member("high", measure.high);
  out.end_object();
}

Measure read_measure(json::Ref const& at) {
  return {at["value"].number(), at["low"].number(), at["high"].number()};
}

void write_noise(json::Writer& out, Noise const& noise) {
  out.begin_object().member("median", noise.median).member("q90", noise.q90).member("q99", noise.q99);
  out.member("spread", noise.spread).end_object();
}

void write_quality(json::Writer& out, Quality const& quality) {
  out.begin_object().member("matches", quality.matches).member("others", quality.others);
  write_measure(out, "auc_roc", quality.auc_roc);
  write_measure(out, "auc_pr", quality.auc_pr);
  out.key("best_f1").begin_object().member("f1", quality.best_f1.f1).member("cosine", quality.best_f1.cosine);
  out.end_object().member("mean_match", quality.mean_match).member("mean_other", quality.mean_other);
  out.key("reliability").begin_object().member("error", quality.reliability.error).key("bins").begin_array();
  for (auto const& bin : quality.reliability.bins) {
    out.begin_object().member("from", bin.from).member("to", bin.to).member("pairs", bin.pairs);
    out.member("mean_score", bin.mean_score).member("matches", bin.matches).end_object();
  }
  out.end_array().end_object().end_object();
}

Reliability read_reliability(json::Ref const& at) {
  Reliability out;
  out.error = at["error"].number();
  for (auto const& bin : at["bins"].items())
    out.bins.push_back({bin["from"].number(), bin["to"].number(), bin["pairs"].size_value(), bin["mean_score"].number(),
                        bin["matches"].number()});
  return out;
}

Quality read_quality(json::Ref const& at) {
  Quality out;
  out.matches = at["matches"].size_value();
  out.others = at["others"].size_value();
  out.auc_roc = read_measure(at["auc_roc"]);
  out.auc_pr = read_measure(at["auc_pr"]);
  out.best_f1 = {at["best_f1"]["f1"].number(), at["best_f1"]["cosine"].number()};
  out.mean_match = at["mean_match"].number();
  out.mean_other = at["mean_other"].number();
  out.reliability = read_reliability(at["reliability"]);
  return out;
}

SimilarityMap read_map(json::Ref const& at) {
  SimilarityMap map;
  for (auto const& knot : at.items())
    map.knots.push_back({knot["cosine"].number(), knot["score"].number()});
  if (auto const problem = map.problem()) throw at.unexpected("a monotone map to 0..10 (" + *problem + ")");
  return map;
}

CalibrationMethod read_method(json::Ref const& at) {
  for (auto const method : {CalibrationMethod::labelled, CalibrationMethod::noise_floor})
    if (at.string() == name(method)) return method;
  throw at.unexpected("labelled or noise_floor");
}

std::vector<Calibration> read_shipped() {
  auto const document = json::parse(shipped_calibrations_json(), "shipped calibrations");
  std::vector<Calibration> out;
  for (auto const& file : json::Ref(document, "shipped calibrations").items())
    for (auto const& calibration : file.items())
      out.push_back(read_calibration(calibration));
  return out;
}

}  // namespace

std::string_view name(FieldPair pair) {
  switch (pair) {
    case FieldPair::offering_seeking:
      return "offering_seeking";
    case FieldPair::audience:
      return "audience";
  }
  return "";
}

std::optional<FieldPair> parse_field_pair(std::string_view text) {
  for (auto const pair : k_field_pairs)
    if (name(pair) == text) return pair;
  return std::nullopt;
}

std::string_view name(CalibrationMethod method) {
  switch (method) {
    case CalibrationMethod::labelled:
      return "labelled";
    case CalibrationMethod::noise_floor:
      return "noise_floor";
  }
  return "";
}

void write_json(json::Writer& out, Calibration const& calibration) {
  out.begin_object().member("model", calibration.model).member("field_pair", name(calibration.field_pair));
  out.member("method", name(calibration.method)).key("map").begin_array();
  for (auto const& knot : calibration.map.knots)
    out.begin_object().member("cosine", knot.cosine).member("score", knot.score).end_object();
  out.end_array().member("fitted_at", calibration.fitted_at).member("source", calibration.source);
  out.member("pairs", calibration.pairs).key("noise");
  calibration.noise ? write_noise(out, *calibration.noise) : (void)out.null();
  out.key("quality");
  calibration.quality ? write_quality(out, *calibration.quality) : (void)out.null();
  out.end_object();
}

std::string to_json(Calibration const& calibration) {
  json::Writer out;
  write_json(out, calibration);
  return std::move(out).take();
}

Calibration read_calibration(json::Ref const& document) {
  Calibration out;
  out.model = document["model"].string();
  auto const pair = parse_field_pair(document["field_pair"].string());
  if (!pair) throw document["field_pair"].unexpected("offering_seeking or audience");
  out.field_pair = *pair;
  out.method = read_method(document["method"]);
  out.map = read_map(document["map"]);
  out.fitted_at = document["fitted_at"].string();
  out.source = document["source"].string();
  out.pairs = document["pairs"].size_value();
  if (auto const at = document.find("noise"))
    out.noise = {(*at)["median"].number(), (*at)["q90"].number(), (*at)["q99"].number(), (*at)["spread"].number()};
  if (auto const at = document.find("quality")) out.quality = read_quality(*at);
  return out;
}

std::span<Calibration const> shipped_calibrations() {
  static auto const calibrations = read_shipped();
  return calibrations;
}

Calibration const* find_shipped_calibration(std::string_view model, FieldPair pair) {
  for (auto const& calibration : shipped_calibrations())
    if (calibration.model == model && calibration.field_pair == pair) return &calibration;
  return nullptr;
}

}  // namespace jvmm::scoring
