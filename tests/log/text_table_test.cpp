#include "log/text_table.hpp"

#include <gtest/gtest.h>

namespace jvmm::log {
namespace {

TEST(TextTable, AlignsByCodePointsAndCuts) {
  TextTable table({{"name", Align::left, 6}, {"rows", Align::right}});
  table.add({"Zoë", "7"});
  table.add({"Wolfgang", "12345"});
  table.add({"a\nb", ""});
  EXPECT_EQ(table.text(),
            "name     rows\n"
            "Zoë         7\n"
            "Wolfg…  12345\n"
            "a?b\n");
}

}  // namespace
}  // namespace jvmm::log
