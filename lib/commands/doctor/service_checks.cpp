#include "commands/doctor/service_checks.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "commands/services.hpp"
#include "inference/dialect/service_info.hpp"
#include "inference/presets.hpp"
#include "inference/remote/service.hpp"
#include "math/vector.hpp"

namespace jvmm::commands {
namespace {

using inference::BackendSpec;
using inference::Task;

Task task_of(std::string_view route) {
  if (route == "embed") return Task::embed;
  if (route == "ner") return Task::ner;
  if (route == "summarise") return Task::summarise;
  return route == "chat" ? Task::chat : Task::zero_shot;
}

std::string described(inference::ServiceFacts const& facts) {
  auto text = facts.model.empty() ? std::string("no model named") : facts.model;
  if (!facts.revision.empty()) text += "@" + facts.revision.substr(0, 12);
  if (!facts.version.empty()) text += fmt::format(", {} {}", name(facts.kind), facts.version);
  if (!facts.pooling.empty()) text += ", pooled by " + facts.pooling;
  if (facts.window_tokens > 0) text += fmt::format(", window {} tokens", facts.window_tokens);
  return text +
         fmt::format(", at most {} inputs a request and {} requests at once", facts.items_a_request, facts.concurrency);
}

/// What the hub says of a model behind hf; costs nothing.
std::string hub_status(inference::Remote& remote, BackendSpec const& spec, std::string const& hub) {
  http::Request request;
  request.method = "GET";
  request.url = fmt::format(
      "{}/api/models/{}?expand%5B%5D=inference&expand%5B%5D=inferenceProviderMapping"
      "&expand%5B%5D=sha&expand%5B%5D=pipeline_tag",
      hub, spec.model);
  request.token = remote.options().hf_token;
  request.timeout = std::chrono::seconds(10);
  auto const reply = remote.transport().send(std::move(request)).get();
  if (reply.failure) return fmt::format("the hub could not be asked ({})", reply.failure->message());
  if (reply.status == 404 || reply.status == 401) throw Error(Kind::configuration, "the hub has no such model");
  if (reply.status != 200) return fmt::format("the hub answers HTTP {}", reply.status);
  auto const model = inference::read_hub_model(reply.body);
  if (model.status != "live")
    throw Error(Kind::unavailable, fmt::format("not served by hf-inference now (status '{}')", model.status))
        .hint("add a fallback to the route, or choose a model that is served");
  return fmt::format("live, revision {}", model.sha.substr(0, 12));
}

/// Width of the vectors; throws where they are no embeddings.
std::size_t probe(Services& services, BackendSpec const& spec) {
  auto const embedder = inference::open_embedder(spec.text(), services.route_context(spec.text()));
  std::string_view const texts[]{"helps authors publish their first book",
                                 "supports writers who bring out a debut book", "repairs lawn mowers"};
  std::vector<inference::Vector> vectors;
  for (auto& result : embedder->embed(texts))
    vectors.push_back(std::move(result).value_or_throw().vector);
  embedder->release(texts);
  if (math::cosine(vectors[0], vectors[1]) <= math::cosine(vectors[0], vectors[2]))
    throw Error(Kind::bad_answer, "a paraphrase is no nearer than another text")
        .hint("look at the model's pooling, or whether it is an embedding model at all");
  return vectors[0].size();
}

Check look(RunContext& context, Services& services, std::string const& route, BackendSpec const& spec) {
  Check check{route + " by " + spec.text(), Health::ok, {}, {}};
  try {
    (void)services.route_context(spec.text());
    auto& remote = *services.remote();
    auto const task = task_of(route);
    check.found = described(inference::look_at_service(remote, spec, task));
    if (spec.kind == BackendSpec::Kind::hf && task != Task::chat)
      check.found += ", " + hub_status(remote, spec, context.settings.text("hf_endpoint"));
    if (spec.kind == BackendSpec::Kind::hf && remote.options().hf_token.empty())
      return {check.name, Health::failed, check.found + ", no token", "set HF_TOKEN"};
    if (task == Task::embed) check.found += fmt::format(", {} dimensions", probe(services, spec));
  } catch (Error const& error) {
    auto const separator = check.found.empty() ? "" : "; ";
    check = {check.name, Health::failed, check.found + separator + error.message(), error.hint()};
  }
  return check;
}

}  // namespace

std::vector<Check> examine_services(RunContext& context) {
  std::vector<Check> checks;
  Services services(context);
  for (auto const name : inference::k_route_names) {
    std::string const route(name);
    try {
      for (auto const& spec : inference::parse_route(configured_route(context.settings, route)))
        if (spec.is_remote()) checks.push_back(look(context, services, route, spec));
    } catch (Error const& error) {
      checks.push_back({route, Health::failed, error.message(), error.hint()});
    }
  }
  return checks;
}

}  // namespace jvmm::commands
