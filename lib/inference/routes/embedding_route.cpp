#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "base/error.hpp"
#include "inference/dialect/embedding.hpp"
#include "inference/model_registry.hpp"
#include "inference/open_route.hpp"
#include "inference/routes/embedding_route.hpp"
#include "inference/routes/remote_task.hpp"
#include "inference/token_counter.hpp"

namespace jvmm::inference {
namespace {

constexpr std::string_view k_probe = "business growth coaching";  ///< whose vector tells how wide an unknown model is

class LocalEmbedding final : public TaskBackend<Embedding> {
 public:
  explicit LocalEmbedding(std::unique_ptr<Embedder> embedder)
      : m_embedder(std::move(embedder)), m_name("local:" + m_embedder->info().model) {}

  std::string const& name() const override { return m_name; }
  EmbedderInfo const& info() const { return m_embedder->info(); }

  std::vector<Tried<Embedding>> attempt(std::span<std::string_view const> items, Patience) override {
    std::vector<Tried<Embedding>> out;
    for (auto& result : m_embedder->embed(items)) {
      if (result)
        out.push_back({std::move(*result)});
      else
        out.push_back({std::nullopt, result.error(), true});
    }
    return out;
  }

 private:
  std::unique_ptr<Embedder> m_embedder;
  std::string m_name;
};

/// A model by a route: the same vectors, whoever serves them.
class RoutedEmbedder final : public Embedder {
 public:
  RoutedEmbedder(EmbedderInfo info, Route<Embedding> route, TokenCounter counter)
      : m_info(std::move(info)), m_route(std::move(route)), m_counter(std::move(counter)) {}

  EmbedderInfo const& info() const override { return m_info; }

  std::vector<Result<Embedding>> embed(std::span<std::string_view const> texts) override {
    auto out = m_route.ask(texts);
    for (std::size_t i = 0; i < out.size(); ++i) {
      if (!out[i] || out[i]->tokens > 0) continue;
      auto const counted = m_counter.count(texts[i]);
      out[i]->tokens = counted.tokens;
      out[i]->truncated = counted.truncated;
    }
    return out;
  }

  void release(std::span<std::string_view const> texts) override { m_route.release(texts); }
  bool waits_for_services() const override { return true; }

