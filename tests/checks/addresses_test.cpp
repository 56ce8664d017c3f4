#include <gtest/gtest.h>

#include "checks/address.hpp"
#include "checks/web_address.hpp"

namespace jvmm::checks {
namespace {

std::string first(ColumnCheck const& check) {
  return check.ok() ? "" : std::string(check.gravest().code);
}
std::string proposed(ColumnCheck const& check) {
  if (!check.proposal) return "-";
  return check.proposal->value.value_or("(nothing)") + (check.proposal->safe ? "" : " ?");
}

TEST(CheckEmail, RealAddressesPass) {
  for (auto const* email :
       {"ann@x.org", "ann.b+c@sub.x-y.co.uk", "info@firm.com", "contact@firm.com", "admin@firm.com", "support@firm.com",
        "testing@firm.com", "o'neil@firm.ie", "ANN@FIRM.COM", "j\xC3\xBCrgen@m\xC3\xBCller.de", "a@xn--mller-kva.de",
        "ann@test-lab.com", "\xE7\x94\xA8\xE6\x88\xB7@\xE4\xBE\x8B\xE5\xAD\x90.\xE4\xB8\xAD\xE5\x9B\xBD"})
    EXPECT_TRUE(check_email(email).ok()) << email << ": " << first(check_email(email));
  EXPECT_TRUE(check_email(std::nullopt).ok());
  EXPECT_TRUE(check_email("").ok());
}

TEST(CheckEmail, WhatIsNoneFailsAndIsProposedAway) {
  for (auto const* email : {"ann", "@x.org", "ann@", "ann@x", "ann@@x.org", "a b@x.org.", "ann@-x.org", "ann@x..org",
                            ".ann@x.org", "a..b@x.org", "ann@x.1", "ann@1.2.3.4", "ann@x.o"}) {
    auto const check = check_email(email);
    EXPECT_EQ(first(check), "email_malformed") << email;
    EXPECT_EQ(proposed(check), "(nothing) ?") << email;
  }
  EXPECT_EQ(first(check_email(std::string(65, 'a') + "@x.org")), "email_malformed");
  EXPECT_EQ(first(check_email(std::string(1'000'000, '@') + "a")), "email_malformed");
}

TEST(CheckEmail, AWebAddressIsInTheWrongColumn) {
  for (auto const* email : {"https://x.org", "http", "x.com/ann", "www.x.org"})
    EXPECT_EQ(first(check_email(email)), "email_is_url") << email;
}

TEST(CheckEmail, TheAddressInsideMoreIsProposed) {
  EXPECT_EQ(proposed(check_email("Ann <ann@x.org>")), "ann@x.org ?");
  EXPECT_EQ(proposed(check_email("mailto:ann@x.org")), "ann@x.org ?");
  EXPECT_EQ(first(check_email("ann@x.org; bob@x.org")), "email_several");
  EXPECT_EQ(proposed(check_email("  ann@x.org\n")), "ann@x.org");
  EXPECT_EQ(proposed(check_email("\xE2\x80\x8B"
                                 "ann@x.org")),
            "ann@x.org");
}

TEST(CheckEmail, NobodyReadsThese) {
  for (auto const* email : {"test@firm.com", "noreply@firm.com", "No-Reply@firm.com", "ann@example.com", "ann@test.com",
                            "ann@placeholder.io", "ann@firm.invalid", "ann@firm.test"}) {
    EXPECT_EQ(first(check_email(email)), "email_suspicious") << email;
    EXPECT_TRUE(check_email(email).holds()) << email;
  }
  EXPECT_EQ(first(check_email("ann@firm.example.com")), "email_reserved");
  EXPECT_FALSE(check_email("ann@firm.example.com").holds());
}

TEST(CheckEmail, PlaceholdersAndBlanksAreNothing) {
  for (auto const* email : {"n/a", "N/A", "none", "-", ".", "?", "TBD", "\xC2\xA0", "\xE2\x80\x8B", " \n"})
    EXPECT_EQ(proposed(check_email(email)), "(nothing)") << email;
}

TEST(CheckWebsite, AddressesPassAndAMissingSchemeIsANote) {
  for (auto const* site : {"https://x.org", "HTTP://X.ORG", "http://x.org:8080/a?b#c", "https://m\xC3\xBCller.de/",
                           "https://\xE0\xA4\xB9\xE0\xA4\xBF\xE0\xA4\xA8\xE0\xA5\x8D\xE0\xA4\xA6\xE0\xA5\x80.com"})
    EXPECT_TRUE(check_website(site).ok()) << site << first(check_website(site));
  auto const bare = check_website("www.x.org/me");
  EXPECT_EQ(first(bare), "website_no_scheme");
  EXPECT_FALSE(bare.holds());
  EXPECT_EQ(proposed(bare), "https://www.x.org/me");
}

TEST(CheckWebsite, WhatIsNoneFails) {
  for (auto const* site : {"https://www", "x", "just words", "http://", "https://x..org", "http://10.0.0.1/", "x.1",
                           "https://x.org:port", "\xF0\x9F\x99\x8F"})
    EXPECT_EQ(first(check_website(site)), "website_malformed") << site;
  for (auto const* site : {"javascript:alert(1)", "ftp://x.org", "data:text/html,x", "mailto:a@x.org"})
    EXPECT_EQ(first(check_website(site)), "website_bad_scheme") << site;
  EXPECT_EQ(first(check_website("ann@x.org")), "website_is_email");
  EXPECT_EQ(first(check_website("https://user:pw@x.org")), "website_credentials");
}

TEST(CheckWebsite, OneAddressAmongWordsIsProposedTwoAreNot) {
  EXPECT_EQ(proposed(check_website(", https://x.org,,")), "https://x.org ?");
  EXPECT_EQ(proposed(check_website("http://x.org \xE4\xB8\xAA\xE4\xBA\xBA")), "http://x.org ?");
  EXPECT_EQ(first(check_website("x.org y.org")), "website_malformed");
  EXPECT_EQ(proposed(check_website("<p>https://x.org</p>")), "https://x.org");
}

TEST(CheckLinkedin, PagesPass) {
  EXPECT_TRUE(check_linkedin("https://www.linkedin.com/in/ann-b").ok());
  EXPECT_EQ(proposed(check_linkedin("linkedin.com/in/ann")), "https://linkedin.com/in/ann");
  EXPECT_EQ(first(check_linkedin("https://linkedin.com/company/x")), "linkedin_not_person");
  EXPECT_EQ(first(check_linkedin("https://linkedin.example.org/in/ann")), "linkedin_reserved");
  EXPECT_FALSE(check_linkedin("https://linkedin.example.org/in/ann").holds());
}

TEST(CheckLinkedin, OtherHostsFailHoweverTheyLook) {
  for (auto const* page : {"https://x.org", "https://linkedin.com.evil.org/in/ann", "https://evil-linkedin.com/in/ann",
                           "https://linkedin.evil.org/in/ann", "https://linkedin.com@evil.org/in/ann"})
    EXPECT_EQ(first(check_linkedin(page)), "linkedin_elsewhere") << page;
  EXPECT_EQ(first(check_linkedin("in/ann")), "linkedin_malformed");
}

TEST(WebAddress, HostsBelowANameAreOnLabelBoundaries) {
  EXPECT_TRUE(is_below("www.linkedin.com", "linkedin.com"));
  EXPECT_TRUE(is_below("linkedin.com", "linkedin.com"));
  EXPECT_FALSE(is_below("notlinkedin.com", "linkedin.com"));
  EXPECT_TRUE(is_reserved("a.example.org"));
  EXPECT_FALSE(is_reserved("myexample.org"));
}

}  // namespace
}  // namespace jvmm::checks
