#include "commands/extract_credentials/instructions.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace jvmm::commands {
namespace {

/// Words by which a text turns to a model. None of them is how people speak of themselves.
constexpr std::array<std::string_view, 25> k_marks{"previous instruction",
                                                   "prior instruction",
                                                   "above instruction",
                                                   "earlier instruction",
                                                   "ignore all instruction",
                                                   "ignore your instruction",
                                                   "disregard your instruction",
                                                   "disregard all instruction",
                                                   "system prompt",
                                                   "system message",
                                                   "developer message",
                                                   "prompt injection",
                                                   "you are now an ai ",
                                                   "you are an ai ",
                                                   "as an ai ",
                                                   "respond only with",
                                                   "reply only with",
                                                   "respond with {",
                                                   "reply with {",
                                                   "output json",
                                                   "with json",
                                                   "media_appearances",
                                                   "speaking_events",
                                                   "podcast_appearances",
                                                   "credibility_score"};

/// The same at the beginning of a line only.
constexpr std::array<std::string_view, 5> k_roles{"system:", "assistant:", "user:", "### instruction", "[inst]"};

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

bool ends_sentence(char c) {
  return c == '.' || c == '!' || c == '?';
}

std::size_t sentence_start(std::string_view line, std::size_t at) {
  while (at > 0 && !(ends_sentence(line[at - 1]) && at < line.size() && line[at] == ' '))
    --at;
  return at;
}

/// Where a line begins to instruct; npos if it does not.
std::size_t instructing_from(std::string_view line) {
  auto first = std::string_view::npos;
  for (auto const mark : k_marks)
    first = std::min(first, line.find(mark));
  auto const begin = line.find_first_not_of(" *#>-<|");
  if (begin != std::string_view::npos)
    for (auto const role : k_roles)
      if (line.substr(begin).starts_with(role) || line.starts_with(role)) first = 0;
  return first == std::string_view::npos ? first : sentence_start(line, first);
}

}  // namespace

std::vector<Window> instructions_in(std::string_view shape) {
  auto const text = lower(shape);
  std::vector<Window> out;
  for (std::size_t start = 0; start < text.size();) {
    auto const end = std::min(text.find('\n', start), text.size());
    auto const from = instructing_from(std::string_view(text).substr(start, end - start));
    if (from != std::string_view::npos) out.push_back({start + from, end});
    start = end + 1;
  }
  return out;
}

bool may_instruct(std::string_view stored) {
  // Behind markup, entities and other scripts anything may hide.
  if (std::any_of(stored.begin(), stored.end(),
                  [](char c) { return c == '<' || c == '&' || static_cast<unsigned char>(c) >= 0x80; }))
    return true;
  auto const text = lower(stored);
  auto const is_there = [&](std::string_view word) { return text.find(word) != std::string::npos; };
  return std::any_of(k_marks.begin(), k_marks.end(), is_there) || std::any_of(k_roles.begin(), k_roles.end(), is_there);
}

}  // namespace jvmm::commands
