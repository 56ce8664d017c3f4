#include "text/base64.hpp"

#include <gtest/gtest.h>

namespace jvmm::text {
namespace {

TEST(Base64, DecodesTheVectorsOfTheRfc) {
  for (auto const& [text, bytes] : std::initializer_list<std::pair<char const*, char const*>>{
           {"", ""},
           {"Zg==", "f"},
           {"Zm8=", "fo"},
           {"Zm9v", "foo"},
           {"Zm9vYg==", "foob"},
           {"Zm9vYmE=", "fooba"},
           {"Zm9vYmFy", "foobar"},
       })
    EXPECT_EQ(from_base64(text), bytes) << text;
  EXPECT_EQ(from_base64("AAD/+w=="), std::string("\0\0\xff\xfb", 4));
}

TEST(Base64, RefusesWhatIsNone) {
  for (auto const* text :
       {"Z", "Zg", "Zg=", "Zm9vY", "Z===", "====", "Zm9-", "Zm9_", " Zm9v", "Zm9v\n", "Zm 9v===", "Zg==Zg==",
        "Zm\xff"
        "v"})
    EXPECT_EQ(from_base64(text), std::nullopt) << text;
}

}  // namespace
}  // namespace jvmm::text
