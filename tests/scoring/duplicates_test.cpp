#include "scoring/duplicates.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <set>

#include "json/parse.hpp"
#include "json/ref.hpp"
#include "text/lines.hpp"

namespace jvmm::scoring {
namespace {

struct Person {
  std::optional<std::string> name, email = {}, company = {}, website = {};
};

DuplicateKey key(Person const& person) {
  return duplicate_key(person.name, person.email, person.company, person.website);
}

std::string evidence(Person const& a, Person const& b) {
  auto const there = duplicate_evidence(key(a), key(b));
  EXPECT_EQ(duplicate_evidence(key(b), key(a)), there) << "it is symmetric";
  return there ? std::string(name(*there)) : "none";
}

TEST(Duplicates, OneAddressAndOneWordOfTheName) {
  EXPECT_EQ(evidence({"Ann Smith", "Ann@X.example.com "}, {"ANN JONES", "ann@x.example.com"}), "email");
  EXPECT_EQ(evidence({"Ann Smith", "ann@x.example.com"}, {"Bob Jones", "ann@x.example.com"}), "none");
  EXPECT_EQ(evidence({"Ann Smith", "n/a"}, {"Ann Smith", "n/a"}), "none") << "that is no address";
  EXPECT_EQ(evidence({"Ann Smith", "@"}, {"Ann Smith", "@"}), "none");
}

TEST(Duplicates, ARoleMailboxIsOfMoreThanOne) {
  EXPECT_EQ(evidence({"Marguerite L. Quarson", "hello@t.example.com"}, {"Ming Whitlock", "hello@t.example.com"}),
            "none");
  EXPECT_EQ(evidence({"Ann Smith", "info@t.example.com"}, {"Bob Smith", "info@t.example.com"}), "none");
  EXPECT_EQ(evidence({"Ann Smith", "info@t.example.com"}, {"Dr. Ann B. Smith", "info@t.example.com"}), "email");
}

TEST(Duplicates, OneNameAndOneCompanyOrWebsite) {
  EXPECT_EQ(evidence({"Oakdale, Marguerite", {}, "Beaconcraft Institute"},
                     {"Marguerite Oakdale", {}, "BEACONCRAFT Institute, LLC"}),
            "company");
  EXPECT_EQ(evidence({"Jo Lee", {}, {}, "https://www.jolee.example.com/about?x"},
                     {"JO LEE", {}, "Other", "jolee.example.com"}),
            "website");
  EXPECT_EQ(evidence({"Jo Lee", {}, "A"}, {"Jo Lee", {}, "B"}), "none");
  EXPECT_EQ(evidence({"Jo Lee"}, {"Jo Lee"}), "none") << "a name alone is none";
  EXPECT_EQ(evidence({"Jo", {}, "A Company"}, {"Jo", {}, "A Company"}), "none") << "nor is a first name";
}

TEST(Duplicates, PlaceholdersAndPlatformsAreNoEvidence) {
  EXPECT_EQ(evidence({"Jo Lee", {}, "N/A"}, {"Jo Lee", {}, "n/a"}), "none");
  EXPECT_EQ(evidence({"Jo Lee", {}, "Self-Employed"}, {"Jo Lee", {}, "self employed"}), "none");
  EXPECT_EQ(evidence({"Jo Lee", {}, "\u200b"}, {"Jo Lee", {}, "\u200b"}), "none");
  EXPECT_EQ(evidence({"Jo Lee", {}, {}, "https://linkedin.com/in/a"}, {"Jo Lee", {}, {}, "www.linkedin.com/in/b"}),
            "none");
  EXPECT_EQ(evidence({"Jo Lee", {}, {}, "n/a"}, {"Jo Lee", {}, {}, "n/a"}), "none");
}

TEST(Duplicates, TitlesInitialsCaseAndAccentsAreNoPartOfAName) {
  for (auto const* other : {"Dr. Zoltan Bianchi", "ZOLTÁN BIANCHI, Ph.D.", "Coach Zolta\u0301n Bianchi",
                            "Bianchi, Zoltan Q.", "Prof. Zoltán  Bianchi MBA", "Zolt\u200bán Bianchi"})
    EXPECT_EQ(evidence({"Zoltán Bianchi", {}, "Truecrest Co."}, {other, {}, "truecrest"}), "company") << other;
  EXPECT_EQ(evidence({"Zoltán Bianchi", {}, "T T"}, {"Zoltana Bianchi", {}, "T T"}), "none");
  EXPECT_EQ(evidence({"Dr. Coach", {}, "T T"}, {"Prof. Coach", {}, "T T"}), "none") << "titles alone are no name";
}

TEST(Duplicates, NearlyEqualVectorsCountBesideTheSameName) {
  std::vector<float> const east{1, 0, 0}, almost{0.99F, 0.1F, 0}, north{0, 1, 0}, zero{0, 0, 0}, wide{1, 0};
  auto a = key({"Jo Lee"}), b = key({"Jo Lee"});
  a.vectors = {east, north, {}};
  b.vectors = {almost, north, east};
  EXPECT_EQ(duplicate_evidence(a, b), DuplicateEvidence::vectors);
  b.vectors = {almost, east, {}};
  EXPECT_FALSE(duplicate_evidence(a, b));
  b.vectors = {almost, {}, {}};
  EXPECT_FALSE(duplicate_evidence(a, b)) << "one field is too few";
  b.vectors = {wide, zero, {}};
  EXPECT_FALSE(duplicate_evidence(a, b)) << "nor do other widths or zeros count";
  b = key({"Jo Leigh"});
  b.vectors = {almost, north, east};
  EXPECT_FALSE(duplicate_evidence(a, b));
}

TEST(Duplicates, AreFoundInAnyOrderAsWhenAllAreCompared) {
  std::vector<DuplicateKey> keys;
  for (int i = 0; i < 400; ++i)
    keys.push_back(key({i % 3 ? "Ann Number" + std::to_string(i % 40) : "Bob Number" + std::to_string(i % 37),
                        i % 5 ? std::nullopt : std::optional("m" + std::to_string(i % 60) + "@x.example.com"),
                        "Company " + std::to_string(i % 7), "host" + std::to_string(i % 11) + ".example.com"}));
  std::vector<std::pair<std::uint32_t, std::uint32_t>> all;
  for (std::uint32_t i = 0; i < keys.size(); ++i)
    for (std::uint32_t j = i + 1; j < keys.size(); ++j)
      if (duplicate_evidence(keys[i], keys[j])) all.emplace_back(i, j);
  EXPECT_GT(all.size(), 100u);
  EXPECT_EQ(duplicate_pairs(keys), all);
  EXPECT_TRUE(duplicate_pairs({}).empty());
}

TEST(Duplicates, ANameThatAllShareCostsNoSquare) {
  std::vector<DuplicateKey> const keys(50'000, key({"Jo Lee", "jo@lee.example.com", "Lee"}));
  auto const start = std::chrono::steady_clock::now();
  EXPECT_EQ(duplicate_pairs(keys).size(), 100u * keys.size() - 100 * 101 / 2);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(30));
}

Person person_in(json::Ref const& profile) {
  auto const text = [&](char const* column) {
    auto const found = profile.find(column);
    return found ? std::optional(found->string()) : std::nullopt;
  };
  return {text("name"), text("email"), text("company"), text("website")};
}

TEST(Duplicates, OfTheLabelledFixtureAreFoundAndNoOthers) {
  std::vector<DuplicateKey> keys;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> labelled;
  text::LineReader reader(JVMM_SOURCE_DIR "/tests/data/fixtures/labelled-200.jsonl.gz");
  for (std::string line; reader.next(line);) {
    auto const row = json::parse(line);
    json::Ref const ref(row, "labelled");
    if (auto const of = ref["labels"].find("duplicate_of"))
      labelled.emplace_back(static_cast<std::uint32_t>(of->integer()), static_cast<std::uint32_t>(keys.size()));
    keys.push_back(key(person_in(ref["profile"])));
  }
  ASSERT_EQ(keys.size(), 200u);
  EXPECT_EQ(duplicate_pairs(keys), labelled);
}

}  // namespace
}  // namespace jvmm::scoring