 private:
  EmbedderInfo m_info;
  Route<Embedding> m_route;
  TokenCounter m_counter;
};

/// What is known of the model without asking anybody.
EmbedderInfo known_info(std::vector<BackendSpec> const& specs) {
  EmbedderInfo info;
  for (auto const& spec : specs) {
    if (info.model.empty() && !spec.model.empty()) info.model = canonical_model(spec.model);
    if (info.revision.empty()) info.revision = spec.revision;
  }
  if (auto const* known = find_known_model(info.model)) {
    info.dims = known->dims;
    info.window_tokens = known->window_tokens;
    info.pooling = known->pooling;
    info.normalise = known->normalise;
  }
  if (info.revision.empty()) info.revision = "hub";
  return info;
}

/// What the model's own files say, where it is not in the shipped list. A private model has none on the hub: then the
/// width is seen from a vector, and everything else is as the service does it.
void learn_recipe(EmbedderInfo& info, RouteContext const& context) {
  if (find_known_model(info.model) || info.model.find('/') == std::string::npos) return;
  info.pooling = Pooling::as_served;
  try {
    auto const revision = info.revision == "hub" ? std::string_view() : std::string_view(info.revision);
    auto hub = context.hub;
    hub.offline = hub.offline || context.ask_nobody;
    auto const recipe = read_hub_recipe(info.model, revision, hub);
    info.dims = recipe.dims;
    info.window_tokens = recipe.window_tokens;
    info.pooling = recipe.pooling;
    info.normalise = recipe.normalise;
    info.prefix = recipe.prefix;
  } catch (Error const& error) {
    if (context.log) context.log->info("the recipe of {} is taken as the service has it: {}", info.model, error.what());
  }
}

/// The one service that is asked what it has, where no backend names a model.
void learn_model(std::vector<BackendSpec> const& specs, EmbedderInfo& info, Remote& remote) {
  for (auto const& spec : specs) {
    if (!spec.is_remote()) continue;
    auto const facts = look_at_service(remote, spec, Task::embed);
    auto const revision = info.revision;
    auto named = spec;
    named.model = facts.model;
    info = known_info({named});
    info.revision = revision;
    if (info.window_tokens == 0) info.window_tokens = facts.window_tokens;
    return;
  }
  throw Error(Kind::configuration, "the route for embed names no model");
}

/// BGE is pooled by its first token, MiniLM by the mean: a service that does it the other way gives other vectors.
void check_pooling(BackendSpec const& spec, ServiceFacts const& facts) {
  auto const* known = find_known_model(facts.model);
  if (!known || facts.pooling.empty() || facts.pooling == name(known->pooling)) return;
  throw Error(Kind::configuration, fmt::format("{}: the service pools {} by {}, its own recipe is {}", spec.text(),
                                               facts.model, facts.pooling, name(known->pooling)))
      .hint(fmt::format("start it with --pooling {}", name(known->pooling)));
}

std::unique_ptr<TaskBackend<Embedding>> remote_embedding(BackendSpec const& spec, EmbedderInfo const& info,
                                                         TokenCounter const& counter, Remote& remote) {
  return std::make_unique<RemoteTask<Embedding>>(make_embedding_backend(spec, info, counter, remote),
                                                 [dims = info.dims](StoredAnswer const& answer, std::string_view) {
                                                   return Embedding{unpack_vector(answer.bytes, dims), 0, false,
                                                                    answer.backend};
                                                 });
}

using Backends = std::vector<std::unique_ptr<TaskBackend<Embedding>>>;

Backends make_backends(std::vector<BackendSpec> const& specs, EmbedderInfo& info, TokenCounter const& counter,
                       RouteContext const& context) {
  Backends backends;
  for (auto const& spec : specs) {
    if (spec.kind == BackendSpec::Kind::rules) continue;  // profiles without vectors are compared by their words
    if (spec.is_remote()) {
      backends.push_back(remote_embedding(spec, info, counter, remote_of(context.remote, spec)));
      continue;
    }
    auto local = std::make_unique<LocalEmbedding>([&] {
      auto options = context.local;
      if (!spec.model.empty()) options.model = spec.model;
      return open_embedder(options);
    }());
    if (info.dims == 0) info.dims = local->info().dims;
    backends.push_back(std::move(local));
  }
  return backends;
}

/// Paid for once: the answer is kept like any other.
std::size_t probed_dims(std::vector<BackendSpec> const& specs, EmbedderInfo info, TokenCounter const& counter,
                        RouteContext const& context) {
  Route<Embedding> route(make_backends(specs, info, counter, context), context.log);
  std::string_view const probe[]{k_probe};
  return std::move(route.ask(probe)[0]).value_or_throw().vector.size();
}

}  // namespace

std::unique_ptr<RemoteBackend> make_embedding_backend(BackendSpec const& spec, EmbedderInfo const& info,
                                                      TokenCounter const& counter, Remote& remote) {
  EmbeddingParameters parameters;
  parameters.seen_bytes = [counter](std::string_view prefixed) { return counter.seen_bytes(prefixed); };
  parameters.dims = info.dims;
  parameters.normalise = info.normalise;
  parameters.prefix = info.prefix;
  parameters.window_tokens = info.window_tokens;
  auto make = [spec, parameters](ServiceFacts const& facts) mutable {
    check_pooling(spec, facts);
    parameters.model = facts.model.empty() ? spec.model : facts.model;
    return make_embedding_dialect(facts.kind, parameters);
  };
  auto pinned = spec;
  if (pinned.revision.empty() && info.revision != "hub") pinned.revision = info.revision;
  return std::make_unique<RemoteBackend>(remote, pinned, Task::embed, info.model, std::move(make));
}

std::unique_ptr<Embedder> open_embedder(std::string_view route, RouteContext const& context) {
  auto const specs = parse_route(route);
  if (specs.empty()) return open_embedder(context.local);
  if (specs.size() == 1 && specs[0].kind == BackendSpec::Kind::local) {
    auto options = context.local;
    if (!specs[0].model.empty()) options.model = specs[0].model;
    return open_embedder(options);
  }
  require_one_model(specs);
  auto info = known_info(specs);
  if (info.model.empty() && !context.ask_nobody) learn_model(specs, info, remote_of(context.remote, specs[0]));
  learn_recipe(info, context);
  TokenCounter const counter(info, context.local.models_dirs);
  if (info.dims == 0 && !context.ask_nobody) info.dims = probed_dims(specs, info, counter, context);
  auto backends = make_backends(specs, info, counter, context);
  if (backends.empty())
    throw Error(Kind::configuration, "the route for embed has no backend that makes vectors")
        .hint("add local, hf:…, tei:…, openai:… or endpoint:…");
  return std::make_unique<RoutedEmbedder>(info, Route<Embedding>(std::move(backends), context.log), counter);
}

}  // namespace jvmm::inference
