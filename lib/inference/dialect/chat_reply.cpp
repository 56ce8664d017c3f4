#include "inference/dialect/chat_reply.hpp"

#include <optional>

#include "inference/dialect/chat.hpp"
#include "inference/dialect/wire.hpp"
#include "json/parse.hpp"

namespace jvmm::inference {
namespace {

using json::Array;
using json::Value;

constexpr std::string_view k_blanks = " \t\r\n";

std::string_view trimmed(std::string_view text) {
  auto const begin = text.find_first_not_of(k_blanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(k_blanks) - begin + 1);
}

bool is_object(std::string_view text) {
  if (!text.starts_with('{')) return false;
  try {
    return json::parse(text).get_if<json::Object>() != nullptr;
  } catch (Error const&) {
    return false;
  }
}

/// What is between the first fence and the next, without the language's name.
std::string_view in_fence(std::string_view text) {
  constexpr std::string_view k_fence = "```";
  auto begin = text.find(k_fence);
  if (begin == std::string_view::npos) return {};
  begin = text.find('\n', begin);
  if (begin == std::string_view::npos) return {};
  return trimmed(text.substr(begin, text.find(k_fence, begin) - begin));
}

/// The braces that are balanced from `begin` on, those in strings not counted; empty if they never are.
std::string_view balanced(std::string_view text, std::size_t begin) {
  std::size_t depth = 0;
  bool in_string = false;
  for (auto at = begin; at < text.size(); ++at) {
    char const c = text[at];
    if (in_string) {
      if (c == '\\') ++at;
      if (c == '"') in_string = false;
      continue;
    }
    if (c == '"') in_string = true;
    if (c == '{') ++depth;
    if (c == '}' && --depth == 0) return text.substr(begin, at + 1 - begin);
  }
  return {};
}

/// A list of parts, as some services give it: [{"type": "text", "text": "…"}].
std::string parts_of(Array const& parts) {
  std::string out;
  for (auto const& part : parts)
    if (auto const* text = wire::string(part.find("text"))) out += *text;
  return out;
}

}  // namespace

std::optional<std::string> json_in(std::string_view text) {
  constexpr int k_max_attempts = 32;  // each may read to the end
  text = trimmed(text);
  if (is_object(text)) return std::string(text);
  if (auto const fenced = in_fence(text); is_object(fenced)) return std::string(fenced);
  auto at = text.find('{');
  for (int i = 0; i < k_max_attempts && at != std::string_view::npos; ++i) {
    auto const span = balanced(text, at);
    if (is_object(span)) return std::string(span);
    at = text.find('{', at + 1);
  }
  return {};
}

Value const* first_choice(Value const& root) {
  auto const* choices = root.find("choices");
  auto const* array = choices ? choices->get_if<Array>() : nullptr;
  if (!array || array->empty()) return nullptr;
  auto const* message = array->front().find("message");
  return message && message->get_if<json::Object>() ? &array->front() : nullptr;
}

std::string content_of(Value const& choice, CutReply cut) {
  auto const* reason = wire::string(choice.find("finish_reason"));
  if (cut == CutReply::refused && reason && *reason == "length")
    throw wire::bad_answer("the reply was cut by its length").hint("raise max_tokens");
  if (reason && *reason == "content_filter") throw wire::bad_answer("the reply was withheld by a content filter");
  auto const* content = choice.find("message")->find("content");
  auto const* parts = content ? content->get_if<Array>() : nullptr;
  auto const* text = wire::string(content);
  if (!text && !parts) throw wire::bad_answer("a reply without content");
  auto out = text ? *text : parts_of(*parts);
  if (trimmed(out).empty()) throw wire::bad_answer("an empty reply");
  return out;
}

}  // namespace jvmm::inference
