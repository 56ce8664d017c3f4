#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "json/ref.hpp"
#include "json/writer.hpp"
#include "scoring/calibration_fit.hpp"
#include "scoring/calibration_quality.hpp"
#include "scoring/similarity_map.hpp"

namespace jvmm::scoring {

/// Which two vectors a similarity compares.
enum class FieldPair {
  offering_seeking,  ///< what one seeks with what the other offers, or does if it says no offer
  audience,          ///< who_you_serve with who_you_serve
};
inline constexpr std::array k_field_pairs{FieldPair::offering_seeking, FieldPair::audience};
std::string_view name(FieldPair pair);
std::optional<FieldPair> parse_field_pair(std::string_view text);

enum class CalibrationMethod { labelled, noise_floor };
std::string_view name(CalibrationMethod method);

/// What turns the cosines of one model's vectors into a factor's score, and how it came about. As JSON:
/// docs/schemas/calibration.json; how it is fitted: docs/algorithms/calibration.md.
struct Calibration {
  std::string model;  ///< as in profiles.embeddings_model
  FieldPair field_pair = FieldPair::audience;
  CalibrationMethod method = CalibrationMethod::noise_floor;
  SimilarityMap map;
  std::string fitted_at;           ///< ISO 8601
  std::string source;              ///< one line for people: the file of pairs, or how the random ones were drawn
  std::size_t pairs = 0;           ///< with a cosine
  std::optional<Noise> noise;      ///< of noise_floor
  std::optional<Quality> quality;  ///< of labelled, on the very pairs it was fitted to
};

void write_json(json::Writer& out, Calibration const& calibration);
std::string to_json(Calibration const& calibration);

/// **Throws** bad_input, saying where, for what is no calibration or whose map is not monotone within 0..10.
Calibration read_calibration(json::Ref const& document);

/// Those compiled in (lib/scoring/calibrations/). Thread-safe.
std::span<Calibration const> shipped_calibrations();

/// nullptr where none is shipped.
Calibration const* find_shipped_calibration(std::string_view model, FieldPair pair);

}  // namespace jvmm::scoring
