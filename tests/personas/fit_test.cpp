#include "personas/fit.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <set>

#include "algo/adjusted_rand/adjusted_rand.hpp"
#include "personas/planted.hpp"
#include "personas/stored_model.hpp"
#include "support/expect_error.hpp"
#include "support/test_seed.hpp"

namespace jvmm::personas {
namespace {

using jvmm::testing::expect_error;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

double agreement(std::vector<AudienceText> const& rows, Fit const& found) {
  std::vector<std::size_t> labels, truth;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    labels.push_back(found.rows[i].persona ? *found.rows[i].persona : 1000 + i);
    truth.push_back(group_of(rows[i]));
  }
  return algo::adjusted_rand_index(labels, truth);
}

FitOptions quick(Method method = Method::phrase_graph, bool spectral = false) {
  FitOptions options;
  options.method = method;
  options.draws = 0;
  options.parameters.spectral = spectral;
  return options;
}

std::string bytes(Fit const& found) {
  auto const kept = stored(found.model);
  return kept.document + std::string(reinterpret_cast<char const*>(kept.vectors.data()), 4 * kept.vectors.size());
}

TEST(FitPersonas, FindsPlantedAudiences) {
  auto const rows = planted_rows(24, 30, test::test_seed());
  auto const found = fit(planted_input(rows), {});
  EXPECT_EQ(found.model.method, Method::phrase_graph);
  EXPECT_EQ(found.model.personas.size(), 24U);
  EXPECT_DOUBLE_EQ(agreement(rows, found), 1);
  EXPECT_FALSE(found.report.tentative);
  EXPECT_GT(found.model.familiar, 0.99);
  EXPECT_EQ(found.report.by_phrases, rows.size());
  std::set<std::string> keys;
  for (auto const& persona : found.model.personas) {
    keys.insert(persona.key);
    EXPECT_GE(persona.terms.size(), 3U) << persona.name;
    EXPECT_EQ(persona.medoids.size(), 5U);
  }
  EXPECT_EQ(keys.size(), 24U);
}

TEST(FitPersonas, TheOrderOfRowsAndThreadsChangeNoByte) {
  auto rows = planted_rows(22, 20, 5);
  auto const vectors = [](std::vector<AudienceText> const& from) {
    std::vector<std::string> texts;
    for (auto const& row : from)
      texts.push_back(row.who_you_serve);
    return word_vectors(texts);
  };
  for (auto const& [method, spectral] : std::vector<std::pair<Method, bool>>{{Method::automatic, false},
                                                                             {Method::shared_neighbours, false},
                                                                             {Method::kmeans, false},
                                                                             {Method::kmeans, true},
                                                                             {Method::hdbscan, false},
                                                                             {Method::hdbscan, true}}) {
    auto options = quick(method, spectral);
    options.draws = 2;
    auto const ordered = vectors(rows);
    auto input = planted_input(rows);
    input.audience = {ordered, 64};
    auto const before = fit(input, options);
    auto shuffled = rows;
    std::mt19937 random(test::test_seed());
    std::ranges::shuffle(shuffled, random);
    auto const reordered = vectors(shuffled);
    auto other = planted_input(shuffled);
    other.audience = {reordered, 64};
    options.threads = 2;
    auto const after = fit(other, options);
    EXPECT_EQ(bytes(before), bytes(after));
    EXPECT_EQ(before.report.remarks, after.report.remarks);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      auto const at = std::ranges::find(shuffled, rows[i].id, &AudienceText::id) - shuffled.begin();
      EXPECT_EQ(before.rows[i], after.rows[static_cast<std::size_t>(at)]);
    }
  }
}

TEST(FitPersonas, TheOtherMethodFindsThemByVectorsToo) {
  auto const rows = planted_rows(24, 30, 3);
  auto const found = fit(planted_input(rows), quick(Method::shared_neighbours));
  EXPECT_EQ(found.model.method, Method::shared_neighbours);
  EXPECT_FALSE(found.model.personas.front().field_centroid.empty());
  EXPECT_EQ(found.report.by_vector, rows.size());
}

