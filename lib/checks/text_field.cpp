#include "checks/text_field.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/utf8.hpp"
#include "checks/sanitise.hpp"
#include "text/canonical.hpp"
#include "text/casing.hpp"

namespace jvmm::checks {
namespace {

using namespace std::literals;

constexpr std::array k_placeholders{"update"sv, "n/a"sv,       "none"sv,          "na"sv,           "tbd"sv,
                                    "tba"sv,    "unknown"sv,   "empty"sv,         "null"sv,         "nil"sv,
                                    "nan"sv,    "undefined"sv, "not available"sv, "not provided"sv, "not applicable"sv,
                                    "n.a."sv,   "(none)"sv};

constexpr int k_escapes = 3;  // times that HTML may have been escaped over again

bool is_punctuation(char c) {
  return static_cast<unsigned char>(c) < 0x80 && std::ispunct(static_cast<unsigned char>(c)) != 0;
}

/// UTF-8 that was read as Windows-1252: "Ã" or "â€" where no writing system has them.
bool has_mojibake(std::string_view text) {
  for (auto at = text.find("\xC3\x83"); at != std::string_view::npos; at = text.find("\xC3\x83", at + 2))
    if (auto const next = text.substr(at + 2, 2); next.size() == 2 && next[0] == '\xC2') return true;
  return text.find("\xC3\xA2\xE2\x82\xAC") != std::string_view::npos;
}

/// At least 20 letters of ASCII and no small one.
bool is_all_caps(std::string_view text) {
  auto const small = std::ranges::count_if(text, [](char c) { return c >= 'a' && c <= 'z'; });
  auto const big = std::ranges::count_if(text, [](char c) { return c >= 'A' && c <= 'Z'; });
  return small == 0 && big >= 20;
}

void note_changes(Sanitised const& what, ColumnCheck& check) {
  if (what.controls) check.add("controls", Severity::warning, "control characters");
  if (what.encoding) check.add("encoding", Severity::note, "ill-formed UTF-8");
  if (what.invisible) check.add("invisible", Severity::note, "zero-width characters");
  if (what.composed) check.add("composed", Severity::note, "accents spelled apart");
  if (what.look_alikes) check.add("look_alikes", Severity::note, "typographic dashes, quotes or bullets");
  if (what.blanks) check.add("blanks", Severity::note, "odd, doubled or outer blanks");
}

}  // namespace

bool is_placeholder(std::string_view value) {
  auto const word = text::lower(text::strip(value));
  return std::ranges::all_of(word, is_punctuation) || std::ranges::find(k_placeholders, word) != k_placeholders.end();
}

void clean(std::string_view value, ColumnCheck& check, std::string& cleaned) {
  auto bare = without_html(value);
  bool escaped_twice = false;
  if (bare != value) {
    check.add("html", Severity::warning, "HTML");
    for (int round = 0; round < k_escapes; ++round) {
      auto next = without_html(bare);
      if (next == bare) break;
      escaped_twice = true;
      bare = std::move(next);
    }
  }
  auto const what = sanitise(bare);
  cleaned = what.text;
  if (cleaned.empty()) {
    check.add("blank", Severity::warning, "nothing but blanks or invisible characters");
  } else if (is_placeholder(cleaned)) {
    check.add("placeholder", Severity::warning,
              fmt::format("\"{}\" says that there is no value", text::first_code_points(cleaned, 20)));
    cleaned.clear();
  } else {
    note_changes(what, check);
  }
  if (cleaned != value)
    check.proposal = Proposal{cleaned.empty() ? std::nullopt : std::optional(cleaned), !escaped_twice};
}

ColumnCheck check_text(std::optional<std::string_view> value) {
  ColumnCheck check;
  if (!value || value->empty()) return check;
  std::string cleaned;
  clean(*value, check, cleaned);
  if (cleaned.empty()) return check;
  if (has_mojibake(cleaned)) check.add("mojibake", Severity::warning, "text that was read in the wrong encoding");
  if (auto const points = text::code_point_count(cleaned); points > k_very_long)
    check.add("very_long", Severity::note, fmt::format("{} characters", points));
  if (is_all_caps(cleaned)) check.add("all_caps", Severity::note, "capitals only");
  return check;
}

}  // namespace jvmm::checks
