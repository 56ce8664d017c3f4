#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/error.hpp"
#include "inference/dialect/entailment.hpp"
#include "inference/dialect/zero_shot.hpp"
#include "inference/open_route.hpp"
#include "inference/routes/remote_task.hpp"
#include "inference/routes/rules.hpp"
#include "math/vector.hpp"

namespace jvmm::inference {
namespace {

using Backend = TaskBackend<ZeroShotScores>;

std::string hypothesis(ZeroShotParameters const& parameters, std::string const& label) {
  auto out = parameters.hypothesis_template;
  return out.replace(out.find("{}"), 2, label);
}

/// A service that takes texts and labels.
std::unique_ptr<Backend> text_backend(BackendSpec const& spec, ZeroShotParameters const& parameters, Remote& remote) {
  auto make = [spec, parameters](ServiceFacts const& facts) {
    return make_zero_shot_dialect(facts.kind, facts.model.empty() ? spec.model : facts.model, parameters);
  };
  return std::make_unique<RemoteTask<ZeroShotScores>>(
      std::make_unique<RemoteBackend>(remote, spec, Task::zero_shot, canonical_model(spec.model), std::move(make)),
      [labels = parameters.labels.size()](StoredAnswer const& answer, std::string_view) {
        return ZeroShotScores{unpack_scores(answer.bytes, labels), answer.backend};
      });
}

/// A service that takes pairs of text and hypothesis (TEI): a text is as many items as there are labels, each paid for
/// once, so that another label costs one more pair a text.
class PairBackend final : public Backend {
 public:
  PairBackend(BackendSpec const& spec, ZeroShotParameters parameters, Remote& remote)
      : m_parameters(std::move(parameters)),
        m_pairs(std::make_unique<RemoteBackend>(
                    remote, spec, Task::zero_shot, canonical_model(spec.model),
                    [spec](ServiceFacts const& facts) { return make_entailment_dialect(facts.model); }),
                [](StoredAnswer const& answer, std::string_view) {
                  return std::pair(unpack_entailment(answer.bytes), answer.backend);
                }) {}

  std::string const& name() const override { return m_pairs.name(); }

  std::vector<Tried<ZeroShotScores>> attempt(std::span<std::string_view const> items, Patience patience) override {
    auto const texts = pairs_of(items);
    std::vector<std::string_view> const views(texts.begin(), texts.end());
    auto const tried = m_pairs.attempt(views, patience);
    std::vector<Tried<ZeroShotScores>> out;
    auto const labels = m_parameters.labels.size();
    for (std::size_t i = 0; i < items.size(); ++i)
      out.push_back(combined(std::span(tried).subspan(i * labels, labels)));
    return out;
  }

  void release(std::span<std::string_view const> items) override {
    auto const texts = pairs_of(items);
    std::vector<std::string_view> const views(texts.begin(), texts.end());
    m_pairs.release(views);
  }

 private:
  using Pair = std::pair<Entailment, std::string>;

  /// The pairs of one text beside each other: of like length, so that little is padding.
  std::vector<std::string> pairs_of(std::span<std::string_view const> items) const {
    std::vector<std::string> out;
    for (auto const item : items)
      for (auto const& label : m_parameters.labels)
        out.push_back(join_pair(item, hypothesis(m_parameters, label)));
    return out;
  }

  Tried<ZeroShotScores> combined(std::span<Tried<Pair> const> pairs) const {
    std::vector<Entailment> logits;
    for (auto const& pair : pairs) {
      if (!pair.value) return {std::nullopt, pair.error, pair.own_fault};
      logits.push_back(pair.value->first);
    }
    return {ZeroShotScores{zero_shot_scores(logits, m_parameters.multi_label), pairs[0].value->second}};
  }

  ZeroShotParameters m_parameters;
  RemoteTask<Pair> m_pairs;
};

/// Which of the two an endpoint is, it says itself when it is asked for the first time.
class EndpointBackend final : public Backend {
 public:
  EndpointBackend(BackendSpec spec, ZeroShotParameters parameters, Remote& remote)
      : m_spec(std::move(spec)), m_name(m_spec.text()), m_parameters(std::move(parameters)), m_remote(remote) {}

  std::string const& name() const override { return m_name; }

  std::vector<Tried<ZeroShotScores>> attempt(std::span<std::string_view const> items, Patience patience) override {
    try {
      return backend().attempt(items, patience);
    } catch (Error const& error) {
      return {items.size(), Tried<ZeroShotScores>{std::nullopt, error, false}};
    }
  }

  /// Nothing came of one that was never reached.
  void release(std::span<std::string_view const> items) override {
    std::lock_guard const lock(m_mutex);
    if (m_backend) m_backend->release(items);
  }

