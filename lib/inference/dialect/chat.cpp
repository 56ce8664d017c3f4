#include "inference/dialect/chat.hpp"

#include <fmt/format.h>

#include "inference/dialect/chat_reply.hpp"
#include "inference/dialect/wire.hpp"
#include "json/parse.hpp"
#include "json/schema.hpp"

namespace jvmm::inference {
namespace {

using json::Array;
using json::Value;

/// The schema as one line. **Throws** configuration if it is no JSON object.
std::string compact(std::string const& schema) {
  if (schema.empty()) return {};
  Value tree;
  try {
    tree = json::parse(schema, "the schema of chat answers");
  } catch (Error const& e) {
    throw Error(Kind::configuration, e.message());
  }
  if (!tree.get_if<json::Object>()) throw Error(Kind::configuration, "the schema of chat answers is no JSON object");
  return json::to_text(tree);
}

class ChatDialect final : public Dialect {
 public:
  ChatDialect(std::string model, ChatParameters parameters, Structured structured)
      : m_model(std::move(model)),
        m_parameters(std::move(parameters)),
        m_structured(structured),
        m_schema_text(compact(m_parameters.json_schema)) {
    if (!m_schema_text.empty()) m_schema = std::make_unique<json::Schema>(m_schema_text);
  }

  Task task() const override { return Task::chat; }
  std::string path() const override { return "/v1/chat/completions"; }

  // The model comes first, so that a router finds it in the body's first bytes.
  std::string body(std::span<std::string_view const> items) const override {
    require_one(items.size());
    json::Writer out;
    out.begin_object().member("model", m_model).key("messages").begin_array();
    if (auto const text = system(); !text.empty()) write_message(out, "system", text);
    for (auto const& [user, assistant] : m_parameters.examples) {
      write_message(out, "user", user);
      write_message(out, "assistant", assistant);
    }
    write_message(out, "user", items[0]);
    out.end_array().member("temperature", m_parameters.temperature).member("max_tokens", m_parameters.max_tokens);
    if (m_parameters.seed) out.member("seed", *m_parameters.seed);
    out.member("stream", false);
    write_format(out);
    out.end_object();
    return std::move(out).take();
  }

  Reading read(std::span<std::string_view const> items, std::string_view body) const override {
    require_one(items.size());
    auto const root = wire::tree_of(body);
    auto const* error = root.find("error");
    auto const* choice = first_choice(root);
    if (!choice || (error && !error->is_null())) wire::throw_other_shape(body, "a message in choices");
    Reading out;
    if (auto const* usage = root.find("usage")) {
      out.input_tokens = wire::whole(usage->find("prompt_tokens"));
      out.output_tokens = wire::whole(usage->find("completion_tokens"));
    }
    auto const cut = m_parameters.accepts ? CutReply::kept : CutReply::refused;
    out.answers = wire::each(1, [&](std::size_t) { return Answer{checked(content_of(*choice, cut))}; });
    return out;
  }

  std::size_t max_output_tokens() const override { return m_parameters.max_tokens; }

  // Not by what means JSON was asked for: an answer that fits the schema is one.
  std::string parameters_key() const override {
    json::Writer out;
    out.begin_object().member("codec", "chat/1").member("system", m_parameters.system).key("examples").begin_array();
    for (auto const& [user, assistant] : m_parameters.examples)
      out.begin_array().value(user).value(assistant).end_array();
    out.end_array().member("max_tokens", m_parameters.max_tokens).member("temperature", m_parameters.temperature);
    out.key("seed");
    m_parameters.seed ? out.value(*m_parameters.seed) : out.null();
    out.member("schema", m_schema_text);
    if (m_parameters.accepts) out.member("form", "as it came");
    out.end_object();
    return std::move(out).take();
  }

 private:
  static void require_one(std::size_t items) {
    if (items != 1) throw Error(Kind::internal, fmt::format("{} messages in one chat request", items));
  }

  static void write_message(json::Writer& out, std::string_view role, std::string_view content) {
    out.begin_object().member("role", role).member("content", wire::clean(content)).end_object();
  }

  /// With the schema in words where the service is not given it.
  std::string system() const {
    if (m_schema_text.empty() || m_structured == Structured::json_schema) return m_parameters.system;
    return fmt::format("{}{}Reply with one JSON object that fits this JSON Schema, and nothing else:\n{}",
                       m_parameters.system, m_parameters.system.empty() ? "" : "\n\n", m_schema_text);
  }

  void write_format(json::Writer& out) const {
    if (m_schema_text.empty() || m_structured == Structured::prompt_only) return;
    out.key("response_format").begin_object();
    if (m_structured == Structured::json_object) {
      out.member("type", "json_object").end_object();
      return;
    }
    out.member("type", "json_schema").key("json_schema").begin_object();
    out.member("name", "answer").member("strict", true).key("schema").raw(m_schema_text);
    out.end_object().end_object();
  }

  /// What is kept of a reply: with a schema, the object that fits it; all of it where the caller judges it.
  std::string checked(std::string const& content) const {
    if (m_parameters.accepts) {
      if (!m_parameters.accepts(content)) throw wire::bad_answer("a reply that says nothing of what was asked");
      return content;
    }
    if (!m_schema) return content;
    auto json = json_in(content);
    if (!json) throw wire::bad_answer("a reply without a JSON object");
    auto const violations = m_schema->check(*json);
    if (!violations.empty())
      throw wire::bad_answer(
          fmt::format("a reply that does not fit its schema: {}: {}", violations[0].path, violations[0].message));
    return std::move(*json);
  }

  std::string m_model;
  ChatParameters m_parameters;
  Structured m_structured;
  std::string m_schema_text;
  std::unique_ptr<json::Schema> m_schema;
};

}  // namespace

std::unique_ptr<Dialect> make_chat_dialect(ServiceKind kind, std::string model, ChatParameters parameters,
                                           Structured structured) {
  if (kind != ServiceKind::openai && kind != ServiceKind::hf) throw wire::unsupported(kind, Task::chat);
  return std::make_unique<ChatDialect>(std::move(model), std::move(parameters), structured);
}

}  // namespace jvmm::inference
