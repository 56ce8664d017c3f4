#include "inference/dialect/service_error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "base/utf8.hpp"
#include "inference/dialect/wire.hpp"
#include "json/lazy.hpp"

namespace jvmm::inference {
namespace {

constexpr std::size_t k_message_bytes = 300;
constexpr std::size_t k_field_bytes = 64;
constexpr std::size_t k_read_bytes = std::size_t{64} << 10;  ///< of a body that is no JSON

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_word(char c) {
  return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9');
}

/// Whether `part`, in lower case, stands in the text at this place.
bool stands_at(std::string_view text, std::size_t at, std::string_view part) {
  if (text.size() - at < part.size()) return false;
  return std::equal(part.begin(), part.end(), text.begin() + static_cast<std::ptrdiff_t>(at),
                    [](char a, char b) { return a == lower(b); });
}

std::size_t find_folded(std::string_view text, std::size_t from, std::string_view part) {
  for (auto at = from; at < text.size(); ++at)
    if (stands_at(text, at, part)) return at;
  return std::string_view::npos;
}

/// Control characters, line separators, and what turns the direction of text.
bool is_control(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

/// Valid UTF-8 in one line, without blanks at its ends or two in a row.
std::string one_line(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    auto const step = utf8::decode(text, at);
    at += step.length;
    if (step.value != U' ' && !is_control(step.value))
      utf8::append(out, step.value);
    else if (!out.empty() && out.back() != ' ')
      out += ' ';
  }
  if (out.ends_with(' ')) out.pop_back();
  return out;
}

/// Where the word that begins here ends.
std::size_t token_end(std::string_view text, std::size_t at) {
  auto const end = text.find_first_of(" \t\n\"'`,;()<>[]{}", at);
  return end == std::string_view::npos ? text.size() : end;
}

/// The place behind what announces a token at `at`, or 0.
std::size_t token_begin(std::string_view text, std::size_t at) {
  if (text.substr(at).starts_with("hf_")) return at + 3;
  bool const starts_word = at == 0 || !is_word(text[at - 1]);
  if (starts_word && stands_at(text, at, "sk-")) return at + 3;
  if (!starts_word || !stands_at(text, at, "bearer")) return 0;
  auto const begin = text.find_first_not_of(" :=\"'`", at + 6);
  return begin == at + 6 || begin == std::string_view::npos ? 0 : begin;
}

std::string without_tokens(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    auto const begin = token_begin(text, at);
    auto const end = begin == 0 ? 0 : token_end(text, begin);
    if (end <= begin) {
      out += text[at++];
      continue;
    }
    out.append(text.substr(at, begin - at)).append("***");
    at = end;
  }
  return out;
}

std::string shortened(std::string text, std::size_t max_bytes) {
  if (text.size() <= max_bytes) return text;
  constexpr std::string_view k_more = "\u2026";
  auto end = max_bytes - k_more.size();
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
    --end;
  text.resize(end);
  return text.append(k_more);
}

std::string presentable(std::string_view text, std::size_t max_bytes = k_message_bytes) {
  return shortened(without_tokens(one_line(text.substr(0, k_read_bytes))), max_bytes);
}

/// What is behind a tag that begins at `at`; of scripts and styles, behind their content.
std::size_t behind_tag(std::string_view html, std::size_t at) {
  auto const behind = [&](std::string_view end) {
    auto const found = find_folded(html, at, end);
    return found == std::string_view::npos ? html.size() : found + end.size();
  };
  if (stands_at(html, at, "<!--")) return behind("-->");
  if (stands_at(html, at, "<script")) return behind("</script>");
  if (stands_at(html, at, "<style")) return behind("</style>");
  return behind(">");
}

void append_entity(std::string& out, std::string_view html, std::size_t& at) {
  static constexpr std::array<std::pair<std::string_view, char>, 6> k_entities{
      {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&#39;", '\''}, {"&nbsp;", ' '}}};
  for (auto const& [entity, c] : k_entities) {
    if (!stands_at(html, at, entity)) continue;
    out += c;
    at += entity.size();
    return;
  }
  out += html[at++];
}

std::string without_tags(std::string_view html) {
  std::string out;
  for (std::size_t at = 0; at < html.size();) {
    if (html[at] == '<') {
      at = behind_tag(html, at);
      out += ' ';
    } else if (html[at] == '&') {
      append_entity(out, html, at);
    } else {
      out += html[at++];
    }
  }
  return out;
}

std::string plain_text(std::string_view body) {
  body = body.substr(0, k_read_bytes);
  auto const first = body.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  bool const html = first != std::string_view::npos && body[first] == '<';
  return html ? without_tags(body) : std::string(body);
}

std::string message_in(json::Value const& value, int depth = 0);

std::string joined(json::Array const& array, int depth) {
  std::string out;
  for (auto const& element : array) {
    auto const part = message_in(element, depth + 1);
    if (part.empty()) continue;
    if (!out.empty()) out += "; ";
    out += part;
    if (out.size() > k_read_bytes) break;
  }
  return out;
}

/// The place that a complaint of FastAPI's names: "body.inputs: ".
std::string location(json::Value const& complaint) {
  auto const* parts = complaint.find("loc");
  if (!parts || !parts->get_if<json::Array>()) return {};
  std::string out;
  for (auto const& part : *parts->get_if<json::Array>()) {
    if (!out.empty()) out += '.';
    if (auto const* text = wire::string(&part)) out += *text;
    if (auto const index = wire::whole(&part)) out += std::to_string(*index);
  }
  return out.empty() ? out : out + ": ";
}

std::string message_in(json::Value const& value, int depth) {
  if (depth > 4) return {};
  if (auto const* text = value.get_if<std::string>()) return *text;
  if (auto const* array = value.get_if<json::Array>()) return joined(*array, depth);
  for (auto const* member : {"error", "message", "detail", "msg", "errors", "error_description"}) {
    auto const* found = value.find(member);
    if (!found) continue;
    if (auto const text = message_in(*found, depth + 1); !text.empty())
      return std::string_view(member) == "msg" ? location(value) + text : text;
  }
  return {};
}

/// A string or a number as text.
std::string field(json::Value const* value) {
  if (auto const* text = wire::string(value)) return presentable(*text, k_field_bytes);
  if (auto const number = wire::whole(value)) return std::to_string(*number);
  return {};
}

/// A member of the error, or of the whole.
std::string error_field(json::Value const& root, std::string_view member) {
  auto const* error = root.find("error");
  auto const inner = error ? field(error->find(member)) : std::string();
  return inner.empty() ? field(root.find(member)) : inner;
}

std::optional<double> seconds_in(json::Value const* value) {
  auto found = wire::number(value);
  if (auto const* text = wire::string(value)) {
    double parsed = 0;
    auto const [end, problem] = std::from_chars(text->data(), text->data() + text->size(), parsed);
    if (problem == std::errc() && end == text->data() + text->size()) found = parsed;
  }
  if (!found || !std::isfinite(*found) || *found < 0) return {};
  return found;
}

/// Takes what the body says if it is JSON.
bool read_json(std::string_view body, ServiceError& out) {
  json::Value root;
  try {
    root = wire::tree_of(body);
  } catch (Error const&) {
    return false;
  }
  out.message = presentable(message_in(root));
  out.type = field(root.find("error_type"));
  if (out.type.empty()) out.type = error_field(root, "type");
  out.code = error_field(root, "code");
  out.estimated_seconds = seconds_in(root.find("estimated_time"));
  return true;
}

std::string without_message(http::Reply const& reply) {
  if (reply.failure) return presentable(reply.failure->message());
  if (reply.status == 0) return "no answer";
  return fmt::format("status {} without a message", reply.status);
}

}  // namespace

ServiceError read_service_error(http::Reply const& reply) {
  ServiceError out;
  bool const json = read_json(reply.body, out);
  for (auto const& [name, value] : reply.headers)
    if (out.message.empty() && name == "x-error-message") out.message = presentable(value);
  if (out.message.empty() && !json) out.message = presentable(plain_text(reply.body));
  if (out.message.empty()) out.message = without_message(reply);
  if (out.message.empty()) out.message = "no answer";
  return out;
}

bool is_error_body(std::string_view body) {
  static constexpr std::array<std::string_view, 7> k_asked_for{"data",    "embeddings",   "labels",      "scores",
                                                               "choices", "summary_text", "similarities"};
  static constexpr std::array<std::string_view, 5> k_complaints{"error", "errors", "detail", "message", "error_type"};
  auto const first = body.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos || body[first] != '{') return false;
  bool complains = false, answers = false;
  auto const read = [&](std::string_view name, json::LazyValue value) {
    if (value.is_null()) return;
    complains |= std::find(k_complaints.begin(), k_complaints.end(), name) != k_complaints.end();
    answers |= std::find(k_asked_for.begin(), k_asked_for.end(), name) != k_asked_for.end();
  };
  try {
    json::read_lazily(body, [&](json::LazyValue root) { root.members(read); });
  } catch (Error const&) {
    return false;
  }
  return complains && !answers;
}

}  // namespace jvmm::inference
