#include <gtest/gtest.h>

#include "commands/calibrate/pairs.hpp"
#include "support/expect_error.hpp"
#include "support/temp_dir.hpp"

namespace jvmm::commands {
namespace {

using jvmm::testing::expect_error;

std::string const k_a = "00000000-0000-4000-8000-00000000000a", k_b = "00000000-0000-4000-8000-00000000000b";
std::string const k_row = k_a + "," + k_b;

void expect_refused(std::string const& csv, std::string const& said) {
  SCOPED_TRACE(csv);
  expect_error(Kind::bad_input, "pairs.csv: " + said, [&] { (void)parse_pairs(csv, "pairs.csv"); });
}

TEST(PairsCsv, ReadsColumnsInAnyOrderAndQuotesAsTheRfcSays) {
  auto const pairs = parse_pairs("\xef\xbb\xbf\"label\",id_b,\"field_pair\",id_a\r\n\"1\"," + k_b + ",audience,\"" +
                                     k_a + "\"\r\n\r\n0," + k_a + ",offering_seeking," + k_b,
                                 "pairs.csv");
  ASSERT_EQ(pairs.size(), 2u);
  EXPECT_EQ(pairs[0].a.text(), k_a);
  EXPECT_EQ(pairs[0].b.text(), k_b);
  EXPECT_EQ(pairs[0].label, 1);
  EXPECT_EQ(pairs[0].field_pair, scoring::FieldPair::audience);
  EXPECT_EQ(pairs[1].field_pair, scoring::FieldPair::offering_seeking);
  EXPECT_EQ(pairs[1].line, 4u);
}

TEST(PairsCsv, OneLabelAboveOneMakesAllOfTen) {
  auto const graded = parse_pairs("id_a,id_b,label\n" + k_row + ",7.5\n" + k_row + ",1\n", "pairs.csv");
  EXPECT_DOUBLE_EQ(graded[0].label, 0.75);
  EXPECT_DOUBLE_EQ(graded[1].label, 0.1);
  auto const shares = parse_pairs("id_a,id_b,label\n" + k_row + ",0.5\n" + k_row + ",1\n", "pairs.csv");
  EXPECT_DOUBLE_EQ(shares[0].label, 0.5);
  EXPECT_DOUBLE_EQ(shares[1].label, 1);
  EXPECT_EQ(shares[0].field_pair, std::nullopt);
}

TEST(PairsCsv, SaysLineAndFault) {
  std::string const header = "id_a,id_b,label\n";
  expect_refused("", "line 1: empty");
  expect_refused("\n\n", "line 1: empty");
  expect_refused(header, "line 1: no pair");
  expect_refused("id_a,id_b\n" + k_row + "\n", "line 1: the header has no column label");
  expect_refused("id_a,id_b,label,label\n", "line 1, column 4 (label): a second column of this name");
  expect_refused("id_a,id_b,label,notes\n", "line 1: unknown column 'notes'");
  expect_refused(k_row + ",1\n", "line 1: unknown column '" + k_a);
  expect_refused(header + k_row + ",1\n" + k_row + "\n", "line 3: 2 cells, the header has 3");
  expect_refused(header + k_row + ",1,\n", "line 2: 4 cells");
  for (auto const* label : {"", "yes", "-1", "11", "nan", "inf", "1x", " 1"})
    expect_refused(header + k_row + "," + label + "\n",
                   "line 2, column 3 (label): '" + std::string(label) + "' is no label");
  expect_refused(header + "x," + k_b + ",1\n", "line 2, column 1 (id_a): 'x' is no profile id");
  expect_refused(header + k_a + "," + k_a + ",1\n", "line 2: a profile is paired with itself");
  expect_refused("id_a,id_b,label,field_pair\n" + k_row + ",1,niche\n",
                 "line 2, column 4 (field_pair): 'niche' is no field pair");
  expect_refused(header + k_row + ",\"1\n", "line 2, column 3: a quote is never closed");
  expect_refused(header + k_row + ",\"1\"2\n", "line 2, column 3: text after a closing quote");
  expect_refused(header + k_row + ",1\"\n", "line 2, column 3: a quote inside a cell");
  expect_refused(header + k_row + ",1\r" + k_row + ",1\n", "line 2, column 3: a carriage return without a line feed");
  expect_refused(header + "\"a\nb\"," + k_b + ",1\n", "line 2, column 1 (id_a): 'a\nb' is no profile id");
  expect_refused(std::string("id_a,id_b,label\n\0\n", 18), "line 2: a NUL byte");
}

TEST(PairsCsv, ReadsAFile) {
  jvmm::testing::TempDir dir;
  dir.write("pairs.csv", "id_a,id_b,label\n" + k_row + ",1\n");
  EXPECT_EQ(read_pairs(dir.path() / "pairs.csv").size(), 1u);
  expect_error(Kind::missing_input, "does not exist", [&] { (void)read_pairs(dir.path() / "none.csv"); });
  expect_error(Kind::local_io, "cannot be read", [&] { (void)read_pairs(dir.path()); });
}

}  // namespace
}  // namespace jvmm::commands
