// Conditions on credentials, as 'jvmm similar --with' takes them.

#include <gmock/gmock.h>

#include "commands/similar/credential_filter.hpp"
#include "support/expect_error.hpp"

namespace jvmm::commands {
namespace {

using ::testing::ElementsAre;

TEST(CredentialFilter, ReadsKindsWordsScoresAndTiers) {
  auto const filter = parse_credential_filter({"credentials.books", "speaking_events ~ TEDx",
                                               "credentials.credibility_score>=0.25", "credibility_tier>=medium"});
  EXPECT_THAT(filter.kinds, ElementsAre("books", "speaking_events"));
  EXPECT_THAT(filter.words, ElementsAre(std::nullopt, std::optional<std::string>("TEDx")));
  EXPECT_DOUBLE_EQ(filter.least_score, 0.3) << "all hold together: the stricter counts";
  EXPECT_TRUE(parse_credential_filter({}).is_empty());
  EXPECT_FALSE(parse_credential_filter({"credibility_tier>=low"}).is_empty());
}

TEST(CredentialFilter, RefusesWhatIsNoCondition) {
  for (auto const* condition :
       {"", "credentials", "credentials.", "credentials.bools", "books>1", "books=3", "books~", "books~  ",
        "credibility_score", "credibility_score>0.5", "credibility_score>=high", "credibility_score>=1.5",
        "credibility_score>=nan", "credibility_score>=0.5x", "credibility_tier>=top", "credibility_tier~high"})
    testing::expect_error(Kind::usage, {"--with"}, [&] { parse_credential_filter({condition}); });
}

}  // namespace
}  // namespace jvmm::commands
