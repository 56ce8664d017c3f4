#include "db/target.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace jvmm::db {
namespace {

TEST(Target, ReadsUrlAndKeyValueForm) {
  auto const url = parse_target(Secret("postgresql://jv:s3cret@db.example.org:6543/profiles?sslmode=require"));
  EXPECT_EQ(url.text(), "profiles on db.example.org:6543 as jv");
  EXPECT_EQ(parse_target(Secret("host=/run/pg port=5433 user=u dbname=d")).text(), "d on /run/pg:5433 as u");
}

TEST(Target, NeverSaysThePassword) {
  auto const target = parse_target(Secret("postgresql://jv:s3cret@db.example.org/profiles"));
  EXPECT_EQ(target.text().find("s3cret"), std::string::npos);
  EXPECT_EQ(target.without_password("login of jv with s3cret (s3cret) failed"), "login of jv with *** (***) failed");
}

TEST(Target, RefusesWhatItCannotReadWithoutQuotingIt) {
  for (char const* bad : {"postgresql://jv:p%zz-topsecret@host/db", "host=a topsecret",
                          "postgresql://u:topsecret@[::1/db", "postgresql://u:p@topsecret@host/db",
                          "postgresql://u:a/topsecret@host/db", "postgresql://u:a:b@host:topsecret/db"}) {
    try {
      parse_target(Secret(bad));
      ADD_FAILURE() << bad;
    } catch (Error const& error) {
      EXPECT_EQ(error.kind(), Kind::configuration);
      EXPECT_EQ(std::string(error.what()).find("topsecret"), std::string::npos) << error.what();
      EXPECT_FALSE(error.hint().empty());
    }
  }
}

}  // namespace
}  // namespace jvmm::db
