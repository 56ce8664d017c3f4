#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "json/writer.hpp"
#include "support/inference_stub_answers.hpp"

namespace jvmm::testing::stub {
namespace {

/// A text, or a pair; a list of token ids is a text of their JSON.
struct Sequence {
  std::string first, second;
  bool pair = false;

  bool empty() const { return first.empty() && second.empty(); }
  std::uint64_t tokens() const { return stub_tokens(first) + (pair ? stub_tokens(second) : 0); }
};

struct Inputs {
  std::vector<Sequence> sequences;
  bool single = false;
};

struct Options {
  bool truncate = true, normalise = true, raw_scores = false, base64 = false;
  std::size_t dims = 0;
  std::string prompt;
};

Refusal wrong_type(std::string_view what) {
  return {422, fmt::format("Failed to deserialize the JSON body into the target type: {}", what), {}, ErrorForm::text};
}

Refusal invalid(std::string message) {
  return {422, std::move(message), "Validation"};
}

json::Value const& member(Call const& call, std::string_view name) {
  if (call.root.type() != json::Type::object) throw wrong_type("invalid type: expected struct");
  auto const* const found = call.root.find(name);
  if (found == nullptr)
    throw wrong_type(fmt::format("missing field `{}` at line 1 column {}", name, call.wire->body.size()));
  return *found;
}

bool flag(Call const& call, std::string_view name, bool otherwise) {
  auto const* const found = call.root.find(name);
  if (found == nullptr || found->is_null()) return otherwise;
  if (auto const* const value = found->get_if<bool>()) return *value;
  throw wrong_type(fmt::format("{}: invalid type: expected a boolean", name));
}

bool all_of_type(json::Array const& list, json::Type type) {
  return std::all_of(list.begin(), list.end(), [&](auto const& item) { return item.type() == type; });
}

/// One text or list of token ids; absent if it is neither.
std::optional<Sequence> read_text(json::Value const& value) {
  if (auto const* const text = value.get_if<std::string>()) return Sequence{*text, {}};
  auto const* const ids = value.get_if<json::Array>();
  if (ids != nullptr && !ids->empty() && all_of_type(*ids, json::Type::integer))
    return Sequence{json::to_text(value), {}};
  return std::nullopt;
}

Inputs read_texts(json::Value const& value) {
  if (auto const single = read_text(value)) return {{*single}, true};
  auto const* const list = value.get_if<json::Array>();
  if (list == nullptr) throw wrong_type("data did not match any variant of untagged enum Input");
  Inputs out;
  for (auto const& item : *list) {
    auto const text = read_text(item);
    if (!text) throw wrong_type("data did not match any variant of untagged enum Input");
    out.sequences.push_back(*text);
  }
  return out;
}

/// ["text"] or ["premise","hypothesis"]; what is read as one input of /predict.
Sequence read_sequence(json::Array const& list) {
  if (list.empty() || list.size() > 2 || !all_of_type(list, json::Type::string))
    throw wrong_type("`inputs` must be a string, a pair of strings or a list of either");
  Sequence out{*list.front().get_if<std::string>(), {}};
  out.pair = list.size() == 2;
  if (out.pair) out.second = *list.back().get_if<std::string>();
  return out;
}

Inputs read_predict(json::Value const& value) {
  if (auto const* const text = value.get_if<std::string>()) return {{Sequence{*text, {}}}, true};
  auto const* const list = value.get_if<json::Array>();
  if (list == nullptr) throw wrong_type("inputs: invalid type");
  if (list->empty()) return {};
  if (!all_of_type(*list, json::Type::array)) return {{read_sequence(*list)}, true};
  Inputs out;
  for (auto const& item : *list)
    out.sequences.push_back(read_sequence(*item.get_if<json::Array>()));
  return out;
}

Options read_options(Scene const& scene, Call const& call) {
  Options out;
  out.truncate = flag(call, "truncate", scene.options.auto_truncate);
  out.normalise = flag(call, "normalize", true);
  out.raw_scores = flag(call, "raw_scores", false);
  out.dims = call.model.dims;
  if (auto const* const dims = call.root.find("dimensions"); dims != nullptr && !dims->is_null()) {
    auto const* const number = dims->get_if<std::int64_t>();
    if (number == nullptr) throw wrong_type("dimensions: invalid type: expected usize");
    if (*number < 1 || static_cast<std::size_t>(*number) > call.model.dims)
      throw invalid(fmt::format("`dimensions` must be between 1 and {}", call.model.dims));
    out.dims = static_cast<std::size_t>(*number);
  }
  if (auto const* const prompt = call.root.find("prompt_name"); prompt != nullptr && !prompt->is_null()) {
    auto const* const key = prompt->get_if<std::string>();
    auto const known = key == nullptr ? scene.options.prompts.end() : scene.options.prompts.find(*key);
    if (known == scene.options.prompts.end()) throw invalid("`prompt_name` is not one of the model's prompts");
    out.prompt = known->second;
  }
  auto const* const format = call.root.find("encoding_format");
  if (format != nullptr && !format->is_null()) {
    auto const* const text = format->get_if<std::string>();
    if (text == nullptr || (*text != "float" && *text != "base64"))
      throw wrong_type("encoding_format: unknown variant");
    out.base64 = *text == "base64";
  }
  return out;
}

/// As TEI does it: the batch, the permits, then each input; one that is refused refuses all.
void check_inputs(Scene const& scene, Call const& call, Inputs& inputs, Options const& options) {
  auto const& limits = scene.options;
  auto const count = inputs.sequences.size();
  if (count == 0) throw Refusal{400, "`inputs` cannot be empty", "Empty"};
  if (limits.max_client_batch > 0 && count > limits.max_client_batch)
    throw invalid(fmt::format("batch size {} > maximum allowed batch size {}", count, limits.max_client_batch));
  if (scene.inputs_in_flight + count > limits.max_concurrent_inputs)
    throw Refusal{429, "Model is overloaded", "Overloaded"};
  auto const max_tokens = call.model.max_tokens;
  for (auto& input : inputs.sequences) {
    if (input.empty()) throw Refusal{400, "`inputs` cannot be empty", "Empty"};
    auto const characters = input.first.size() + input.second.size();
    if (characters > max_tokens * 250)
      throw invalid(fmt::format("`inputs` must have less than {} characters. Given: {}", max_tokens * 250, characters));
    if (!options.truncate && input.tokens() > max_tokens)
      throw invalid(fmt::format("`inputs` must have less than {} tokens. Given: {}", max_tokens, input.tokens()));
    if (!options.prompt.empty() && input.pair) throw invalid("`prompt_name` cannot be set with dual inputs");
    input.first.insert(0, options.prompt);
  }
}

void add_headers(Answer& answer, Inputs const& inputs) {
  std::size_t characters = 0;
  for (auto const& input : inputs.sequences)
    characters += input.first.size() + input.second.size();
  answer.headers.push_back("x-compute-type: cpu");
  answer.headers.push_back(fmt::format("x-compute-characters: {}", characters));
}

Work work_of(Call const& call, Inputs const& inputs, StubTask task) {
  Work out{task};
  out.inputs = out.units = inputs.sequences.size();
  for (auto const& input : inputs.sequences) {
    out.input_tokens += std::min<std::uint64_t>(input.tokens(), call.model.max_tokens);
    out.texts.push_back(input.first);
  }
  return out;
}

Answer answer_embed(Scene const& scene, Call const& call, Damage damage) {
  auto const openai = call.route == Route::embeddings;
  if (call.model.task != StubTask::embed) throw Refusal{424, "Model is not an embedding model", "Backend"};
  auto inputs = read_texts(member(call, openai ? "input" : "inputs"));
  auto const options = read_options(scene, call);
  check_inputs(scene, call, inputs, options);
  EmbeddingRequest request;
  for (auto const& input : inputs.sequences)
    request.texts.push_back(input.first);
  request.dims = options.dims;
  request.normalise = options.normalise || openai;
  request.base64 = openai && options.base64;
  request.model = call.model.id;
  Answer out;
  out.work = work_of(call, inputs, StubTask::embed);
  if (openai)
    out.body =
        render_openai_embeddings(embedding_items(scene, request, damage == Damage::reordered ? Damage::none : damage),
                                 {call.model.id, out.work->input_tokens, scene.options.openai_order, damage});
  else
    out.body = render_embeddings(
        scene, request, call.route == Route::tei_embed_all ? EmbeddingForm::tokens : EmbeddingForm::matrix, damage);
  add_headers(out, inputs);
  return out;
}

/// The scores of one input, the greatest first.
std::string render_classes(StubModel const& model, Sequence const& input, bool raw_scores) {
  std::vector<double> scores;
  for (auto const& label : model.classes)
    scores.push_back(stub_class_logit(model.id, input.first, input.second, label));
  if (!raw_scores && scores.size() == 1) scores[0] = 1 / (1 + std::exp(-scores[0]));
  if (!raw_scores && scores.size() > 1) {
    double sum = 0;
    for (auto& score : scores)
      sum += score = std::exp(score);
    for (auto& score : scores)
      score /= sum;
  }
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < scores.size(); ++i)
    order.push_back(i);
  std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return scores[a] > scores[b]; });
  Items items;
  for (auto const i : order)
    items.add(fmt::format("{{\"score\":{},\"label\":{}}}", static_cast<float>(scores[i]), quoted(model.classes[i])));
  return join(items.json);
}