TEST(FitPersonas, ByNameTheyAreFoundOnTheSpectralEmbeddingToo) {
  auto const rows = planted_rows(24, 30, 3);
  for (auto const method : {Method::kmeans, Method::hdbscan}) {
    auto options = quick(method, true);
    options.parameters.row_neighbours = 8;  // an audience has 15 different rows
    if (method == Method::kmeans) options.target_k = 24;
    auto const found = fit(planted_input(rows), options);
    EXPECT_EQ(found.model.method, method);
    EXPECT_EQ(found.model.personas.size(), 24U) << name(method);
    EXPECT_GE(agreement(rows, found), 0.9) << name(method);  // k-means stops at a local optimum
    EXPECT_GT(found.report.edges, 0U);
  }
}

TEST(FitPersonas, KMeansGivesAnyNumberAndHdbscanLeavesNoise) {
  auto const rows = planted_rows(24, 30, 3);
  auto options = quick(Method::kmeans);
  options.target_k = 17;
  EXPECT_EQ(fit(planted_input(rows), options).model.personas.size(), 17U);
  options.target_k = 5000;
  expect_error(Kind::bad_input, "do not give 5000 personas; they give", [&] { fit(planted_input(rows), options); });
  auto const found = fit(planted_input(rows), quick(Method::hdbscan));
  EXPECT_GT(found.report.unassigned, 0U);
  EXPECT_EQ(found.report.unassigned + found.report.by_vector, rows.size());
}

TEST(FitPersonas, VectorsWithoutGroupsAreSaidToHaveNone) {
  std::vector<AudienceText> rows(40);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows[i].id = std::to_string(i);
    rows[i].who_you_serve = "small business owners";
  }
  for (bool const spectral : {false, true})
    expect_error(Kind::bad_input, "the vectors form no groups",
                 [&] { fit(planted_input(rows), quick(Method::hdbscan, spectral)); });
}

TEST(FitPersonas, AHeldResolutionIsOfItsMethodAlone) {
  auto const rows = planted_rows(24, 20, 3);
  auto options = quick(Method::kmeans);
  options.held = {Method::kmeans, 22};
  EXPECT_EQ(fit(planted_input(rows), options).model.personas.size(), 22U);
  options.method = Method::phrase_graph;
  auto const scanned = fit(planted_input(rows), options);
  EXPECT_GT(scanned.report.scan.size(), 5U);
  EXPECT_EQ(scanned.model.personas.size(), 24U);
}

TEST(FitPersonas, AHeldResolutionIsKept) {
  auto const rows = planted_rows(24, 20, 3);
  auto options = quick();
  options.held = {Method::phrase_graph, 2.5};
  auto const found = fit(planted_input(rows), options);
  EXPECT_DOUBLE_EQ(found.model.resolution, 2.5);
  EXPECT_EQ(found.report.scan.size(), 5U);
}

TEST(FitPersonas, ATargetIsMetOrRefusedWithWhatThereIs) {
  auto const rows = planted_rows(12, 30, 3);
  auto options = quick();
  options.target_k = 12;
  EXPECT_EQ(fit(planted_input(rows), options).model.personas.size(), 12U);
  options.target_k = 5000;
  expect_error(Kind::bad_input, "do not give 5000 personas; they give", [&] { fit(planted_input(rows), options); });
}

TEST(FitPersonas, AnOutlierGoalIsMetByVectorsOrRefused) {
  auto rows = planted_rows(20, 20, 3);
  std::vector<std::string> texts;
  for (auto& row : rows)
    texts.push_back(row.who_you_serve);
  for (std::size_t i = 0; i < 40; ++i)
    rows[i * 10].who_you_serve.clear(), rows[i * 10].niche = "something";
  auto options = quick();
  options.max_outliers = 0.02;
  expect_error(Kind::bad_input, "max-outliers 2.0 %: 40 of 400", [&] { fit(planted_input(rows), options); });
  auto const vectors = word_vectors(texts);
  auto input = planted_input(rows);
  input.audience = {vectors, 64};
  auto const found = fit(input, options);
  EXPECT_LE(found.report.unassigned, 8U);
  EXPECT_GE(found.report.by_vector, 32U);
  options.max_outliers.reset();
  EXPECT_EQ(fit(planted_input(rows), options).report.unassigned, 40U);
}

