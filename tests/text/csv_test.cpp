#include "text/csv.hpp"

#include <gtest/gtest.h>

#include <random>

#include "support/expect_error.hpp"
#include "support/temp_dir.hpp"
#include "support/test_seed.hpp"

namespace jvmm::text {
namespace {

using jvmm::testing::expect_error;
using Cells = std::vector<std::string>;
using Table = std::vector<Cells>;

Table rows_of(std::string const& csv) {
  CsvReader reader(csv, "a.csv");
  Table rows;
  while (auto const row = reader.next())
    rows.push_back(row->cells);
  return rows;
}

std::string written(Table const& rows, ByteOrderMark mark = ByteOrderMark::no) {
  CsvWriter writer(mark);
  for (auto const& row : rows)
    writer.add(row);
  return std::move(writer).take();
}

void expect_refused(std::string const& csv, std::string const& said) {
  SCOPED_TRACE(csv);
  expect_error(Kind::bad_input, "a.csv: " + said, [&] {
    CsvTable table(csv, "a.csv");
    while (table.next()) {
    }
  });
}

TEST(Csv, ReadsQuotesCommasAndLineEndsInsideOfCells) {
  EXPECT_EQ(rows_of("a,\"b,c\",\"say \"\"x\"\"\"\r\n\"two\r\nlines\",,\n"),
            (Table{{"a", "b,c", "say \"x\""}, {"two\r\nlines", "", ""}}));
}

TEST(Csv, AByteOrderMarkAndBlankLinesAreNoContent) {
  EXPECT_EQ(rows_of("\xef\xbb\xbf\"id\",x\r\n\r\n\n1,2"), (Table{{"id", "x"}, {"1", "2"}}));
  EXPECT_EQ(rows_of("a\n\"\"\nb\n"), (Table{{"a"}, {""}, {"b"}})) << "an empty cell in quotes is a row";
  EXPECT_EQ(rows_of(""), Table{});
}

TEST(Csv, LinesAreCountedThroughCells) {
  std::string const csv = "id,x\n\"a\nb\nc\",1\n2,3\n";
  CsvTable table(csv, "a.csv");
  EXPECT_EQ(table.next()->line, 2u);
  auto const last = table.next();
  EXPECT_EQ(last->line, 5u);
  EXPECT_STREQ(table.error(*last, 1, "wrong").what(), "a.csv: line 5, column 2 (x): wrong");
}

TEST(Csv, WhatIsWrittenIsReadBack) {
  std::mt19937 random(test::test_seed());
  std::vector<std::string> const parts{"a", ",", "\"", "\n", "\r\n",       "\r",
                                       " ", "'", "=",  "é",  "\U0001f600", "\xef\xbb\xbf"};
  for (int round = 0; round < 500; ++round) {
    Table table(1 + random() % 4, Cells(1 + random() % 3));
    for (auto& row : table)
      row.resize(table.front().size());
    for (auto& row : table)
      for (auto& cell : row)
        for (auto left = random() % 5; left > 0; --left)
          cell += parts[random() % parts.size()];
    for (auto const mark : {ByteOrderMark::no, ByteOrderMark::yes})
      EXPECT_EQ(rows_of(written(table, mark)), table) << written(table, mark);
  }
}

TEST(Csv, SpreadsheetsGetRowsWithCarriageReturnAndAMarkOnRequest) {
  EXPECT_EQ(written({{"a", "b c"}, {"d,e", "f\"g"}}), "a,b c\r\n\"d,e\",\"f\"\"g\"\r\n");
  EXPECT_EQ(written({{"a"}}, ByteOrderMark::yes),
            "\xef\xbb\xbf"
            "a\r\n");
  EXPECT_EQ(written({{"bad \xff utf-8"}}), "bad \ufffd utf-8\r\n");
}

TEST(Csv, NoTextIsAFormulaInASpreadsheet) {
  for (auto const* text : {"=1+1", "+1", "-x", "@sum", "\t=1", "\rx", "\nx", "＝1", "＋1", "－1", "＠x"}) {
    EXPECT_EQ(guarded(text), std::string("'") + text);
    EXPECT_EQ(unguarded(guarded(text)), text);
  }
  for (auto const* text : {"", "a=b", "'", "it's", "''tis", " =1", "1-2"})
    EXPECT_EQ(guarded(text), text);
}

TEST(Csv, GuardingIsReversibleForAnyText) {
  std::vector<std::string> const parts{"'", "=", "-", "a", "＝", "\t"};
  std::mt19937 random(test::test_seed());
  for (int round = 0; round < 2000; ++round) {
    std::string text;
    for (auto left = random() % 6; left > 0; --left)
      text += parts[random() % parts.size()];
    EXPECT_EQ(unguarded(guarded(text)), text);
    EXPECT_TRUE(guarded(text).find_first_of("=-\t") != 0) << text;
  }
}

TEST(Csv, SaysLineColumnAndFault) {
  expect_refused("", "line 1: empty");
  expect_refused("\xef\xbb\xbf", "line 1: empty");
  expect_refused("id,,x\n", "line 1, column 2 (): a column without a name");
  expect_refused("id,x,id\n", "line 1, column 3 (id): a second column");
  expect_refused("id;label\n", "line 1: cells are parted by semicolons");
  expect_refused("id\tlabel\n", "line 1: cells are parted by semicolons or tabs, expected commas; export");
  expect_refused("id,x\n1,2\n\n3\n", "line 4: 1 cells, the header has 2");
  expect_refused("id,x\n1,2,3\n", "line 2: 3 cells, the header has 2");
  expect_refused("id,x\n1,\"2\n", "line 2, column 2: a quote is never closed");
  expect_refused("id,x\n1,\"2\"3\n", "line 2, column 2: text after a closing quote");
  expect_refused("id,x\n1\"2,3\n", "line 2, column 1: a quote inside a cell");
  expect_refused("id,x\r1,2\r", "line 1, column 2: a carriage return without a line feed");
  expect_refused("id,x\n\xff,1\n", "line 2: this is no UTF-8");
  expect_refused(std::string("id,x\n\n\0,1\n", 10), "line 3: a NUL byte");
  expect_refused(std::string("\xff\xfei\0d\0", 6), "is UTF-16, expected UTF-8");
}

TEST(Csv, AMissingColumnIsNamedWithThoseThatAreThere) {
  CsvTable const table("id,name\n", "a.csv");
  EXPECT_EQ(table.require("name"), 1u);
  expect_error(Kind::bad_input, "line 1: the header has no column label; it has id, name",
               [&] { (void)table.require("label"); });
}

TEST(Csv, ReadsFilesAndSaysWhyNot) {
  jvmm::testing::TempDir const dir;
  EXPECT_EQ(read_text_file(dir.write("a.csv", "id\n")), "id\n");
  expect_error(Kind::missing_input, "none.csv does not exist", [&] { (void)read_text_file(dir.path() / "none.csv"); });
  expect_error(Kind::local_io, "cannot be read", [&] { (void)read_text_file(dir.path()); });
}

}  // namespace
}  // namespace jvmm::text
