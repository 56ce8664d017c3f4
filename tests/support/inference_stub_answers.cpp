#include "support/inference_stub_answers.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace jvmm::testing::stub {
namespace {

/// "[N][T][H]" and its relatives.
std::string render_token_vectors(EmbeddingRequest const& request, std::string_view open, std::string_view close) {
  Items texts;
  for (auto const text : request.texts) {
    Items tokens;
    for (auto const& vector : stub_token_vectors(request.model, text, request.dims))
      tokens.add(render_numbers(vector));
    texts.add(fmt::format("{}{}{}", open, join(tokens.json), close));
  }
  return join(texts.json);
}

std::string render_squeezed_tokens(EmbeddingRequest const& request) {
  auto first = request;
  first.texts.resize(std::min<std::size_t>(first.texts.size(), 1));
  auto const text = render_token_vectors(first, "", "");
  return first.texts.empty() ? text : text.substr(1, text.size() - 2);
}

std::string render_squeezable(Items const& items) {
  Items rows;
  for (auto const item : items.json)
    rows.add(fmt::format("[{}]", item));
  return join(rows.json);
}

bool wants_json(Call const& call) {
  auto const type = call.wire->header("content-type");
  return type && type->starts_with("application/json");
}

/// What is checked before anybody looks at the body.
void check_access(Scene const& scene, Call const& call) {
  auto const& options = scene.options;
  if (call.route == Route::unknown) throw Refusal{404, "Not Found", {}, ErrorForm::text};
  auto const open = call.route == Route::health || (options.kind != StubKind::hf && call.route == Route::hub);
  if (!options.token.empty() && !open) {
    auto const given = call.wire->header("authorization");
    if (!given || *given != "Bearer " + options.token)
      throw Refusal{401, usual_message(speaker_of(options, call), 401)};
  }
  auto const get = call.route == Route::health || call.route == Route::info || call.route == Route::models ||
                   call.route == Route::hub;
  if (get != (call.wire->method == "GET")) throw Refusal{405, "Method Not Allowed", {}, ErrorForm::text};
}

/// Size, type and syntax of the body, each refused in the way of the kind.
void check_body(Scene const& scene, Call const& call) {
  auto const& options = scene.options;
  if (options.kind == StubKind::tei && options.max_body_bytes > 0 && call.wire->body.size() > options.max_body_bytes)
    throw Refusal{413, usual_message(speaker_of(options, call), 413)};
  if (!wants_json(call)) {
    if (options.kind == StubKind::tei)
      throw Refusal{415, "Expected request with `Content-Type: application/json`", {}, ErrorForm::text};
    if (options.kind == StubKind::openai)
      throw Refusal{400, "Unsupported Media Type: Only 'application/json' is allowed"};
  }
  if (call.parsed) return;
  if (options.kind == StubKind::tei)
    throw Refusal{400, "Failed to parse the request body as JSON: " + call.parse_problem, {}, ErrorForm::text};
  throw Refusal{400, "JSON decode error: " + call.parse_problem};
}

Answer answer_health(Scene const& scene) {
  if (!scene.healthy) throw Refusal{503, "unhealthy"};
  return {200, "", scene.options.kind == StubKind::toolkit ? "Ok" : ""};
}

}  // namespace

Work text_work(StubTask task, std::vector<std::string_view> const& texts, std::size_t max_tokens) {
  Work out{task};
  out.inputs = out.units = texts.size();
  for (auto const text : texts) {
    out.input_tokens += std::min<std::uint64_t>(stub_tokens(text), max_tokens);
    out.texts.emplace_back(text);
  }
  return out;
}

Items embedding_items(Scene const& scene, EmbeddingRequest const& request, Damage damage) {
  Items out;
  out.json.reserve(request.texts.size());
  for (auto const text : request.texts) {
    auto const index = stub_vector_index(request.model, text);
    if (request.base64) {
      out.json.push_back(scene.pool.base64(index, request.dims));
    } else if (request.normalise) {
      out.json.push_back(scene.pool.numbers(index, request.dims));
    } else {
      auto vector = stub_pool_vector(index, request.dims);
      std::transform(vector.begin(), vector.end(), vector.begin(), [](float x) { return 3 * x; });
      out.add(render_numbers(vector));
    }
  }
  if (request.base64 && damage != Damage::none && !request.texts.empty()) {
    out.add(damaged_base64(stub_vector(request.model, request.texts.front(), request.dims), damage));
    out.json.front() = out.json.back();
    out.json.pop_back();
    if (damage != Damage::missing && damage != Damage::surplus) return out;
  }
  damage_items(out, damage);
  return out;
}

std::string render_embeddings(Scene const& scene, EmbeddingRequest const& request, EmbeddingForm natural,
                              Damage damage) {
  auto const form = scene.options.embedding_form == EmbeddingForm::natural ? natural : scene.options.embedding_form;
  switch (form) {
    case EmbeddingForm::tokens:
      return render_token_vectors(request, "", "");
    case EmbeddingForm::ragged:
      return render_token_vectors(request, "[", "]");
    case EmbeddingForm::squeezed_tokens:
      return render_squeezed_tokens(request);
    default:
      break;
  }
  auto const items = embedding_items(scene, request, damage);
  switch (form) {
    case EmbeddingForm::squeezable:
      return render_squeezable(items);
    case EmbeddingForm::keyed:
      return fmt::format("{{\"embeddings\":{}}}",
                         request.single && !items.json.empty() ? std::string(items.json[0]) : join(items.json));
    case EmbeddingForm::openai:
      return render_openai_embeddings(items, {request.model, 0, scene.options.openai_order, damage});
    case EmbeddingForm::natural:
      if (request.single && !items.json.empty()) return std::string(items.json.front());
      return join(items.json);
    default:
      return join(items.json);
  }
}

Answer answer_call(Scene const& scene, Call const& call, Damage damage) {
  check_access(scene, call);
  if (call.route == Route::health) return answer_health(scene);
  if (call.route == Route::hub) return answer_hub(scene, call);
  if (call.route == Route::models) return answer_models(scene, call);
  if (call.route == Route::info) return answer_tei(scene, call, damage);
  check_body(scene, call);
  switch (call.route) {
    case Route::hf_pipeline:
      return answer_hf_pipeline(scene, call, damage);
    case Route::hf_model:
      return answer_hf_model(scene, call, damage);
    case Route::toolkit:
      return answer_toolkit(scene, call, damage);
    case Route::chat:
      return answer_chat(scene, call, damage);
    case Route::embeddings:
      return scene.options.kind == StubKind::tei ? answer_tei(scene, call, damage)
                                                 : answer_openai_embeddings(scene, call, damage);
    default:
      return answer_tei(scene, call, damage);
  }
}

}  // namespace jvmm::testing::stub
