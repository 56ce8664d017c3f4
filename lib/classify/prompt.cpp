#include "classify/prompt.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "base/error.hpp"
#include "classify/prompts_text.hpp"
#include "text/canonical.hpp"
#include "text/csv.hpp"
#include "text/digest.hpp"
#include "text/tokens.hpp"

namespace jvmm::classify {
namespace {

constexpr std::array<std::string_view, 4> k_shipped{"niche", "offer_types", "content_style", "credentials"};
constexpr std::array<std::string_view, 10> k_columns{"name",         "niche",         "tags",     "bio",
                                                     "what_you_do",  "who_you_serve", "offering", "signature_programs",
                                                     "social_proof", "page_text"};
constexpr std::string_view k_dashes = "---";

/// What stands for a placeholder; absent: it stays as it is.
using Substitute = std::function<std::optional<std::string>(std::string_view name)>;

/// Calls `each` for every {{name}}, in one pass: what is put in is not looked at again.
std::string substituted(std::string_view text, Substitute const& each) {
  std::string out;
  while (true) {
    auto const begin = text.find("{{");
    auto const end = begin == std::string_view::npos ? begin : text.find("}}", begin);
    if (end == std::string_view::npos) return out += text;
    auto const name = text::strip(text.substr(begin + 2, end - begin - 2));
    out += text.substr(0, begin);
    auto const value = each(name);
    out += value ? *value : std::string(text.substr(begin, end + 2 - begin));
    text.remove_prefix(end + 2);
  }
}

std::string on_one_line(std::string_view text) {
  std::string out;
  for (auto const word : text::split_whitespace(text))
    out += (out.empty() ? "" : " ") + std::string(word);
  return out;
}

std::string listed(std::span<PromptLabel const> labels) {
  std::string out;
  for (auto const& [key, description] : labels) {
    out += (out.empty() ? "- " : "\n- ") + on_one_line(key);
    if (!description.empty() && description != key) out += ": " + on_one_line(description);
  }
  return out;
}

std::string known_placeholders() {
  std::string out = "labels";
  for (auto const column : k_columns)
    out += ", " + std::string(column);
  return out;
}

class TemplateReader {
 public:
  explicit TemplateReader(std::string const& source) : m_source(source) {}

  void add(std::string_view line) {
    ++m_line;
    if (m_parts.size() == 1 && m_parts[0].empty() && line.starts_with('#')) return;
    if (text::strip(line) == k_dashes) {
      if (m_parts.size() == 2) throw error("a second line of three dashes");
      m_parts.emplace_back();
      return;
    }
    check(line);
    m_parts.back() += std::string(line) + "\n";
  }

  Prompt finish() const {
    if (m_parts.size() < 2)
      throw error("no line of three dashes, which parts the instructions from what is asked of one profile");
    Prompt prompt{m_source, std::string(text::strip(m_parts[0])), std::string(text::strip(m_parts[1])), {}};
    if (prompt.instructions.empty() || prompt.question.empty())
      throw error(fmt::format("nothing {} the line of three dashes", prompt.question.empty() ? "below" : "above"));
    prompt.hash = text::sha256_hex(template_text(prompt));
    return prompt;
  }

 private:
  Error error(std::string const& what) const {
    return Error(Kind::bad_input, fmt::format("{}: line {}: {}", m_source, m_line, what));
  }

  void check(std::string_view line) const {
    substituted(line, [&](std::string_view name) -> std::optional<std::string> {
      bool const column = std::find(k_columns.begin(), k_columns.end(), name) != k_columns.end();
      if (column && m_parts.size() == 1)
        throw error(fmt::format("the column {{{{{}}}}} stands above the line of three dashes", name));
      if (!column && name != "labels")
        throw error(fmt::format("there is no placeholder {{{{{}}}}}, only {}", name, known_placeholders()));
      return std::nullopt;
    });
  }

  std::string m_source;
  std::size_t m_line = 0;
  std::vector<std::string> m_parts{""};
};

}  // namespace

std::span<std::string_view const> shipped_prompts() {
  return k_shipped;
}

Prompt shipped_prompt(std::string_view name) {
  return parse_prompt(prompt_text(name), std::string(name));
}

Prompt parse_prompt(std::string_view text, std::string const& source) {
  TemplateReader reader(source);
  while (!text.empty()) {
    auto const end = std::min(text.find('\n'), text.size());
    auto line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    reader.add(line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return reader.finish();
}

Prompt load_prompt(std::string_view shipped, std::string const& setting) {
  if (setting.empty()) return shipped_prompt(shipped);
  if (setting.find('\n') != std::string::npos) return parse_prompt(setting, std::string(shipped));
  return parse_prompt(text::read_text_file(setting), setting);
}

std::string template_text(Prompt const& prompt) {
  return fmt::format("{}\n{}\n{}\n", prompt.instructions, k_dashes, prompt.question);
}

PromptMessages fill(Prompt const& prompt, std::span<PromptLabel const> labels,
                    std::function<std::string(std::string_view column)> const& column) {
  auto const list = listed(labels);
  auto const value = [&](std::string_view name) -> std::optional<std::string> {
    return name == "labels" ? list : on_one_line(column(name));
  };
  return {substituted(prompt.instructions, value), substituted(prompt.question, value)};
}

std::string sheet_prompt(Prompt const& prompt, std::span<PromptLabel const> labels) {
  auto const list = listed(labels);
  return substituted(prompt.instructions + "\n\n" + prompt.question + "\n",
                     [&](std::string_view name) -> std::optional<std::string> {
                       return name == "labels" ? std::optional(list) : std::nullopt;
                     });
}

}  // namespace jvmm::classify
