#include <algorithm>

#include "base/error.hpp"
#include "json/parse.hpp"
#include "support/inference_stub_answers.hpp"

namespace jvmm::testing::stub {
namespace {

constexpr std::string_view k_hf = "/hf-inference/models/";
constexpr std::string_view k_pipeline = "/pipeline/feature-extraction";
constexpr std::string_view k_hub = "/api/models/";

Route shared_route(StubKind kind, std::string_view path) {
  if (path == "/health") return kind == StubKind::hf ? Route::unknown : Route::health;
  if (path == "/v1/models" || path.starts_with("/v1/models/"))
    return kind == StubKind::hf || kind == StubKind::openai ? Route::models : Route::unknown;
  if (path == "/v1/chat/completions")
    return kind == StubKind::hf || kind == StubKind::openai ? Route::chat : Route::unknown;
  if (path == "/v1/embeddings")
    return kind == StubKind::tei || kind == StubKind::openai ? Route::embeddings : Route::unknown;
  return Route::unknown;
}

Route tei_route(StubTask task, bool post, std::string_view path) {
  if (path == "/" && post) return task == StubTask::embed ? Route::tei_embed : Route::tei_predict;
  if (path == "/" || path == "/ping") return Route::health;
  if (path == "/embed") return Route::tei_embed;
  if (path == "/embed_all") return Route::tei_embed_all;
  if (path == "/predict") return Route::tei_predict;
  if (path == "/tokenize") return Route::tei_tokenize;
  return path == "/info" ? Route::info : Route::unknown;
}

Route route_of(StubOptions const& options, bool post, std::string_view path) {
  if (path.starts_with(k_hub)) return Route::hub;
  if (options.kind == StubKind::hf && path.starts_with(k_hf))
    return path.ends_with(k_pipeline) ? Route::hf_pipeline : Route::hf_model;
  if (options.kind == StubKind::toolkit && (path == "/predict" || path == "/"))
    return post ? Route::toolkit : Route::health;
  auto const task = options.models.empty() ? options.default_task : options.models.front().task;
  auto const own = options.kind == StubKind::tei ? tei_route(task, post, path) : Route::unknown;
  return own != Route::unknown ? own : shared_route(options.kind, path);
}

/// What a model is for, by its name, where nobody said.
StubTask guess_task(std::string_view model) {
  std::string lower(model);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return std::tolower(c); });
  auto const has = [&](std::string_view word) { return lower.find(word) != std::string::npos; };
  if (has("mnli") || has("zeroshot") || has("nli-")) return StubTask::zero_shot;
  if (has("-ner")) return StubTask::ner;
  if (has("-cnn") || has("samsum") || has("summar")) return StubTask::summarise;
  if (has("instruct") || has("chat")) return StubTask::chat;
  return StubTask::embed;
}

std::string model_in_path(Route route, std::string_view path) {
  if (route == Route::hub) return std::string(path.substr(k_hub.size()));
  path.remove_prefix(k_hf.size());
  if (route == Route::hf_pipeline) path.remove_suffix(k_pipeline.size());
  return std::string(path);
}

/// "meta-llama/Llama-3.1-8B-Instruct:cheapest" is that model.
std::string without_suffix(std::string_view model) {
  return std::string(model.substr(0, model.find(':')));
}

void find_model(StubOptions const& options, Call& call) {
  auto const by_path = call.route == Route::hf_pipeline || call.route == Route::hf_model || call.route == Route::hub;
  auto const one_model = !by_path && (options.kind == StubKind::tei || options.kind == StubKind::toolkit);
  if (by_path) call.asked_model = model_in_path(call.route, call.path);
  if (auto const* const model = call.root.find("model"); model != nullptr && !by_path && !one_model)
    if (auto const* const id = model->get_if<std::string>()) call.asked_model = without_suffix(*id);
  if (call.asked_model.empty() && !by_path)
    call.asked_model = options.models.empty() ? options.default_model : options.models.front().id;
  for (auto const& model : options.models)
    if (model.id == call.asked_model) call.model = model;
  if (options.models.empty()) {
    call.model.id = call.asked_model;
    call.model.task = call.asked_model == options.default_model ? options.default_task : guess_task(call.asked_model);
  }
  if (call.route == Route::hf_pipeline && options.models.empty()) call.model.task = StubTask::embed;
  if (call.model.dims == 0) call.model.dims = options.dims;
  if (call.model.max_tokens == 0) call.model.max_tokens = options.max_tokens;
}

/// The texts of anything: a string, a list of them, the first of each pair.
void collect_texts(json::Value const& value, std::vector<std::string_view>& out) {
  if (auto const* const text = value.get_if<std::string>()) out.push_back(*text);
  auto const* const list = value.get_if<json::Array>();
  if (list == nullptr) return;
  for (auto const& item : *list) {
    auto const* const pair = item.get_if<json::Array>();
    if (auto const* const text = item.get_if<std::string>()) out.push_back(*text);
    if (pair != nullptr && !pair->empty())
      if (auto const* const premise = pair->front().get_if<std::string>()) out.push_back(*premise);
  }
}

void collect_chat(json::Value const& root, std::vector<std::string_view>& out) {
  auto const* const messages = root.find("messages");
  auto const* const list = messages == nullptr ? nullptr : messages->get_if<json::Array>();
  if (list == nullptr || list->empty()) return;
  if (auto const* const content = list->back().find("content"))
    if (auto const* const text = content->get_if<std::string>()) out.push_back(*text);
}

std::optional<StubTask> task_of(Call const& call) {
  switch (call.route) {
    case Route::hf_pipeline:
    case Route::embeddings:
    case Route::tei_embed:
    case Route::tei_embed_all:
      return StubTask::embed;
    case Route::tei_predict:
      return StubTask::zero_shot;
    case Route::chat:
      return StubTask::chat;
    case Route::hf_model:
    case Route::toolkit: {
      auto const* const parameters = call.root.find("parameters");
      if (parameters != nullptr && parameters->find("candidate_labels") != nullptr) return StubTask::zero_shot;
      return call.model.task;
    }
    default:
      return std::nullopt;
  }
}

}  // namespace

void read_call(StubOptions const& options, WireRequest const& wire, Call& out) {
  out.wire = &wire;
  out.path = wire.target.substr(0, wire.target.find('?'));
  out.route = route_of(options, wire.method == "POST", out.path);
  if (wire.method == "POST") {
    try {
      out.root = json::parse(wire.body, "the body");
      out.parsed = true;
    } catch (Error const& problem) {
      out.parse_problem = problem.what();
    }
  }
  find_model(options, out);
  auto& request = out.request;
  request.connection = wire.connection;
  request.method = wire.method;
  request.path = out.path;
  request.body = wire.body;
  request.model = out.model.id.empty() ? out.asked_model : out.model.id;
  request.task = task_of(out);
  if (out.route == Route::chat) return collect_chat(out.root, request.texts);
  if (auto const* const inputs = out.root.find(out.route == Route::embeddings ? "input" : "inputs"))
    collect_texts(*inputs, request.texts);
}

Speaker speaker_of(StubOptions const& options, Call const& call) {
  return {options.kind, call.path.starts_with("/v1/"), call.request.model};
}

}  // namespace jvmm::testing::stub
