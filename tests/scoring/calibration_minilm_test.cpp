// What the shipped calibration of the default model is worth: on the rows it was fitted to, and on texts of its own.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <functional>
#include <memory>
#include <utility>

#include "inference/default_model.hpp"
#include "inference/embedder.hpp"
#include "math/vector.hpp"
#include "scoring/calibration.hpp"

namespace jvmm::scoring {
namespace {

using inference::Vector;

std::vector<Vector> embed(std::vector<std::string> const& texts) {
  static auto const embedder = [] {
    inference::EmbedderOptions options;
    options.models_dirs = {inference::default_model().parent_path()};
    return inference::open_embedder(options);
  }();
  std::vector<Vector> out;
  for (auto& result : embedder->embed(std::vector<std::string_view>(texts.begin(), texts.end())))
    out.push_back(std::move(result).value_or_throw().vector);
  return out;
}

SimilarityMap const& shipped(FieldPair pair) {
  auto const* calibration = find_shipped_calibration("all-MiniLM-L6-v2", pair);
  if (!calibration) throw std::runtime_error("none is shipped");
  return calibration->map;
}

struct Means {
  double match = 0, other = 0;
};

Means means(std::vector<LabelledPair> const& pairs, std::function<double(double)> const& score) {
  Means sum, count;
  for (auto const& pair : pairs) {
    (pair.label == 1 ? sum.match : sum.other) += score(pair.cosine);
    ++(pair.label == 1 ? count.match : count.other);
  }
  return {sum.match / count.match, sum.other / count.other};
}

struct Audience {
  std::string text, primary, secondary;
};

/// Rows of labelled-200 whose audience the text tells, without copies of other rows.
std::vector<Audience> labelled_rows() {
  std::string const command = "gzip -dc '" JVMM_SOURCE_DIR "/tests/data/fixtures/labelled-200.jsonl.gz'";
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> const pipe(popen(command.c_str(), "r"), &pclose);
  std::vector<Audience> out;
  std::string line;
  for (int c = std::fgetc(pipe.get()); c != EOF; c = std::fgetc(pipe.get())) {
    if (c != '\n') {
      line += static_cast<char>(c);
      continue;
    }
    auto const document = json::parse(line, "labelled-200");
    line.clear();
    json::Ref const row(document, "labelled-200");
    auto const text = row["profile"].find("who_you_serve");
    if (!text || !row["labels"]["recoverable"]["persona"].boolean() || row["labels"].find("duplicate_of")) continue;
    auto const persona = row["labels"]["persona"];
    auto const secondary = persona.find("secondary");
    out.push_back({text->string(), persona["primary"].string(), secondary ? secondary->string() : ""});
  }
  return out;
}

/// The same primary persona in other words against different personas; `strict` leaves out pairs that share a persona
/// which is secondary for one.
std::vector<LabelledPair> audience_pairs(bool strict) {
  auto const rows = labelled_rows();
  std::vector<std::string> texts;
  for (auto const& row : rows)
    texts.push_back(row.text);
  auto const vectors = embed(texts);
  std::vector<LabelledPair> out;
  for (std::size_t a = 0; a < rows.size(); ++a)
    for (std::size_t b = a + 1; b < rows.size(); ++b) {
      auto const &x = rows[a], &y = rows[b];
      bool const same = x.primary == y.primary;
      bool const related =
          x.primary == y.secondary || x.secondary == y.primary || (x.secondary == y.secondary && !x.secondary.empty());
      if (same ? x.text == y.text : strict && related) continue;
      out.push_back({double{math::cosine(vectors[a], vectors[b])}, same ? 1.0 : 0.0});
    }
  return out;
}

/// The greatest mean score of matches that any monotone map can reach while others average `other`: ten times the
/// concave hull of the ROC curve at a false positive rate of other / 10, since a monotone map is a mixture of steps.
double best_possible(std::vector<LabelledPair> pairs, double other) {
  std::sort(pairs.begin(), pairs.end(), [](auto const& a, auto const& b) { return a.cosine > b.cosine; });
  double const matches =
      static_cast<double>(std::count_if(pairs.begin(), pairs.end(), [](auto const& p) { return p.label == 1; }));
  double const others = static_cast<double>(pairs.size()) - matches;
  std::vector<std::pair<double, double>> hull{{0, 0}};
  double hits = 0, misses = 0;
  for (auto const& pair : pairs) {
    ++(pair.label == 1 ? hits : misses);
    std::pair const point{misses / others, hits / matches};
    auto const slope = [](auto const& p, auto const& q) {
      return (q.second - p.second) / (q.first - p.first + 1e-300);
    };
    while (hull.size() > 1 && slope(hull[hull.size() - 2], hull.back()) <= slope(hull.back(), point))
      hull.pop_back();
    hull.push_back(point);
  }
  auto const after = std::find_if(hull.begin(), hull.end(), [&](auto const& p) { return p.first >= other / 10; });
  auto const [x0, y0] = *std::prev(after);
  return 10 * (y0 + (after->second - y0) * (other / 10 - x0) / (after->first - x0));
}

TEST(ShippedCalibration, KeepsDifferentPersonasLow) {
  EXPECT_LE(means(audience_pairs(true), shipped(FieldPair::audience)).other, 1.5);
  EXPECT_LE(means(audience_pairs(false), shipped(FieldPair::audience)).other, 1.5);
}

// 7 of 10 for the same persona, with 1.5 for different ones, is out of reach of every monotone map of these cosines.
TEST(ShippedCalibration, RaisesTheSamePersonaNearlyAsFarAsAnyMapCan) {
  auto const pairs = audience_pairs(true);
  auto const scores = means(pairs, shipped(FieldPair::audience));
  auto const best = best_possible(pairs, 1.5);
  EXPECT_LT(best, 7);
  EXPECT_GE(scores.match, 6.2);
  EXPECT_GE(scores.match, 0.93 * best);
  EXPECT_GE(scores.match, 0.95 * best_possible(pairs, scores.other));
}

using Paraphrases = std::vector<std::pair<std::string, std::string>>;

/// A pair is a match; the first of one with the second of another is not.
std::vector<LabelledPair> crossed(Paraphrases const& paraphrases) {
  std::vector<std::string> first, second;
  for (auto const& [a, b] : paraphrases) {
    first.push_back(a);
    second.push_back(b);
  }
  auto const x = embed(first), y = embed(second);
  std::vector<LabelledPair> out;
  for (std::size_t a = 0; a < x.size(); ++a)
    for (std::size_t b = 0; b < y.size(); ++b)
      out.push_back({double{math::cosine(x[a], y[b])}, a == b ? 1.0 : 0.0});
  return out;
}

// Written for this test; nothing was fitted to them.
Paraphrases const k_audiences{{"first-time mothers", "new moms with infants"},
                              {"early-stage startup founders", "entrepreneurs building a new tech company"},
                              {"retired people", "seniors who have left the workforce"},
                              {"owners of small local shops", "neighbourhood store proprietors"},
                              {"people who lost a spouse", "widows and widowers in grief"},
                              {"college students", "university undergraduates"},
                              {"software developers", "programmers and software engineers"},
                              {"burned-out professionals", "overworked employees close to exhaustion"},
                              {"women in menopause", "midlife women with hot flashes and hormonal change"},
                              {"parents of teenagers", "moms and dads raising adolescents"},
                              {"singles looking for love", "unmarried adults seeking a romantic partner"},
                              {"HR directors", "heads of human resources and people operations"},
                              {"landlords and property investors", "real estate investors who own rentals"},
                              {"aspiring authors", "people who want to write their first book"}};
Paraphrases const k_wishes{{"Business growth coach", "Company scaling mentor"},
                           {"podcast guests who talk about money", "interviews on personal finance for your show"},
                           {"someone to build my website", "web design and development"},
                           {"affiliates for an online course launch", "promotion partners for digital course launches"},
                           {"speakers for a leadership summit", "keynote speaking on leadership"},
                           {"help with social media marketing", "done-for-you social media management"},
                           {"a ghostwriter for my book", "book writing and ghostwriting service"},
                           {"yoga teachers for a retreat", "yoga instruction at wellness retreats"},
                           {"an accountant for small firms", "bookkeeping and tax preparation for small businesses"},
                           {"career advice for people changing jobs", "job search coaching for career changers"},
                           {"introductions to real estate investors", "network of property investors"},
                           {"nutrition plans for athletes", "sports dietitian creating meal plans for athletes"}};

TEST(ShippedCalibration, TellsPlainParaphrasesFromUnrelatedTexts) {
  auto const audience = means(crossed(k_audiences), shipped(FieldPair::audience));
  EXPECT_GE(audience.match, 7);
  EXPECT_LE(audience.other, 1.5);
  auto const wish = means(crossed(k_wishes), shipped(FieldPair::offering_seeking));
  EXPECT_GE(wish.match, 7);
  EXPECT_LE(wish.other, 1.5);
}

TEST(ShippedCalibration, FindsTheScalingMentorForTheGrowthCoach) {
  auto const vectors = embed({"Business growth coach", "Company scaling mentor", "tax law for sailors"});
  auto const& map = shipped(FieldPair::offering_seeking);
  EXPECT_GE(map(double{math::cosine(vectors[0], vectors[1])}), 7);
  EXPECT_LE(map(double{math::cosine(vectors[0], vectors[2])}), 1);
}

TEST(ShippedCalibration, IsPlain) {
  EXPECT_EQ(shipped_calibrations().size(), 2u);
  for (auto const& calibration : shipped_calibrations()) {
    EXPECT_EQ(calibration.map.problem(), std::nullopt);
    EXPECT_LE(calibration.map.knots.size(), 6u);
    EXPECT_EQ(calibration.map(0), 0);
    EXPECT_EQ(calibration.map(1), 10);
  }
  EXPECT_EQ(find_shipped_calibration("bge-small-en-v1.5", FieldPair::audience), nullptr);
}

}  // namespace
}  // namespace jvmm::scoring