Answer answer_predict(Scene const& scene, Call const& call, Damage damage) {
  if (call.model.task == StubTask::embed) throw Refusal{424, "Model is not a classifier model", "Backend"};
  auto inputs = read_predict(member(call, "inputs"));
  auto const options = read_options(scene, call);
  check_inputs(scene, call, inputs, options);
  Items items;
  for (auto const& input : inputs.sequences)
    items.add(render_classes(call.model, input, options.raw_scores));
  damage_items(items, damage);
  Answer out;
  out.work = work_of(call, inputs, StubTask::zero_shot);
  out.body = inputs.single && !items.json.empty() ? std::string(items.json.front()) : join(items.json);
  add_headers(out, inputs);
  return out;
}

/// Words as tokens, which is fewer than stub_tokens says.
Answer answer_tokenize(Call const& call) {
  auto const inputs = read_texts(member(call, "inputs"));
  auto const special = flag(call, "add_special_tokens", true);
  json::Writer out;
  out.begin_array();
  for (auto const& input : inputs.sequences) {
    auto const token = [&](std::int64_t id, std::string_view text, bool is_special) {
      out.begin_object().member("id", id).member("text", text).member("special", is_special);
      out.key("start").null().key("stop").null().end_object();
    };
    out.begin_array();
    if (special) token(101, "[CLS]", true);
    for (std::size_t at = 0; at < input.first.size(); at += 4) {
      auto const piece = std::string_view(input.first).substr(at, 4);
      token(static_cast<std::int64_t>(1000 + stub_hash(piece) % 29000), piece, false);
    }
    if (special) token(102, "[SEP]", true);
    out.end_array();
  }
  return {200, "application/json", std::move(out.end_array()).take()};
}

