#include "text/lines.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <vector>

#include "support/expect_error.hpp"
#include "support/temp_dir.hpp"

namespace jvmm::text {
namespace {

using jvmm::testing::expect_error;
using Lines = std::vector<std::string>;

std::string const k_data = JVMM_SOURCE_DIR "/tests/data/";

Lines read(std::filesystem::path const& path) {
  LineReader reader(path);
  Lines lines;
  for (std::string line; reader.next(line);) {
    lines.push_back(line);
    EXPECT_EQ(reader.line_number(), lines.size());
  }
  return lines;
}

TEST(LineReader, EndsLinesInEveryWay) {
  testing::TempDir const folder;
  EXPECT_EQ(read(folder.write("a", "")), Lines{});
  EXPECT_EQ(read(folder.write("b", "\n")), Lines{""});
  EXPECT_EQ(read(folder.write("c", "x")), Lines{"x"});
  EXPECT_EQ(read(folder.write("d", "x\ny\n")), (Lines{"x", "y"}));
  EXPECT_EQ(read(folder.write("e", "x\r\n\r\n\ny\rz\r\n")), (Lines{"x", "", "", "y\rz"}));
  EXPECT_EQ(read(folder.write("f", std::string("a\0b\nc", 5))), (Lines{std::string("a\0b", 3), "c"}));
}

TEST(LineReader, JoinsLinesAcrossItsBuffer) {
  testing::TempDir const folder;
  Lines lines;
  std::string text;
  for (std::size_t length : {65'535, 65'536, 65'537, 0, 200'000, 1}) {
    lines.emplace_back(length, static_cast<char>('a' + lines.size()));
    text += lines.back() + "\n";
  }
  EXPECT_EQ(read(folder.write("long", text)), lines);
}

TEST(LineReader, ReadsGzip) {
  EXPECT_EQ(read(k_data + "golden/profiles.jsonl.gz").size(), 400u);
  EXPECT_EQ(read(k_data + "golden/pairs.jsonl.gz").size(), 3000u);
  EXPECT_EQ(read(k_data + "bad/not_gzip.jsonl.gz").size(), 1u) << "plain text whatever the name says";
}

TEST(LineReader, NamesDamagedAndCutGzip) {
  for (std::string const name : {"damaged_gzip.jsonl.gz", "cut_gzip.jsonl.gz"})
    expect_error(Kind::bad_input, name + ": the gzip data", [&] { read(k_data + "bad/" + name); });
}

TEST(LineReader, RefusesWhatCannotBeRead) {
  testing::TempDir const folder;
  expect_error(Kind::missing_input, "gone.jsonl: no such file", [&] { LineReader(folder.path() / "gone.jsonl"); });
  expect_error(Kind::local_io, "is a folder", [&] { LineReader{folder.path()}; });
}

TEST(LineReader, RefusesALineWithoutEnd) {
  testing::TempDir const folder;
  auto const file = folder.write("endless", "x\n" + std::string((std::size_t{64} << 20) + 1, 'x'));
  expect_error(Kind::bad_input, "endless: line 2 is longer than 64 MiB", [&] { read(file); });
}

TEST(LineReader, ReadsTheStandardInputAndLeavesItOpen) {
  testing::TempDir const folder;
  auto const file = folder.write("in", "x\ny\n");
  int const before = ::dup(STDIN_FILENO);
  ASSERT_NE(std::freopen(file.c_str(), "r", stdin), nullptr);
  EXPECT_EQ(read("-"), (Lines{"x", "y"}));
  EXPECT_GE(::lseek(STDIN_FILENO, 0, SEEK_CUR), 0);
  ::dup2(before, STDIN_FILENO);
  ::close(before);
}

}  // namespace
}  // namespace jvmm::text
