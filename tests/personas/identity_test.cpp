#include "personas/identity.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "personas/naming.hpp"
#include "personas/planted.hpp"
#include "support/expect_error.hpp"

namespace jvmm::personas {
namespace {

using jvmm::testing::expect_error;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

/// A fit of so many personas, each named by a letter, and the persona of each row.
Fit fit_of(std::vector<std::string> const& names, std::vector<std::size_t> const& labels) {
  Fit out;
  for (auto const& name : names) {
    Persona persona;
    persona.key = persona.name = name;
    persona.terms = {{name, 1, 1}};
    out.model.personas.push_back(persona);
  }
  for (auto const label : labels) {
    Assignment row;
    if (label < names.size()) {
      row = {label, 1, std::nullopt, 0, Basis::phrases};
      ++out.model.personas[label].size;
    }
    out.rows.push_back(row);
  }
  return out;
}

std::vector<AudienceText> rows_of(std::size_t count) {
  std::vector<AudienceText> out(count);
  for (std::size_t i = 0; i < count; ++i)
    out[i].id = std::to_string(i);
  return out;
}

std::vector<RowKey> keys_of(Fit const& fit) {
  std::vector<RowKey> out;
  for (std::size_t i = 0; i < fit.rows.size(); ++i)
    if (fit.rows[i].persona) out.push_back({std::to_string(i), fit.model.personas[*fit.rows[i].persona].key});
  return out;
}

Identity matched(Fit const& before, Fit& now) {
  return match_identities(before.model, keys_of(before), rows_of(now.rows.size()), now);
}

TEST(Identity, KeysAndNamesDoNotFlip) {
  auto before = fit_of({"a", "b", "c"}, {0, 0, 0, 1, 1, 1, 2, 2});
  before.model.personas[0].name = "The A team";
  auto now = fit_of({"b2", "a", "c"}, {1, 1, 1, 0, 0, 0, 2, 2, 2});
  auto const told = matched(before, now);
  EXPECT_EQ(now.model.personas[0].key, "b");
  EXPECT_EQ(now.model.personas[0].name, "b2");  // no phrase of the old name is among the terms
  EXPECT_EQ(now.model.personas[1].key, "a");
  EXPECT_EQ(now.model.personas[1].name, "The A team");
  EXPECT_THAT(told.kept, UnorderedElementsAre("a", "b", "c"));
  EXPECT_THAT(told.born, IsEmpty());
  EXPECT_EQ(told.rows, 8U);
  EXPECT_EQ(told.rows_kept, 8U);
}

TEST(Identity, APersonaThatLostMostOfItsRowsEnds) {
  auto const before = fit_of({"a", "b"}, {0, 0, 0, 0, 0, 1, 1, 1});
  auto now = fit_of({"x", "b", "y", "z"}, {0, 0, 2, 2, 3, 1, 1, 1});
  auto const told = matched(before, now);
  EXPECT_THAT(told.ended, ElementsAre("a"));
  EXPECT_THAT(told.born, UnorderedElementsAre("x", "y", "z"));
  EXPECT_THAT(now.model.retired, ElementsAre("a"));
  ASSERT_EQ(told.splits.size(), 1U);
  EXPECT_EQ(told.splits[0].before, "a");
  EXPECT_THAT(told.splits[0].now, UnorderedElementsAre("x", "y", "z"));
}

TEST(Identity, AnEndedKeyIsNeverGivenAgain) {
  auto before = fit_of({"a"}, {0, 0});
  before.model.retired = {"b"};
  auto now = fit_of({"a", "b"}, {0, 0, 1, 1});
  EXPECT_THAT(matched(before, now).born, ElementsAre("b-2"));
}

TEST(Identity, SplitsAndMergesAreTold) {
  auto const before = fit_of({"a", "b", "c"}, {0, 0, 0, 0, 1, 1, 2, 2, 2});
  auto now = fit_of({"a", "d", "c"}, {0, 0, 0, 1, 2, 2, 2, 2, 2});
  auto const told = matched(before, now);
  ASSERT_EQ(told.splits.size(), 1U);
  EXPECT_THAT(told.splits[0].now, ElementsAre("a", "d"));
  ASSERT_EQ(told.merges.size(), 1U);
  EXPECT_THAT(told.merges[0].before, UnorderedElementsAre("b", "c"));
  EXPECT_EQ(told.merges[0].now, "c");
  EXPECT_THAT(told.ended, ElementsAre("b"));
}

TEST(Identity, AHumansNameAndMergeAreKept) {
  auto before = fit_of({"a", "b", "c"}, {0, 0, 0, 1, 1, 2, 2});
  rename(before.model, "a", "  My people ");
  auto const moved = merge(before.model, "b", "a");
  EXPECT_THAT(moved, ElementsAre(0U, 0U, 1U));
  for (auto& row : before.rows)
    row.persona = moved[*row.persona];
  EXPECT_EQ(before.model.personas[0].size, 5U);
  EXPECT_THAT(before.model.retired, ElementsAre("b"));

  auto now = fit_of({"p", "q", "r"}, {0, 0, 0, 1, 1, 2, 2});
  auto const told = matched(before, now);
  ASSERT_EQ(now.model.personas.size(), 2U);
  EXPECT_EQ(now.model.personas[0].key, "a");
  EXPECT_EQ(now.model.personas[0].name, "My people");
  EXPECT_TRUE(now.model.personas[0].named_by_hand);
  EXPECT_THAT(now.model.personas[0].absorbed, ElementsAre("b"));
  EXPECT_EQ(now.rows[3].persona, 0U);
  EXPECT_EQ(now.rows[5].persona, 1U);
  EXPECT_EQ(told.rows_kept, 7U);
  ASSERT_EQ(told.merges.size(), 1U);
  EXPECT_TRUE(told.merges[0].by_hand);
}

TEST(Identity, OfARefitWithFivePercentMoreRowsStays) {
  auto rows = planted_rows(22, 40, 3);
  FitOptions options;
  options.draws = 0;
  options.method = Method::phrase_graph;
  auto const before = fit(planted_input(rows), options);
  std::vector<RowKey> keys;
  for (std::size_t i = 0; i < rows.size(); ++i)
    keys.push_back({rows[i].id, before.model.personas[*before.rows[i].persona].key});
  for (auto row : planted_rows(22, 2, 77)) {
    row.id += "-new";
    rows.push_back(row);
  }
  options.held = {before.model.method, before.model.resolution};
  auto now = fit(planted_input(rows), options);
  auto const told = match_identities(before.model, keys, rows, now);
  EXPECT_EQ(told.kept.size(), 22U);
  EXPECT_EQ(told.rows_kept, told.rows);
}

TEST(Identity, BadRenamesAndMergesAreRefused) {
  auto fit = fit_of({"a", "b"}, {0, 1});
  auto& model = fit.model;
  expect_error(Kind::bad_input, "there are a, b", [&] { rename(model, "z", "x"); });
  expect_error(Kind::bad_input, "empty", [&] { rename(model, "a", " \t"); });
  expect_error(Kind::bad_input, "control", [&] { rename(model, "a", "x\ny"); });
  expect_error(Kind::bad_input, "longer", [&] { rename(model, "a", std::string(201, 'x')); });
  expect_error(Kind::bad_input, "UTF-8", [&] { rename(model, "a", "\xFF"); });
  expect_error(Kind::bad_input, "called that already", [&] { rename(model, "a", "b"); });
  expect_error(Kind::bad_input, "itself", [&] { merge(model, "a", "a"); });
  merge(model, "b", "a");
  expect_error(Kind::bad_input, "is no more", [&] { merge(model, "b", "a"); });
}

TEST(Naming, TakesFrequentTypicalPhrasesThatDiffer) {
  std::vector<NamePhrase> const phrases{{"busy owners of shops", 5, 0, 0.9},
                                        {"owners of shops", 10, 0, 0.9},
                                        {"florists", 4, 0, 0.9},
                                        {"people", 12, 200, 0.9},
                                        {"bakers", 3, 0, 0.9}};
  auto const terms = name_terms(phrases, 3);
  EXPECT_EQ(name_of(terms), "owners of shops / florists / bakers");
}

TEST(Naming, KeysArePlainAndUnique) {
  EXPECT_EQ(make_key("Women over 45", {}), "women-over-45");
  EXPECT_EQ(make_key("those living with hashimoto's", {}), "those-living-with-hashimotos");
  EXPECT_EQ(make_key("创业者", {}), "persona");
  std::vector<std::string> const taken{"persona", "persona-2"};
  EXPECT_EQ(make_key("  ", taken), "persona-3");
  EXPECT_LE(make_key(std::string(300, 'x'), {}).size(), 48U);
}

}  // namespace
}  // namespace jvmm::personas
