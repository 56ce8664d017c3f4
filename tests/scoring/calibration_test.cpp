#include "scoring/calibration.hpp"

#include <gtest/gtest.h>

#include "scoring/calibration_cases.hpp"
#include "support/expect_error.hpp"

namespace jvmm::scoring {
namespace {

using jvmm::testing::expect_error;

Calibration labelled() {
  auto const pairs = reference_cases()[1].pairs;
  Calibration out{.model = "m\"odel",
                  .field_pair = FieldPair::audience,
                  .method = CalibrationMethod::labelled,
                  .map = fit_labelled(pairs),
                  .fitted_at = "2026-11-01T00:00:00.000+00:00",
                  .source = "pairs.csv",
                  .pairs = pairs.size(),
                  .noise = {},
                  .quality = {}};
  out.quality = measure(pairs, out.map);
  return out;
}

Calibration from_text(std::string const& text) {
  auto const document = json::parse(text, "calibration");
  return read_calibration(json::Ref(document, "calibration"));
}

void expect_refused(std::string text, std::string const& from, std::string const& to, std::string const& said) {
  auto const place = text.find(from);
  ASSERT_NE(place, std::string::npos) << from;
  expect_error(Kind::bad_input, said, [&] { (void)from_text(text.replace(place, from.size(), to)); });
}

TEST(Calibration, SurvivesJson) {
  auto const text = to_json(labelled());
  EXPECT_EQ(to_json(from_text(text)), text);
  auto noise = labelled();
  noise.method = CalibrationMethod::noise_floor;
  noise.quality.reset();
  noise.noise = Noise{0.2, 0.35, 0.5, 0.117};
  EXPECT_EQ(to_json(from_text(to_json(noise))), to_json(noise));
  EXPECT_EQ(from_text(to_json(noise)).noise->q90, 0.35);
}

TEST(Calibration, RefusesADocumentThatIsNone) {
  auto calibration = labelled();
  calibration.map = {{{0.25, 1}, {0.5, 9}}};
  auto const text = to_json(calibration);
  expect_refused(text, "\"audience\"", "\"niche\"", "/field_pair");
  expect_refused(text, "\"labelled\"", "\"guessed\"", "/method");
  expect_refused(text, "\"score\":9.0", "\"score\":11.0", "/map: expected a monotone map to 0..10");
  expect_refused(text, "\"score\":9.0", "\"score\":0.5", "the scores descend");
  expect_refused(text, "\"cosine\":0.5", "\"cosine\":\"x\"", "/map/1/cosine");
  expect_refused(text, "\"model\"", "\"modell\"", "model");
}

}  // namespace
}  // namespace jvmm::scoring