 private:
  Backend& backend() {
    std::lock_guard const lock(m_mutex);
    if (m_backend) return *m_backend;
    if (look_at_service(m_remote, m_spec, Task::zero_shot).kind == ServiceKind::tei)
      m_backend = std::make_unique<PairBackend>(m_spec, m_parameters, m_remote);
    else
      m_backend = text_backend(m_spec, m_parameters, m_remote);
    return *m_backend;
  }

  BackendSpec m_spec;
  std::string m_name;
  ZeroShotParameters m_parameters;
  Remote& m_remote;
  std::mutex m_mutex;
  std::unique_ptr<Backend> m_backend;
};

/// Zero-shot by embeddings: cosine of the text and each hypothesis. Ranks labels; the numbers are no probabilities.
class LocalZeroShot final : public Backend {
 public:
  LocalZeroShot(std::unique_ptr<Embedder> embedder, ZeroShotParameters parameters)
      : m_embedder(std::move(embedder)),
        m_parameters(std::move(parameters)),
        m_name("local:" + m_embedder->info().model) {
    std::vector<std::string> texts;
    for (auto const& label : m_parameters.labels)
      texts.push_back(hypothesis(m_parameters, label));
    std::vector<std::string_view> const views(texts.begin(), texts.end());
    for (auto& result : m_embedder->embed(views))
      m_labels.push_back(std::move(result).value_or_throw().vector);
  }

  std::string const& name() const override { return m_name; }

  std::vector<Tried<ZeroShotScores>> attempt(std::span<std::string_view const> items, Patience) override {
    std::vector<Tried<ZeroShotScores>> out;
    for (auto const& result : m_embedder->embed(items)) {
      if (result)
        out.push_back({ZeroShotScores{scores(result->vector), m_name}});
      else
        out.push_back({std::nullopt, result.error(), true});
    }
    return out;
  }

 private:
  std::vector<double> scores(Vector const& text) const {
    constexpr double k_temperature = 0.05;
    std::vector<double> out;
    for (auto const& label : m_labels)
      out.push_back(std::clamp(static_cast<double>(math::cosine(text, label)), 0.0, 1.0));
    if (m_parameters.multi_label) return out;
    auto const most = *std::max_element(out.begin(), out.end());
    for (auto& score : out)
      score = std::exp((score - most) / k_temperature);
    auto const sum = std::accumulate(out.begin(), out.end(), 0.0);
    for (auto& score : out)
      score /= sum;
    return out;
  }

  std::unique_ptr<Embedder> m_embedder;
  ZeroShotParameters m_parameters;
  std::string m_name;
  std::vector<Vector> m_labels;
};

class RoutedZeroShot final : public ZeroShotClassifier {
 public:
  RoutedZeroShot(ZeroShotParameters parameters, Route<ZeroShotScores> route)
      : m_parameters(std::move(parameters)), m_route(std::move(route)) {}

  ZeroShotParameters const& parameters() const override { return m_parameters; }
  std::vector<Result<ZeroShotScores>> classify(std::span<std::string_view const> texts) override {
    return m_route.ask(texts);
  }
  void release(std::span<std::string_view const> texts) override { m_route.release(texts); }

 private:
  ZeroShotParameters m_parameters;
  Route<ZeroShotScores> m_route;
};

std::unique_ptr<Backend> make_backend(BackendSpec const& spec, ZeroShotParameters const& parameters,
                                      RouteContext const& context) {
  switch (spec.kind) {
    case BackendSpec::Kind::hf:
      return text_backend(spec, parameters, remote_of(context.remote, spec));
    case BackendSpec::Kind::tei:
      return std::make_unique<PairBackend>(spec, parameters, remote_of(context.remote, spec));
    case BackendSpec::Kind::endpoint:
      return std::make_unique<EndpointBackend>(spec, parameters, remote_of(context.remote, spec));
    case BackendSpec::Kind::local: {
      auto options = context.local;
      if (!spec.model.empty()) options.model = spec.model;
      return std::make_unique<LocalZeroShot>(open_embedder(options), parameters);
    }
    case BackendSpec::Kind::rules:
      return zero_shot_by_words(parameters);
    case BackendSpec::Kind::openai:
      break;
  }
  refuse_task(spec, Task::zero_shot);
}

}  // namespace

std::unique_ptr<ZeroShotClassifier> open_zero_shot(std::string_view route, ZeroShotParameters parameters,
                                                   RouteContext const& context) {
  validate(parameters);
  std::vector<std::unique_ptr<Backend>> backends;
  for (auto const& spec : parse_route(route))
    backends.push_back(make_backend(spec, parameters, context));
  if (backends.empty())
    throw Error(Kind::configuration, "the route for zero_shot is empty").hint("set zero_shot or preset");
  return std::make_unique<RoutedZeroShot>(std::move(parameters),
                                          Route<ZeroShotScores>(std::move(backends), context.log));
}

}  // namespace jvmm::inference
