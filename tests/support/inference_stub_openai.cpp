#include <fmt/format.h>

#include <algorithm>

#include "json/writer.hpp"
#include "support/inference_stub_answers.hpp"

namespace jvmm::testing::stub {
namespace {

Refusal bad_request(std::string message, std::string param = {}) {
  return {400, std::move(message), "BadRequestError", ErrorForm::own, {}, std::move(param)};
}

/// A string, a list of them, or token ids in either.
std::vector<std::string> read_input(Call const& call) {
  auto const* const input = call.root.find("input");
  if (input == nullptr) throw bad_request("[{'type': 'missing', 'loc': ('body', 'input'), 'msg': 'Field required'}]");
  if (auto const* const text = input->get_if<std::string>()) return {*text};
  auto const* const list = input->get_if<json::Array>();
  if (list == nullptr || list->empty()) throw bad_request("Please provide a non-empty input", "input");
  if (list->front().type() == json::Type::integer) return {json::to_text(*input)};
  std::vector<std::string> out;
  for (auto const& item : *list) {
    auto const* const text = item.get_if<std::string>();
    if (text == nullptr && item.type() != json::Type::array)
      throw bad_request("Input should be a valid string", "input");
    out.push_back(text != nullptr ? *text : json::to_text(item));
  }
  return out;
}

/// How many tokens of a text are seen; 0: all, and a longer one is refused.
std::size_t read_truncation(Call const& call) {
  auto const* const value = call.root.find("truncate_prompt_tokens");
  auto const* const tokens = value == nullptr ? nullptr : value->get_if<std::int64_t>();
  if (value == nullptr || value->is_null()) return 0;
  if (tokens == nullptr || *tokens < -1 || *tokens == 0) throw bad_request("truncate_prompt_tokens: invalid value");
  return *tokens == -1 ? call.model.max_tokens : static_cast<std::size_t>(*tokens);
}

void check_lengths(Call const& call, std::vector<std::string> const& texts) {
  if (read_truncation(call) > 0) return;
  auto const window = call.model.max_tokens;
  for (auto const& text : texts)
    if (stub_tokens(text) > window)
      throw bad_request(
          fmt::format("This model's maximum context length is {} tokens. However, you requested {} tokens "
                      "in the input for embedding generation. Please reduce the length of the input.",
                      window, stub_tokens(text)));
}

bool wants_base64(Scene const& scene, Call const& call) {
  auto const* const format = call.root.find("encoding_format");
  auto const* const text = format == nullptr ? nullptr : format->get_if<std::string>();
  if (format != nullptr && !format->is_null() && (text == nullptr || (*text != "float" && *text != "base64")))
    throw bad_request("encoding_format: Input should be 'float' or 'base64'", "encoding_format");
  if (scene.options.openai_encoding != OpenAiEncoding::as_asked)
    return scene.options.openai_encoding == OpenAiEncoding::always_base64;
  return text != nullptr && *text == "base64";
}

void check_parameters(Call const& call) {
  if (call.root.type() != json::Type::object) throw bad_request("Input should be a valid dictionary");
  if (call.model.id.empty())
    throw Refusal{
        404,    fmt::format("The model `{}` does not exist.", call.asked_model), "NotFoundError", ErrorForm::own, {},
        "model"};
  if (call.root.find("normalize") != nullptr)
    throw bad_request("Parameter `normalize` was removed; use `use_activation`");
  if (auto const* const dims = call.root.find("dimensions"); dims != nullptr && !dims->is_null())
    throw bad_request(
        fmt::format("Model \"{}\" does not support matryoshka representation, changing output dimensions "
                    "will lead to poor results.",
                    call.model.id));
  if (call.model.task != StubTask::embed) throw bad_request("The model does not support Embeddings API");
}

void write_listed(json::Writer& out, Scene const& scene, StubModel const& model) {
  out.begin_object().member("id", model.id).member("object", "model").member("created", 1790000000);
  out.member("owned_by", scene.options.kind == StubKind::hf ? "hf" : "vllm");
  auto const window = model.max_tokens == 0 ? scene.options.max_tokens : model.max_tokens;
  if (scene.options.kind == StubKind::openai) {
    out.member("root", model.id).key("parent").null().member("max_model_len", window).end_object();
    return;
  }
  out.key("providers").begin_array().begin_object().member("provider", "stub").member("status", "live");
  out.member("context_length", window).key("pricing").begin_object().member("input", 0.02).member("output", 0.05);
  out.end_object().member("supports_tools", false);
  out.member("supports_structured_output", scene.options.structured == StubStructured::json_schema);
  out.end_object().end_array().end_object();
}

}  // namespace

Answer answer_openai_embeddings(Scene const& scene, Call const& call, Damage damage) {
  check_parameters(call);
  auto const texts = read_input(call);
  auto const base64 = wants_base64(scene, call);
  check_lengths(call, texts);
  EmbeddingRequest request;
  request.texts.assign(texts.begin(), texts.end());
  request.dims = call.model.dims;
  request.base64 = base64;
  request.model = call.model.id;
  Answer out;
  out.work = text_work(StubTask::embed, request.texts, call.model.max_tokens);
  auto const items = embedding_items(scene, request, damage == Damage::reordered ? Damage::none : damage);
  out.body =
      render_openai_embeddings(items, {call.model.id, out.work->input_tokens, scene.options.openai_order, damage});
  return out;
}

Answer answer_models(Scene const& scene, Call const& call) {
  constexpr std::string_view k_one = "/v1/models/";
  std::vector<StubModel> models = scene.options.models;
  if (models.empty()) models.push_back(StubModel{.id = scene.options.default_model});
  json::Writer out;
  if (call.path.starts_with(k_one)) {
    auto const id = call.path.substr(k_one.size());
    auto const found = std::find_if(models.begin(), models.end(), [&](auto const& model) { return model.id == id; });
    if (found == models.end()) throw Refusal{404, fmt::format("The model `{}` does not exist.", id), "NotFoundError"};
    write_listed(out, scene, *found);
    return {200, "application/json", std::move(out).take()};
  }
  out.begin_object().member("object", "list").key("data").begin_array();
  for (auto const& model : models)
    write_listed(out, scene, model);
  return {200, "application/json", std::move(out.end_array().end_object()).take()};
}

}  // namespace jvmm::testing::stub