void write_model_type(json::Writer& out, StubModel const& model) {
  out.key("model_type").begin_object();
  if (model.task == StubTask::embed) {
    out.key("embedding").begin_object().member("pooling", model.pooling).end_object().end_object();
    return;
  }
  out.key(model.classes.size() > 1 ? "classifier" : "reranker").begin_object().key("id2label").begin_object();
  for (std::size_t i = 0; i < model.classes.size(); ++i)
    out.member(std::to_string(i), model.classes[i]);
  out.end_object().key("label2id").begin_object();
  for (std::size_t i = 0; i < model.classes.size(); ++i)
    out.member(model.classes[i], i);
  out.end_object().end_object().end_object();
}

Answer answer_info(Scene const& scene, Call const& call) {
  auto const& options = scene.options;
  json::Writer out;
  out.begin_object().member("model_id", call.model.id).member("model_sha", call.model.sha);
  out.member("model_dtype", "float32").member("served_model_name", call.model.id);
  write_model_type(out, call.model);
  out.member("max_concurrent_requests", options.max_concurrent_inputs);
  out.member("max_input_length", call.model.max_tokens).member("max_batch_tokens", options.max_batch_tokens);
  out.key("max_batch_requests").null().member("max_client_batch_size", options.max_client_batch);
  out.member("auto_truncate", options.auto_truncate).member("tokenization_workers", 8);
  out.member("version", "1.9.3").key("sha").null().key("docker_label").null().end_object();
  return {200, "application/json", std::move(out).take()};
}

}  // namespace

Answer answer_tei(Scene const& scene, Call const& call, Damage damage) {
  switch (call.route) {
    case Route::info:
      return answer_info(scene, call);
    case Route::tei_predict:
      return answer_predict(scene, call, damage);
    case Route::tei_tokenize:
      return answer_tokenize(call);
    default:
      return answer_embed(scene, call, damage);
  }
}

}  // namespace jvmm::testing::stub
