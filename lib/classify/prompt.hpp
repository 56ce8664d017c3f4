#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace jvmm::classify {

/// A template of what a chat model is asked. Text with placeholders, {{labels}} for the taxonomy's labels and
/// {{niche}}, {{what_you_do}} and so on for columns of a profile. A line of three dashes parts the instructions, which
/// are the same for all, from what is asked of one profile; columns are named below it only. Lines that begin with "#"
/// at the top are comments.
///
/// The same file serves the chat backend and AI Sheets, which fills {{column}} from the sheet itself.
struct Prompt {
  std::string name;          ///< "niche"; of one's own: the file's
  std::string instructions;  ///< above the line
  std::string question;      ///< below it
  std::string hash;          ///< hexadecimal SHA-256 of both, for fingerprints
};

/// A label as a prompt lists it.
struct PromptLabel {
  std::string key, description;  ///< the description may be empty, or the key again
};

/// Names of the shipped prompts: "niche", "offer_types", "credentials", "content_style".
std::span<std::string_view const> shipped_prompts();

/// REQUIRES: one of shipped_prompts().
Prompt shipped_prompt(std::string_view name);

/// A template of one's own. **Throws** bad_input, with `source` and line: no line of dashes, or more than one; nothing
/// below or above it; a placeholder that there is not; a column above the line.
Prompt parse_prompt(std::string_view text, std::string const& source);

/// The prompt of a setting: empty: the shipped one; what has a line end: the template itself; else a file.
/// **Throws** missing_input, local_io, bad_input.
Prompt load_prompt(std::string_view shipped, std::string const& setting);

/// The template's text, as parse_prompt reads it.
std::string template_text(Prompt const& prompt);

struct PromptMessages {
  std::string system, user;
};

/// The messages for one profile. `column` gives a column's text; blanks and line ends in it become one blank each, so
/// that it stays one line, and placeholders in it are left as they are.
PromptMessages fill(Prompt const& prompt, std::span<PromptLabel const> labels,
                    std::function<std::string(std::string_view column)> const& column);

/// Both parts with the labels filled in, the columns left as {{column}}: what AI Sheets takes.
std::string sheet_prompt(Prompt const& prompt, std::span<PromptLabel const> labels);

}  // namespace jvmm::classify
