#include "inference/dialect/zero_shot.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "inference/dialect/wire.hpp"

namespace jvmm::inference {
namespace {

using json::Array;
using json::Value;

constexpr double k_sum_tolerance = 1e-3;
constexpr std::string_view k_expected = "labels with scores";

/// One text's labels and scores, as they came.
struct Pairs {
  std::vector<Value const*> labels, scores;
};

/// Whether this is {"labels": […], "scores": […]}, perhaps with a sequence.
bool is_columns(Value const& value) {
  return value.find("labels") && value.find("scores");
}

std::vector<Value const*> elements(Value const* value) {
  auto const* array = value ? value->get_if<Array>() : nullptr;
  if (!array) throw wire::bad_answer("labels or scores that are no array");
  std::vector<Value const*> out;
  for (auto const& element : *array)
    out.push_back(&element);
  return out;
}

Pairs pairs_of(Value const& text) {
  if (is_columns(text)) {
    Pairs out{elements(text.find("labels")), elements(text.find("scores"))};
    if (out.labels.size() != out.scores.size())
      throw wire::bad_answer(fmt::format("{} labels with {} scores", out.labels.size(), out.scores.size()));
    return out;
  }
  Pairs out;
  for (auto const* pair : elements(&text)) {
    out.labels.push_back(pair->find("label"));
    out.scores.push_back(pair->find("score"));
  }
  return out;
}

/// The parts of the answer that are one text's each.
std::vector<Value const*> texts_of(Value const& root, std::string_view body) {
  if (is_columns(root)) return {&root};
  auto const* array = root.get_if<Array>();
  if (!array || array->empty()) wire::throw_other_shape(body, k_expected);
  if (array->front().find("label")) return {&root};
  auto const whole_text = [](Value const& value) {
    return value.is_null() || value.get_if<Array>() || is_columns(value);
  };
  if (!std::all_of(array->begin(), array->end(), whole_text)) wire::throw_other_shape(body, k_expected);
  return elements(&root);
}

class ZeroShotDialect final : public Dialect {
 public:
  ZeroShotDialect(ServiceKind kind, std::string model, ZeroShotParameters parameters)
      : m_kind(kind), m_model(std::move(model)), m_parameters(std::move(parameters)) {
    for (auto& label : m_parameters.labels)
      label = wire::clean(label);
  }

  Task task() const override { return Task::zero_shot; }

  std::string path() const override { return m_kind == ServiceKind::hf ? wire::hf_model_path(m_model) : ""; }

  std::string body(std::span<std::string_view const> items) const override {
    json::Writer out;
    out.begin_object();
    wire::write_inputs(out, items);
    out.key("parameters").begin_object();
    write_labels(out, "candidate_labels");
    out.member("hypothesis_template", wire::clean(m_parameters.hypothesis_template));
    out.member("multi_label", m_parameters.multi_label).end_object().end_object();
    return std::move(out).take();
  }

  Reading read(std::span<std::string_view const> items, std::string_view body) const override {
    auto const root = wire::tree_of(body);
    auto const texts = texts_of(root, body);
    wire::require_count(texts.size(), items.size());
    Reading out;
    out.answers = wire::each(items.size(), [&](std::size_t i) { return Answer{pack_scores(scores_of(*texts[i]))}; });
    return out;
  }

  std::size_t passes_per_item() const override { return m_parameters.labels.size(); }

  // With the labels in the order of the packed scores.
  std::string parameters_key() const override {
    json::Writer out;
    out.begin_object().member("codec", "zero_shot/1");
    write_labels(out, "labels");
    out.member("template", m_parameters.hypothesis_template)
        .member("multi_label", m_parameters.multi_label)
        .end_object();
    return std::move(out).take();
  }

 private:
  void write_labels(json::Writer& out, std::string_view name) const {
    out.key(name).begin_array();
    for (auto const& label : m_parameters.labels)
      out.value(label);
    out.end_array();
  }

  std::vector<double> scores_of(Value const& text) const {
    auto const pairs = pairs_of(text);
    auto const& sent = m_parameters.labels;
    if (pairs.labels.size() != sent.size())
      throw wire::bad_answer(fmt::format("{} labels were sent, {} came back", sent.size(), pairs.labels.size()));
    std::vector<double> scores(sent.size());
    std::vector<bool> seen(sent.size());
    for (std::size_t i = 0; i < pairs.labels.size(); ++i) {
      auto const* label = wire::string(pairs.labels[i]);
      auto const at = label ? std::find(sent.begin(), sent.end(), *label) - sent.begin() : std::ptrdiff_t(sent.size());
      auto const place = static_cast<std::size_t>(at);
      if (place == sent.size()) throw wire::bad_answer("a label that was not sent");
      if (seen[place]) throw wire::bad_answer(fmt::format("label '{}' came twice", sent[place]));
      seen[place] = true;
      scores[place] = wire::probability(pairs.scores[i], sent[place]);
    }
    require_sum(scores);
    return scores;
  }

  // A single label is weighed against its contradiction, also where labels exclude each other.
  void require_sum(std::vector<double> const& scores) const {
    if (m_parameters.multi_label || scores.size() == 1) return;
    double sum = 0;
    for (auto const score : scores)
      sum += score;
    if (!(std::abs(sum - 1) < k_sum_tolerance)) throw wire::bad_answer(fmt::format("scores sum to {}, not 1", sum));
  }

  ServiceKind m_kind;
  std::string m_model;
  ZeroShotParameters m_parameters;
};

}  // namespace

std::unique_ptr<Dialect> make_zero_shot_dialect(ServiceKind kind, std::string model, ZeroShotParameters parameters) {
  if (kind != ServiceKind::hf && kind != ServiceKind::toolkit) throw wire::unsupported(kind, Task::zero_shot);
  validate(parameters);
  return std::make_unique<ZeroShotDialect>(kind, std::move(model), std::move(parameters));
}

std::string pack_scores(std::span<double const> scores) {
  return wire::pack_doubles(scores);
}

std::vector<double> unpack_scores(std::string_view bytes, std::size_t labels) {
  auto scores = wire::unpack_doubles(bytes, labels);
  for (auto const score : scores)
    if (!(score >= 0 && score <= 1)) throw wire::bad_answer(fmt::format("a stored score is {}", score));
  return scores;
}

}  // namespace jvmm::inference