TEST(FitPersonas, TooFewAudiencesAreSaidToBeTentative) {
  auto const one = planted_rows(1, 1, 1);
  auto const found = fit(planted_input(one), {});
  EXPECT_EQ(found.model.personas.size(), 1U);
  EXPECT_THAT(found.report.remarks, Contains(HasSubstr("as no resolution gives 20 to 32")));
}

TEST(FitPersonas, EqualRowsAreOnePersonaAndSaidToSwallowAll) {
  std::vector<AudienceText> rows(3000);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows[i].id = std::to_string(i);
    rows[i].who_you_serve = "small business owners";
  }
  for (auto const method : {Method::automatic, Method::phrase_graph, Method::shared_neighbours, Method::kmeans}) {
    auto options = quick(method);
    options.draws = 1;
    auto const found = fit(planted_input(rows), options);
    ASSERT_EQ(found.model.personas.size(), 1U);
    EXPECT_DOUBLE_EQ(found.report.largest_share, 1);
    EXPECT_THAT(found.report.remarks, Contains(HasSubstr("one persona has 100 %")));
  }
}

TEST(FitPersonas, RowsWithoutATextGetNone) {
  auto rows = planted_rows(20, 20, 3);
  rows.push_back({"zz", "", " ", "", "", "<p>", "", ""});
  auto const found = fit(planted_input(rows), quick());
  EXPECT_FALSE(found.rows.back().persona);
  EXPECT_EQ(found.report.with_text, 400U);
  EXPECT_EQ(found.report.unassigned, 0U);
}

TEST(FitPersonas, OtherLanguagesAndHostileTextsHarmNobody) {
  auto rows = planted_rows(20, 20, 3);
  std::string const nul("nul\0here and \xC0\xAF", 13);
  for (auto const& text : {std::string("Alleinerziehende Mütter; 创业者 / 起業家"), std::string(2000000, 'x'), nul,
                           std::string("'; drop table profiles; --"), std::string("* # ** a*b #1"),
                           std::string(200000, ';'), std::string("\u202Eabc\u202C \U0001F600 fans")}) {
    AudienceText row;
    row.id = "z" + std::to_string(rows.size());
    row.who_you_serve = text;
    row.seeking = text;
    rows.push_back(row);
  }
  auto const found = fit(planted_input(rows), quick());
  EXPECT_GE(found.model.personas.size(), 20U);
  std::vector<AudienceText> planted(rows.begin(), rows.begin() + 400);
  EXPECT_DOUBLE_EQ(agreement(planted, found), 1);
}

TEST(FitPersonas, BadInputIsRefused) {
  auto rows = planted_rows(2, 3, 3);
  auto const refuse = [&](Kind kind, std::string const& part, FitInput const& input, FitOptions const& options = {}) {
    expect_error(kind, part, [&] { fit(input, options); });
  };
  std::vector<AudienceText> none, blank(3);
  refuse(Kind::bad_input, "none of 0 profiles", planted_input(none));
  refuse(Kind::bad_input, "has no id", planted_input(blank));
  auto twice = rows;
  twice[4].id = twice[2].id;
  refuse(Kind::bad_input, "is twice", planted_input(twice));
  std::vector<float> nan(6 * 64, 1.0F);
  nan[70] = std::numeric_limits<float>::quiet_NaN();
  auto input = planted_input(rows);
  input.audience = {nan, 64};
  refuse(Kind::bad_input, "row-0-1 has a number that is not finite", input);
  std::vector<float> const narrow(6 * 32, 1.0F);
  input.audience = {narrow, 32};
  refuse(Kind::bad_answer, "32 dimensions", input);
  input.audience = {narrow, 64};
  refuse(Kind::bad_input, "are not 6 rows of 64", input);
  FitOptions options;
  options.target_k = 1;
  refuse(Kind::usage, "at least 2", planted_input(rows), options);
  options = {};
  options.max_outliers = 1.5;
  refuse(Kind::usage, "max-outliers", planted_input(rows), options);
}

}  // namespace
}  // namespace jvmm::personas
