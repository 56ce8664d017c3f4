#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace jvmm::classify {

enum class Lines { joined, kept };

/// A stored text as classifiers read it: without markup (text/markup.hpp, references resolved twice), NFKC, straight
/// quotes and hyphens, no invisible characters, blanks made one, stripped; the first 3,000 code points of it. What is
/// beyond the first 64 KiB of the stored text is not read. With Lines::kept a new line stays one. Empty for an absent
/// text.
/// **Cost** linear.
std::string clean(std::optional<std::string> const& text, Lines lines = Lines::joined);

/// Whether a cleaned text is what embedding sees of the stored one, which it strips only: blanks apart, which
/// tokenizers do not tell apart, they are equal.
bool is_whole_field(std::string_view cleaned, std::string const& stored);

/// The sentences of a cleaned text with its lines: parted after `.!?;` and a blank, at new lines and bullets; of more
/// than 3 code points.
std::vector<std::string> sentences(std::string_view text);

/// The offers that a cleaned text with its lines lists: parted at `,;|•·`, new lines, ` - `, ` & `, ` + `, ` plus `,
/// `/` that is not before a digit, and after `.!?` and a blank; without what leads in ("I offer", "my", …); of at least
/// 3 bytes, at most 60.
std::vector<std::string> phrases(std::string_view text);

/// Whether a text has two words at least that differ: of three letters or more, and no numbers.
bool has_words(std::string_view text);

/// Where the head of a phrase ends, in bytes: before the first word that begins its topic ("… for teams", "…: how to"),
/// if that leaves more than 3; else at its end.
std::size_t head_length(std::string_view phrase);

}  // namespace jvmm::classify
