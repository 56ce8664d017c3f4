#include "text/digest.hpp"

#include <gtest/gtest.h>

#include "support/expect_error.hpp"
#include "support/temp_dir.hpp"

namespace jvmm::text {
namespace {

// Values of RFC 1321 and FIPS 180-2.
TEST(Digest, GivesThePublishedValues) {
  EXPECT_EQ(md5_hex(""), "d41d8cd98f00b204e9800998ecf8427e");
  EXPECT_EQ(md5_hex("message digest"), "f96b697d7cb7938d525a2f31aaf161d0");
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(Digest, OfAFileIsThatOfItsBytes) {
  jvmm::testing::TempDir dir;
  std::string const content(200'001, 'x');
  EXPECT_EQ(sha256_file_hex(dir.write("a", content)), sha256_hex(content));
  EXPECT_EQ(sha256_file_hex(dir.write("b", "")), sha256_hex(""));
  jvmm::testing::expect_error(Kind::missing_input, "no such file", [&] { (void)sha256_file_hex(dir.path() / "c"); });
  jvmm::testing::expect_error(Kind::local_io, "cannot be read", [&] { (void)sha256_file_hex(dir.path()); });
}

}  // namespace
}  // namespace jvmm::text
