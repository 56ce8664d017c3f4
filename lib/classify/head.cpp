#include "classify/head.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <numeric>
#include <utility>

#include "base/error.hpp"
#include "json/parse.hpp"
#include "json/ref.hpp"
#include "json/writer.hpp"
#include "math/softmax.hpp"
#include "text/digest.hpp"

namespace jvmm::classify {
namespace {

static_assert(std::endian::native == std::endian::little, "weights are stored as they are in memory");

constexpr int k_form = 1;

Error bad(std::string const& what) {
  return Error(Kind::bad_input, "trained head: " + what);
}

bool all_finite(std::span<double const> values) {
  return std::all_of(values.begin(), values.end(), [](double v) { return std::isfinite(v); });
}

std::size_t trained_count(std::vector<HeadLabel> const& labels) {
  return static_cast<std::size_t>(
      std::count_if(labels.begin(), labels.end(), [](auto const& label) { return label.trained; }));
}

void validate(HeadParts const& parts) {
  auto const trained = trained_count(parts.labels);
  if (parts.labels.size() < 2) throw bad(fmt::format("{} labels, expected at least 2", parts.labels.size()));
  if (parts.dims == 0) throw bad("a width of 0");
  if (parts.coefficients.size() != trained * parts.dims || parts.intercepts.size() != trained)
    throw bad(fmt::format("{} coefficients and {} intercepts, expected {} × {} and {}", parts.coefficients.size(),
                          parts.intercepts.size(), trained, parts.dims, trained));
  double const numbers[] = {parts.score_weight, parts.given_weight, parts.score_bias, parts.temperature, parts.c,
                            parts.threshold};
  if (!all_finite(numbers) || !all_finite(parts.coefficients) || !all_finite(parts.intercepts))
    throw bad("a number that is not finite");
  if (!(parts.temperature > 0)) throw bad("a temperature that is not above 0");
}

std::vector<double> doubles(std::string_view bytes) {
  std::vector<double> out(bytes.size() / sizeof(double));
  if (!out.empty()) std::memcpy(out.data(), bytes.data(), out.size() * sizeof(double));
  return out;
}

std::vector<HeadLabel> read_labels(json::Ref const& list) {
  std::vector<HeadLabel> out;
  for (auto const& one : list.items())
    out.push_back({one["key"].string(), one["examples"].size_value(), one["trained"].boolean()});
  return out;
}

HeadParts read_document(json::Ref const& root) {
  if (root["form"].integer() != k_form) throw root["form"].unexpected(fmt::format("form {}", k_form));
  HeadParts out;
  auto const task = parse_task(root["task"].string());
  if (!task) throw root["task"].unexpected("a task");
  out.task = *task;
  out.taxonomy = root["taxonomy"].string();
  out.taxonomy_hash = root["taxonomy_hash"].string();
  out.fingerprint = root["fingerprint"].string();
  out.data_hash = root["data_hash"].string();
  out.labels = read_labels(root["labels"]);
  out.dims = root["dims"].size_value();
  out.score_weight = root["score_weight"].number();
  out.given_weight = root["given_weight"].number();
  out.score_bias = root["score_bias"].number();
  out.temperature = root["temperature"].number();
  out.c = root["c"].number();
  out.threshold = root["threshold"].number();
  return out;
}

/// The labels that are given, best first.
std::vector<Scored> given(Taxonomy const& taxonomy, HeadParts const& parts, std::vector<double> const& p,
                          std::vector<double> const& logits) {
  std::vector<std::size_t> order(p.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return p[a] > p[b]; });
  double const least = head_kind(parts.task) == HeadKind::one_vs_rest ? parts.threshold : 0;
  std::vector<Scored> out;
  for (auto const label : order)
    if (p[label] >= std::max(least, taxonomy.labels[label].threshold) && out.size() < max_labels(parts.task))
      out.push_back({label, p[label], logits[label]});
  return out;
}

}  // namespace

HeadKind head_kind(Task task) {
  return task == Task::offer_types ? HeadKind::one_vs_rest : HeadKind::softmax;
}

std::string_view name(HeadKind kind) {
  return kind == HeadKind::softmax ? "softmax" : "one_vs_rest";
}

Head::Head(HeadParts parts) : m_parts(std::move(parts)) {
  validate(m_parts);
  text::Hasher hasher(text::Digest::sha256);
  hasher.add(document());
  hasher.add(weights());
  m_hash = std::move(hasher).hex();
}

