#include "text/casing.hpp"

#include <gtest/gtest.h>

#include <array>
#include <map>

#include "base/utf8.hpp"
#include "json/parse.hpp"
#include "json/ref.hpp"
#include "text/lines.hpp"

namespace jvmm::text {
namespace {

using Row = std::array<std::string, 5>;

Row row_of(std::string const& c) {
  return {lower(c), title(c), title("a" + c), title(c + "a"), lower("aΣ" + c + "b")};
}

/// By code point, what Python gives.
std::map<std::string, Row> python_rows() {
  std::map<std::string, Row> rows;
  LineReader lines(JVMM_SOURCE_DIR "/tests/data/casing/casing.jsonl.gz");
  for (std::string line; lines.next(line);) {
    auto const value = json::parse(line);
    auto const& texts = *value.get_if<json::Array>();
    auto& row = rows[*texts[0].get_if<std::string>()];
    for (std::size_t i = 0; i < row.size(); ++i)
      row[i] = *texts[i + 1].get_if<std::string>();
  }
  for (std::string const c : {"ჼ", "ꟲ", "ꟳ", "ꟴ", "ꭩ"})
    rows.at(c)[3] = c + "a";  // these count as cased since Unicode 15
  return rows;
}

TEST(Casing, IsThatOfPythonForEveryCodePoint) {
  auto const rows = python_rows();
  ASSERT_EQ(rows.size(), 6855u);
  for (auto const& [c, row] : rows)
    EXPECT_EQ(row_of(c), row) << c;
}

TEST(Casing, ChangesNoOtherCodePoint) {
  auto const rows = python_rows();
  std::size_t newer = 0;
  for (char32_t value = 0; value < 0x110000; ++value) {
    if (value >= 0xD800 && value < 0xE000) continue;
    std::string c;
    utf8::append(c, value);
    if (rows.contains(c)) continue;
    newer += row_of(c) != Row{c, c, "A" + c, c + "A", "aς" + c + "b"} ? 1 : 0;
  }
  EXPECT_LT(newer, 200u) << "few code points with case have come since Unicode 14";
}

TEST(Casing, IsThatOfPythonForRandomTexts) {
  LineReader lines(JVMM_SOURCE_DIR "/tests/data/casing/texts.jsonl.gz");
  for (std::string line; lines.next(line);) {
    auto const value = json::parse(line);
    json::Ref const row(value, "texts.jsonl.gz");
    EXPECT_EQ(lower(row[0].string()), row[1].string()) << row[0].string();
    EXPECT_EQ(title(row[0].string()), row[2].string()) << row[0].string();
  }
  EXPECT_EQ(lines.line_number(), 2000u);
}

TEST(Casing, MindsWhatStandsAround) {
  struct Case {
    std::string text, lower, title;
  };
  // As Python 3.11 gives them.
  Case const cases[] = {
      {"", "", ""},
      {"WOMEN'S ΟΔΟΣ", "women's οδος", "Women'S Οδος"},
      {"ΣΑΣ ΑΣ.Σ", "σας ασ.ς", "Σας Ασ.Σ"},
      {"\u0130STANBUL ﬁx ǆ ŉ ß", "i\u0307stanbul ﬁx ǆ ŉ ß", "\u0130stanbul Fix ǅ ʼN Ss"},
      {"they're bill's friends — l'été", "they're bill's friends — l'été", "They'Re Bill'S Friends — L'Été"},
      {"a\u0301b Σ\u0301", "a\u0301b σ\u0301", "A\u0301B Σ\u0301"},
      {"1ST 2nd ⓐb ªb \u0345a ᾳ", "1st 2nd ⓐb ªb \u0345a ᾳ", "1St 2Nd Ⓐb ªb \u0399a ᾼ"},
      {"o'NEIL mcDONALD_x 3D", "o'neil mcdonald_x 3d", "O'Neil Mcdonald_X 3D"},
  };
  for (auto const& [text, expected_lower, expected_title] : cases) {
    EXPECT_EQ(lower(text), expected_lower);
    EXPECT_EQ(title(text), expected_title);
  }
}

TEST(Casing, ReplacesBrokenBytes) {
  EXPECT_EQ(lower("A\xffÉ\xe2\x82"), "a\uFFFDé\uFFFD");
  EXPECT_EQ(title("ab\xff"
                  "ab"),
            "Ab\uFFFDAb");
}

TEST(Casing, GrowsPastItsFirstBuffer) {
  std::string capitals, small;
  for (int i = 0; i < 5000; ++i) {
    capitals += "\u0130";
    small += "i\u0307";
  }
  EXPECT_EQ(lower(capitals), small);
}

}  // namespace
}  // namespace jvmm::text
