#include "personas/assign.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "personas/planted.hpp"
#include "personas/stored_model.hpp"
#include "support/expect_error.hpp"

namespace jvmm::personas {
namespace {

using jvmm::testing::expect_error;

Fit const& planted() {
  static auto const found = [] {
    FitOptions options;
    options.draws = 2;
    options.method = Method::phrase_graph;
    return fit(planted_input(planted_rows(20, 30, 3)), options);
  }();
  return found;
}

AssignInput input_of(std::vector<AudienceText> const& rows) {
  return {rows, {}, {}, "words", word_vectors};
}

TEST(AssignPersonas, ToTheRowsOfTheFitWhatTheFitSaid) {
  auto const rows = planted_rows(20, 30, 3);
  auto const again = assign(planted().model, input_of(rows));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(again.rows[i].persona, planted().rows[i].persona);
    EXPECT_EQ(again.rows[i].basis, Basis::phrases);
    EXPECT_GT(again.rows[i].score, 0.5);
    EXPECT_LE(again.rows[i].score, 1);
  }
  EXPECT_EQ(again.familiar, 1);
  EXPECT_FALSE(again.drifted);
}

TEST(AssignPersonas, TheAudienceNamedFirstIsThePrimaryOne) {
  auto const& model = planted().model;
  auto const first = model.personas[0].terms[0].text, second = model.personas[1].terms[0].text;
  std::vector<AudienceText> rows(2);
  rows[0].id = "a", rows[0].who_you_serve = "Mostly " + first + ", some " + second;
  rows[1].id = "b", rows[1].who_you_serve = second + "; " + first;
  auto const found = assign(model, input_of(rows)).rows;
  EXPECT_EQ(found[0].persona, 0U);
  EXPECT_EQ(found[0].second, 1U);
  EXPECT_NEAR(found[0].score, 2.0 / 3, 0.1);
  EXPECT_EQ(found[1].persona, 1U);
  EXPECT_EQ(found[1].second, 0U);
}

TEST(AssignPersonas, WithoutHeadsOtherFieldsVote) {
  auto const& model = planted().model;
  std::vector<AudienceText> rows(3);
  rows[0].id = "a", rows[0].audience_type = model.personas[4].terms[0].text;
  rows[1].id = "b", rows[1].seeking = "Newsletters read by " + model.personas[5].terms[1].text + ".";
  rows[2].id = "c", rows[2].niche = "whatever";
  auto const found = assign(model, input_of(rows));
  EXPECT_EQ(found.rows[0].persona, 4U);
  EXPECT_EQ(found.rows[1].persona, 5U);
  EXPECT_FALSE(found.rows[2].persona);
  EXPECT_EQ(found.rows[2].basis, Basis::none);
  EXPECT_EQ(found.unassigned, 1U);
}

TEST(AssignPersonas, ARowAloneGetsWhatItGetsAmongOthers) {
  auto const rows = planted_rows(20, 5, 9);
  auto const together = assign(planted().model, input_of(rows)).rows;
  for (std::size_t i = 0; i < rows.size(); i += 17) {
    std::vector<AudienceText> const one{rows[i]};
    EXPECT_EQ(assign(planted().model, input_of(one)).rows.front().persona, together[i].persona);
  }
}

TEST(AssignPersonas, ByVectorOnlyWithinReach) {
  auto const rows = planted_rows(20, 30, 3);
  std::vector<std::string> texts;
  for (auto const& row : rows)
    texts.push_back(row.who_you_serve);
  auto const vectors = word_vectors(texts);
  auto input = planted_input(rows);
  input.audience = {vectors, 64};
  FitOptions options;
  options.draws = 0;
  auto const model = fit(input, options).model;
  std::vector<AudienceText> wordless(2);
  wordless[0].id = "near", wordless[1].id = "far";
  wordless[0].niche = wordless[1].niche = "x";
  std::vector<float> two(model.personas[3].centroid);
  for (std::size_t c = 0; c < 64; ++c)
    two.push_back(-two[c]);
  auto asked = input_of(wordless);
  asked.audience = {two, 64};
  auto const found = assign(model, asked).rows;
  EXPECT_EQ(found[0].persona, 3U);
  EXPECT_EQ(found[0].basis, Basis::vector);
  EXPECT_NEAR(found[0].score, 1, 1e-5);
  EXPECT_FALSE(found[1].persona);
}

TEST(AssignPersonas, ForeignRowsAreSaidToHaveDrifted) {
  std::vector<AudienceText> rows(40);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows[i].id = std::to_string(i);
    rows[i].who_you_serve = "unheard" + std::to_string(i);
  }
  auto const found = assign(planted().model, input_of(rows));
  EXPECT_TRUE(found.drifted);
  EXPECT_THAT(found.remark, ::testing::HasSubstr("0 % of the audiences that these profiles name are known"));
  rows.resize(29);
  EXPECT_FALSE(assign(planted().model, input_of(rows)).drifted);
}

TEST(AssignPersonas, MixedModelsAndBadNumbersAreRefused) {
  auto const rows = planted_rows(1, 1, 1);
  auto input = input_of(rows);
  input.embedding = "another";
  expect_error(Kind::bad_input, "found with the embedding model words", [&] { assign(planted().model, input); });
  input = input_of(rows);
  std::vector<float> const narrow(32, 1.0F), infinite(64, std::numeric_limits<float>::infinity());
  input.audience = {narrow, 32};
  expect_error(Kind::bad_input, "32 dimensions", [&] { assign(planted().model, input); });
  input.audience = {infinite, 64};
  expect_error(Kind::bad_input, "not finite", [&] { assign(planted().model, input); });
  EXPECT_TRUE(assign(planted().model, input_of({})).rows.empty());
}

TEST(StoredModel, IsTheModelAgain) {
  auto const rows = planted_rows(20, 30, 3);
  for (auto const method : {Method::phrase_graph, Method::shared_neighbours}) {
    FitOptions options;
    options.method = method;
    options.draws = 1;
    auto model = fit(planted_input(rows), options).model;
    model.personas[1].named_by_hand = true;
    model.personas[1].absorbed = {"x"};
    model.retired = {"x", "y"};
    auto const kept = stored(model);
    EXPECT_EQ(load_model(kept.document, kept.vectors), model);
  }
}

TEST(StoredModel, DamagedOnesAreRefused) {
  auto const kept = stored(planted().model);
  auto fewer = kept.vectors, more = kept.vectors;
  fewer.pop_back();
  more.push_back(0);
  expect_error(Kind::bad_input, "fewer", [&] { load_model(kept.document, fewer); });
  expect_error(Kind::bad_input, "more", [&] { load_model(kept.document, more); });
  expect_error(Kind::bad_input, "stored personas", [&] { load_model("{}", kept.vectors); });
  auto const replaced = [&](std::string const& what, std::string const& by) {
    auto text = kept.document;
    text.replace(text.find(what), what.size(), by);
    return text;
  };
  expect_error(Kind::bad_input, "/form", [&] { load_model(replaced("\"form\":1", "\"form\":2"), kept.vectors); });
  expect_error(Kind::bad_input, "/method", [&] { load_model(replaced("phrase-graph", "automatic"), kept.vectors); });
  expect_error(Kind::bad_input, "an index below",
               [&] { load_model(replaced("\"node\":0", "\"node\":99999"), kept.vectors); });
}

}  // namespace
}  // namespace jvmm::personas
