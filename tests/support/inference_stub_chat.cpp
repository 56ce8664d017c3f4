#include <fmt/format.h>

#include <algorithm>

#include "json/writer.hpp"
#include "support/inference_stub_answers.hpp"

namespace jvmm::testing::stub {
namespace {

Refusal invalid_request(std::string message, std::string param) {
  return {400, std::move(message), "invalid_request_error", ErrorForm::own, {}, std::move(param)};
}

struct Conversation {
  std::uint64_t tokens = 0;
  std::string_view user_text;  ///< of the last message
};

Conversation read_messages(Call const& call) {
  auto const* const messages = call.root.find("messages");
  auto const* const list = messages == nullptr ? nullptr : messages->get_if<json::Array>();
  if (list == nullptr || list->empty()) throw invalid_request("messages: expected a non-empty list", "messages");
  Conversation out;
  for (auto const& message : *list) {
    auto const* const role = message.find("role");
    auto const* const content = message.find("content");
    if (role == nullptr || role->get_if<std::string>() == nullptr || content == nullptr)
      throw invalid_request("messages: each has a role and content", "messages");
    auto const* const text = content->get_if<std::string>();
    if (text == nullptr && !content->is_null()) throw invalid_request("content: expected a string", "messages");
    out.user_text = text == nullptr ? std::string_view() : *text;
    out.tokens += stub_tokens(out.user_text);
  }
  return out;
}

void check_model(Scene const& scene, Call const& call) {
  if (!call.model.id.empty() && (scene.options.models.empty() || call.model.task == StubTask::chat)) return;
  if (scene.options.kind == StubKind::openai)
    throw Refusal{
        404,    fmt::format("The model `{}` does not exist.", call.asked_model), "NotFoundError", ErrorForm::own, {},
        "model"};
  throw Refusal{
      400,
      fmt::format("The requested model '{}' is not supported by any provider you have enabled.", call.asked_model),
      "invalid_request_error",
      ErrorForm::own,
      "model_not_supported",
      "model"};
}

/// The schema asked for, nullptr if none is.
json::Value const* read_format(Scene const& scene, Call const& call, bool& wants_json) {
  auto const* const format = call.root.find("response_format");
  auto const* const type = format == nullptr ? nullptr : format->find("type");
  auto const* const name = type == nullptr ? nullptr : type->get_if<std::string>();
  if (format == nullptr || format->is_null() || (name != nullptr && *name == "text")) return nullptr;
  auto const supported = scene.options.structured;
  auto const known = name != nullptr && ((*name == "json_schema" && supported == StubStructured::json_schema) ||
                                         (*name == "json_object" && supported != StubStructured::none));
  if (!known) throw invalid_request("response_format: this type is not supported by the model", "response_format");
  wants_json = true;
  auto const* const definition = format->find("json_schema");
  return definition == nullptr ? nullptr : definition->find("schema");
}

std::string schema_type(json::Value const& schema) {
  auto const* const type = schema.find("type");
  if (type == nullptr) return "";
  if (auto const* const name = type->get_if<std::string>()) return *name;
  auto const* const several = type->get_if<json::Array>();
  if (several == nullptr || several->empty() || several->front().get_if<std::string>() == nullptr) return "";
  return *several->front().get_if<std::string>();
}

void write_by_schema(json::Writer& out, json::Value const& schema, std::string_view text, std::string_view name,
                     int depth);

void write_object(json::Writer& out, json::Value const& schema, std::string_view text, std::string_view name,
                  int depth) {
  out.begin_object();
  auto const* const properties = schema.find("properties");
  if (auto const* const members = properties == nullptr ? nullptr : properties->get_if<json::Object>())
    for (auto const& [key, value] : *members) {
      out.key(key);
      write_by_schema(out, value, text, name, depth + 1);
    }
  out.end_object();
}

/// Arrays have one element per entity, strings are its name, numbers are below 1 where they have
/// a maximum, null if they may be, and else how long it is.
void write_by_schema(json::Writer& out, json::Value const& schema, std::string_view text, std::string_view name,
                     int depth) {
  auto const type = depth > 16 ? "" : schema_type(schema);
  auto const* const choices = schema.find("enum");
  if (auto const* const list = choices == nullptr ? nullptr : choices->get_if<json::Array>(); list && !list->empty()) {
    out.value((*list)[stub_hash(text) % list->size()]);
  } else if (type == "object") {
    write_object(out, schema, text, name, depth);
  } else if (type == "array") {
    out.begin_array();
    if (auto const* const items = schema.find("items"))
      for (auto const& entity : stub_entities(text))
        write_by_schema(out, *items, text, entity.word, depth + 1);
    out.end_array();
  } else if (type == "string") {
    out.value(name);
  } else if (type == "integer" || type == "number") {
    auto const* const several = schema.find("type")->get_if<json::Array>();
    if (schema.find("maximum") != nullptr)
      out.value(static_cast<double>(stub_hash(text) % 1000) / 1000);
    else
      several != nullptr ? out.null() : out.value(name.size());
  } else if (type == "boolean") {
    out.value(!name.empty());
  } else {
    out.null();
  }
}

/// What the model would say if nothing went wrong.
std::string reply_of(Scene const& scene, std::string_view text, json::Value const* schema, bool wants_json) {
  if (scene.options.chat_reply) return scene.options.chat_reply(text);
  if (!wants_json) return stub_summary(text);
  json::Writer out;
  if (schema != nullptr) {
    write_by_schema(out, *schema, text, stub_summary(text), 0);
  } else {
    out.begin_object().key("names").begin_array();
    for (auto const& entity : stub_entities(text))
      out.value(entity.word);
    out.end_array().end_object();
  }
  return std::move(out).take();
}

struct Said {
  std::optional<std::string> content;
  std::string finish = "stop";
};

Said shaped(Scene const& scene, Call const& call, std::string reply) {
  auto const* const limit = call.root.find("max_tokens");
  auto const* const tokens = limit == nullptr ? nullptr : limit->get_if<std::int64_t>();
  auto const form = scene.options.chat_form;
  if (form == ChatForm::null_content) return {std::nullopt, "tool_calls"};
  if (form == ChatForm::empty) return {""};
  if (form == ChatForm::fenced) reply = "```json\n" + reply + "\n```";
  if (form == ChatForm::prose) reply = "Here is what I found {so far}:\n" + reply + "\nLet me know if you need more.";
  if (form == ChatForm::cut) return {reply.substr(0, reply.size() / 2), "length"};
  if (tokens != nullptr && *tokens > 0 && stub_tokens(reply) > static_cast<std::uint64_t>(*tokens))
    return {reply.substr(0, static_cast<std::size_t>(*tokens) * 4), "length"};
  return {std::move(reply)};
}

}  // namespace

Answer answer_chat(Scene const& scene, Call const& call, Damage damage) {
  check_model(scene, call);
  auto const conversation = read_messages(call);
  bool wants_json = false;
  auto const* const schema = read_format(scene, call, wants_json);
  auto const* const stream = call.root.find("stream");
  if (stream != nullptr && *stream == json::Value(true))
    throw invalid_request("stream: the stub has no streams", "stream");
  auto const said = shaped(scene, call, reply_of(scene, conversation.user_text, schema, wants_json));
  auto const output = said.content ? stub_tokens(*said.content) : 0;
  json::Writer out;
  out.begin_object().member("id", fmt::format("chatcmpl-{}", call.request.number)).member("object", "chat.completion");
  out.member("created", 1790000000).member("model", call.model.id).key("choices").begin_array();
  if (damage != Damage::missing) {
    out.begin_object().member("index", 0).key("message").begin_object().member("role", "assistant").key("content");
    said.content ? out.value(*said.content) : out.null();
    out.end_object().key("logprobs").null().member("finish_reason", said.finish).end_object();
  }
  out.end_array().key("usage").begin_object().member("prompt_tokens", conversation.tokens);
  out.member("completion_tokens", output).member("total_tokens", conversation.tokens + output).end_object();
  Answer answer{200, "application/json", std::move(out.end_object()).take()};
  answer.work = Work{StubTask::chat, 1, conversation.tokens, output, 1, {std::string(conversation.user_text)}};
  return answer;
}

}  // namespace jvmm::testing::stub