Head Head::read(std::string_view document_json, std::string_view weights, std::string const& source) {
  auto const document = json::parse(document_json, source);
  auto parts = read_document(json::Ref(document, source));
  auto const trained = trained_count(parts.labels);
  if (weights.size() != trained * (parts.dims + 1) * sizeof(double))
    throw Error(Kind::bad_input, fmt::format("{}: {} bytes of weights, expected {}", source, weights.size(),
                                             trained * (parts.dims + 1) * sizeof(double)));
  auto const split = trained * parts.dims * sizeof(double);
  parts.coefficients = doubles(weights.substr(0, split));
  parts.intercepts = doubles(weights.substr(split));
  try {
    return Head(std::move(parts));
  } catch (Error& e) {
    throw e.context("in " + source);
  }
}

std::string Head::document() const {
  json::Writer out;
  out.begin_object().member("form", k_form).member("task", name(m_parts.task)).member("kind", name(kind()));
  out.member("taxonomy", m_parts.taxonomy).member("taxonomy_hash", m_parts.taxonomy_hash);
  out.member("fingerprint", m_parts.fingerprint).member("data_hash", m_parts.data_hash).key("labels").begin_array();
  for (auto const& label : m_parts.labels)
    out.begin_object()
        .member("key", label.key)
        .member("examples", label.examples)
        .member("trained", label.trained)
        .end_object();
  out.end_array().member("dims", m_parts.dims).member("score_weight", m_parts.score_weight);
  out.member("given_weight", m_parts.given_weight);
  out.member("score_bias", m_parts.score_bias).member("temperature", m_parts.temperature);
  out.member("c", m_parts.c).member("threshold", m_parts.threshold).end_object();
  return std::move(out).take();
}

std::string Head::weights() const {
  std::string out;
  for (auto const* part : {&m_parts.coefficients, &m_parts.intercepts})
    out.append(reinterpret_cast<char const*>(part->data()), part->size() * sizeof(double));
  return out;
}

std::vector<double> Head::logits(std::span<float const> x, Verdict const& zero_shot) const {
  auto const& scores = zero_shot.scores;
  if (x.size() != m_parts.dims)
    throw bad(fmt::format("a vector of {} dimensions, expected {}", x.size(), m_parts.dims));
  if (scores.size() != m_parts.labels.size())
    throw bad(fmt::format("{} scores, expected {}", scores.size(), m_parts.labels.size()));
  auto out = given_confidences(zero_shot);
  std::size_t row = 0;
  for (std::size_t k = 0; k < out.size(); ++k) {
    out[k] = m_parts.score_weight * scores[k] + m_parts.given_weight * out[k] + m_parts.score_bias;
    if (!m_parts.labels[k].trained) continue;
    double sum = m_parts.intercepts[row];
    for (std::size_t j = 0; j < x.size(); ++j)
      sum += m_parts.coefficients[row * x.size() + j] * static_cast<double>(x[j]);
    out[k] += sum;
    ++row;
  }
  if (!all_finite(out)) throw bad("a vector or score that is not finite");
  return out;
}

std::vector<double> Head::probabilities(std::span<float const> x, Verdict const& zero_shot) const {
  auto out = logits(x, zero_shot);
  for (double& z : out)
    z /= m_parts.temperature;
  if (kind() == HeadKind::softmax)
    math::softmax(out);
  else
    std::transform(out.begin(), out.end(), out.begin(), math::sigmoid);
  return out;
}

Verdict Head::classify(Taxonomy const& taxonomy, std::span<float const> x, Verdict const& zero_shot) const {
  if (zero_shot.empty || x.empty()) return zero_shot;
  Verdict out;
  out.scores = logits(x, zero_shot);
  auto const p = probabilities(x, zero_shot);
  out.labels = given(taxonomy, m_parts, p, out.scores);
  auto sorted = p;
  std::partial_sort(sorted.begin(), sorted.begin() + 2, sorted.end(), std::greater<>());
  out.confidence = sorted[0];
  auto best = out.scores;
  std::partial_sort(best.begin(), best.begin() + 2, best.end(), std::greater<>());
  out.margin = best[0] - best[1];
  out.empty = false;
  out.sure = out.confidence >= taxonomy.sure;
  return out;
}

std::vector<double> given_confidences(Verdict const& verdict) {
  std::vector<double> out(verdict.scores.size());
  for (auto const& label : verdict.labels)
    if (label.label < out.size()) out[label.label] = label.confidence;
  return out;
}

std::string head_fingerprint(Classifier const& classifier, std::string_view embedder) {
  return fmt::format("{} | {}", classifier.fingerprint(), embedder);
}

}  // namespace jvmm::classify
