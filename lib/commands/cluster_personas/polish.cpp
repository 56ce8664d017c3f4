#include "commands/cluster_personas/polish.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <unordered_map>

#include "base/error.hpp"
#include "commands/services.hpp"
#include "inference/backend_spec.hpp"
#include "inference/chat.hpp"
#include "inference/open_route.hpp"
#include "json/parse.hpp"
#include "json/ref.hpp"
#include "log/text_table.hpp"
#include "text/canonical.hpp"
#include "text/casing.hpp"
#include "text/tokens.hpp"

namespace jvmm::commands {
namespace {

constexpr std::size_t k_most_name = 80;
constexpr std::size_t k_most_evidence = 300;  ///< bytes of a profile's text

text::StopWords const& empty_words() {
  static text::StopWords const words{"a",    "an",   "and", "are",  "as",    "at",    "by",   "for",   "from",
                                     "in",   "into", "of",  "on",   "or",    "over",  "the",  "their", "them",
                                     "they", "to",   "who", "with", "under", "whose", "want", "that"};
  return words;
}

std::string chat_route(config::Settings const& settings) {
  std::string out;
  for (auto const& spec : inference::parse_route(configured_route(settings, "chat")))
    if (spec.is_remote()) out += (out.empty() ? "" : ", ") + spec.text();
  if (out.empty())
    throw Error(Kind::configuration, "--polish asks a chat model for names, and the route for chat has none")
        .hint("set chat, as in chat = \"openai:http://localhost:8000#MODEL\", or leave out --polish");
  return out;
}

inference::ChatParameters parameters() {
  inference::ChatParameters out;
  out.system =
      "You name audiences. You are given phrases by which businesses describe one audience, and what some of them say. "
      "Answer with JSON: {\"name\": \"...\"}. The name has two to six words, names the people, and uses only words "
      "that "
      "stand in what you are given.";
  out.max_tokens = 60;
  out.json_schema =
      R"({"type":"object","properties":{"name":{"type":"string"}},"required":["name"],"additionalProperties":false})";
  return out;
}

using Rows = std::unordered_map<std::string_view, personas::AudienceText const*>;

std::string evidence_of(personas::Persona const& persona, Rows const& rows) {
  std::string out = "Phrases:\n";
  for (auto const& term : persona.terms)
    out += "- " + term.text + "\n";
  out += "Profiles:\n";
  for (auto const& medoid : persona.medoids) {
    auto const found = rows.find(medoid);
    if (found == rows.end() || found->second->who_you_serve.empty()) continue;
    auto const& said = found->second->who_you_serve;
    out += "- " + log::one_line(said, k_most_evidence) + "\n";
  }
  return out;
}

bool is_taken(personas::Model const& model, std::string_view name) {
  auto const lowered = text::lower(std::string(name));
  return std::any_of(model.personas.begin(), model.personas.end(),
                     [&](auto const& persona) { return text::lower(persona.name) == lowered; });
}

/// Why the answer is not taken; empty: it is.
std::string objection(personas::Model const& model, Result<inference::ChatReply> const& reply,
                      std::string const& evidence, std::string& name) {
  if (!reply) return reply.error().message();
  try {
    name = read_name_reply(reply->text);
  } catch (Error const& error) {
    if (error.kind() != Kind::bad_answer) throw;
    return error.message();
  }
  if (auto const words = ungrounded_words(name, evidence); !words.empty())
    return fmt::format("'{}' has words that stand in no profile: {}", name, fmt::join(words, ", "));
  if (is_taken(model, name)) return fmt::format("another persona is called '{}'", name);
  return "";
}

}  // namespace

std::vector<std::string> ungrounded_words(std::string_view name, std::string_view evidence) {
  auto const known = text::overlap_tokens(evidence, 1, {});
  std::vector<std::string> out;
  for (auto& word : text::overlap_tokens(name, 1, empty_words()))
    if (!std::binary_search(known.begin(), known.end(), word)) out.push_back(std::move(word));
  return out;
}

std::string read_name_reply(std::string_view reply) {
  std::string name;
  try {
    auto const document = json::parse(reply, "the reply");
    name = std::string(text::strip(json::Ref(document, "the reply")["name"].string()));
  } catch (Error const& error) {
    throw Error(Kind::bad_answer, "the reply is not {\"name\": text}: " + error.message());
  }
  auto const is_control = [](unsigned char c) { return c < 0x20 || c == 0x7f; };
  if (name.empty() || text::code_point_count(name) > k_most_name || std::any_of(name.begin(), name.end(), is_control))
    throw Error(Kind::bad_answer, fmt::format("the reply's name is blank, has control characters or is longer than {} "
                                              "characters",
                                              k_most_name));
  return name;
}

Polished polish_names(RunContext& context, Services& services, personas::Model& model,
                      std::span<std::string const> keys, std::span<personas::AudienceText const> rows) {
  Polished out;
  auto const route = chat_route(context.settings);
  if (keys.empty()) return out;
  Rows by_id;
  for (auto const& row : rows)
    by_id.emplace(row.id, &row);
  auto const chat = inference::open_chat(route, parameters(), services.route_context(route));
  std::vector<std::size_t> which;
  std::vector<std::string> messages;
  for (auto const& key : keys)
    if (auto const index = model.find(key); index && !model.personas[*index].named_by_hand) {
      which.push_back(*index);
      messages.push_back(evidence_of(model.personas[*index], by_id));
    }
  std::vector<std::string_view> const asked(messages.begin(), messages.end());
  auto const replies = chat->ask(asked);
  out.asked = which.size();
  for (std::size_t i = 0; i < which.size(); ++i) {
    auto& persona = model.personas[which[i]];
    std::string name;
    if (auto const why = objection(model, replies[i], messages[i], name); !why.empty()) {
      out.kept.push_back(fmt::format("persona {} keeps its own name: {}", persona.key, why));
      continue;
    }
    persona.name = name;
    ++out.taken;
  }
  return out;
}

}  // namespace jvmm::commands
