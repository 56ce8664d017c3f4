#include "inference/remote/service.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"
#include "inference/dialect/entailment.hpp"
#include "inference/dialect/service_error.hpp"
#include "inference/remote/verdict.hpp"

namespace jvmm::inference {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds k_look_timeout{5'000};

/// Limits where the service itself names none: hf-inference documents none, these are what others found to go well.
struct Usual {
  std::size_t items, tokens, bytes, concurrency, first_concurrency;
};

Usual usual(ServiceKind kind, Task task) {
  bool const alone =
      task == Task::chat || task == Task::summarise || (task == Task::zero_shot && kind != ServiceKind::tei);
  switch (kind) {
    case ServiceKind::hf:
      return {alone ? 1u : task == Task::ner ? 8u : 32u, 0, 1u << 20, 32, 2};
    case ServiceKind::tei:
      return {32, 16384, 1'500'000, 16, 4};
    case ServiceKind::openai:
      return {alone ? 1u : 64u, 0, 8u << 20, 64, 4};
    case ServiceKind::toolkit:
      return {alone ? 1u : 8u, 0, 1u << 20, 2, 1};
  }
  return {1, 0, 1u << 20, 1, 1};
}

std::string base_url(BackendSpec const& spec, RemoteOptions const& options) {
  auto url = spec.kind == BackendSpec::Kind::hf ? options.hf_url : spec.url;
  while (url.ends_with('/'))
    url.pop_back();
  return url;
}

http::Reply get(Remote& remote, BackendSpec const& spec, std::string const& path) {
  http::Request request;
  request.method = "GET";
  request.url = base_url(spec, remote.options()) + path;
  request.token = token_for(spec, remote.options());
  request.timeout = request.connect_timeout = k_look_timeout;
  return remote.transport().send(std::move(request)).get();
}

/// A reply that is no use, as an error. 404 and 405 only say that this is another sort of server.
Error unusable(BackendSpec const& spec, http::Reply const& reply, ServiceKind kind, Task task, SystemTime now) {
  auto const verdict = judge(kind, task, reply, now);
  return Error(verdict.kind, fmt::format("{}: {}", spec.text(), verdict.reason)).hint(verdict.hint);
}

bool is_another_server(http::Reply const& reply) {
  return reply.transfer == http::Transfer::done && (reply.status == 404 || reply.status == 405 || reply.status == 200);
}

Error another_model(BackendSpec const& spec, std::string const& served) {
  return Error(Kind::configuration,
               fmt::format("{}: the service has model {}, not {}", spec.text(), served, spec.model));
}

void require_model(BackendSpec const& spec, std::string const& served) {
  if (spec.model.empty() || canonical_model(spec.model) == canonical_model(served)) return;
  throw another_model(spec, served).hint("name the model that is served, or start the service with the other one");
}

/// By its id, another name of its own, or another name of the same known model. Ollama lists "NAME:latest".
bool is_named(ListedServiceModel const& listed, std::string const& name) {
  auto const is = [&](std::string const& id) {
    return canonical_model(id) == canonical_model(name) || id == name + ":latest";
  };
  return is(listed.id) || std::any_of(listed.aliases.begin(), listed.aliases.end(), is);
}

void require_task(BackendSpec const& spec, TeiInfo const& info, Task task) {
  bool const embeds = info.type == TeiInfo::Type::embedding;
  if (task == Task::embed && !embeds)
    throw Error(Kind::configuration, fmt::format("{}: {} is no embedding model", spec.text(), info.model_id));
  if (task == Task::zero_shot && embeds)
    throw Error(Kind::configuration, fmt::format("{}: {} is no model of entailment", spec.text(), info.model_id));
  if (task == Task::zero_shot) require_entailment_classes(info.classes);
  if (task != Task::embed && task != Task::zero_shot)
    throw Error(Kind::configuration, fmt::format("{}: TEI does not do {}", spec.text(), name(task)));
}

std::optional<ServiceFacts> look_for_tei(Remote& remote, BackendSpec const& spec, Task task, bool certain) {
  auto const reply = get(remote, spec, "/info");
  if (reply.transfer != http::Transfer::done || reply.status != 200) {
    if (certain || !is_another_server(reply)) throw unusable(spec, reply, ServiceKind::tei, task, remote.clock().now());
    return std::nullopt;
  }
  TeiInfo info;
  try {
    info = read_tei_info(reply.body);
  } catch (Error& error) {
    if (certain) throw error.context(spec.text());
    return std::nullopt;
  }
  require_model(spec, info.model_id);
  require_task(spec, info, task);
  auto facts = usual_facts(spec, ServiceKind::tei, task, remote.options());
  facts.model = info.model_id;
  facts.revision = info.model_sha;
  facts.pooling = info.pooling;
  facts.classes = info.classes;
  facts.version = info.version;
  facts.window_tokens = info.max_input_tokens;
  if (info.max_batch_tokens > 0) facts.tokens_a_request = info.max_batch_tokens;
  auto const most = info.max_client_batch;
  if (most > 0)
    facts.items_a_request = remote.options().batch_items == 0 ? most : std::min(facts.items_a_request, most);
  if (info.max_concurrent > 0 && remote.options().concurrency == 0)  // counted per input
    facts.concurrency = std::max<std::size_t>(1, info.max_concurrent / facts.items_a_request);
  return facts;
}

std::optional<ServiceFacts> look_for_openai(Remote& remote, BackendSpec const& spec, Task task, bool certain) {
  auto const reply = get(remote, spec, "/v1/models");
  if (reply.transfer != http::Transfer::done || reply.status != 200) {
    if (!is_another_server(reply)) throw unusable(spec, reply, ServiceKind::openai, task, remote.clock().now());
    if (certain) return usual_facts(spec, ServiceKind::openai, task, remote.options());  // not every server lists them
    return std::nullopt;
  }
  auto const models = read_model_list(reply.body);
  auto facts = usual_facts(spec, ServiceKind::openai, task, remote.options());
  if (spec.model.empty()) {
    if (models.size() != 1)
      throw Error(Kind::configuration, fmt::format("{}: the service has {} models", spec.text(), models.size()))
          .hint("name one: URL#MODEL");
    facts.model = models[0].id;
  }
  auto const served =
      std::find_if(models.begin(), models.end(), [&](auto const& model) { return is_named(model, facts.model); });
  if (served != models.end()) {
    facts.model = served->id;
    facts.window_tokens = served->window_tokens.value_or(0);
  } else if (task == Task::embed && models.size() == 1) {
    // A server with one model may have it answer to any name.
    throw another_model(spec, models[0].id)
        .hint(
            "name the model that is served; if it is this one, let the service list it by this name (llama.cpp's "
            "--alias, vLLM's and Infinity's --served-model-name)");
  }
  return facts;
}

}  // namespace

Secret token_for(BackendSpec const& spec, RemoteOptions const& options) {
  switch (spec.kind) {
    case BackendSpec::Kind::hf:
    case BackendSpec::Kind::endpoint:
      return options.hf_token;
    case BackendSpec::Kind::tei:
      return options.tei_token;
    case BackendSpec::Kind::openai:
      return options.openai_token;
    case BackendSpec::Kind::local:
    case BackendSpec::Kind::rules:
      break;
  }
  return {};
}

ServiceFacts usual_facts(BackendSpec const& spec, ServiceKind kind, Task task, RemoteOptions const& options) {
  auto const limits = usual(kind, task);
  ServiceFacts facts;
  facts.kind = kind;
  facts.base_url = base_url(spec, options);
  facts.model = spec.model;
  facts.items_a_request = limits.items > 1 && options.batch_items > 0 ? options.batch_items : limits.items;
  facts.tokens_a_request = limits.tokens;
  facts.bytes_a_request = limits.bytes;
  facts.concurrency = options.concurrency > 0 ? options.concurrency : limits.concurrency;
  facts.first_concurrency = std::min(limits.first_concurrency, facts.concurrency);
  return facts;
}

ServiceFacts look_at_service(Remote& remote, BackendSpec const& spec, Task task) {
  switch (spec.kind) {
    case BackendSpec::Kind::tei:
      return *look_for_tei(remote, spec, task, true);
    case BackendSpec::Kind::openai:
      return *look_for_openai(remote, spec, task, true);
    case BackendSpec::Kind::endpoint:
      if (auto const facts = look_for_tei(remote, spec, task, false)) return *facts;
      if (auto const facts = look_for_openai(remote, spec, task, false)) return *facts;
      return usual_facts(spec, ServiceKind::toolkit, task, remote.options());
    case BackendSpec::Kind::hf:
      return usual_facts(spec, ServiceKind::hf, task, remote.options());
    case BackendSpec::Kind::local:
    case BackendSpec::Kind::rules:
      break;
  }
  throw Error(Kind::internal, spec.text() + " is no service");
}

}  // namespace jvmm::inference
