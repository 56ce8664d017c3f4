#pragma once

#include <string>
#include <vector>

#include "json/parse.hpp"
#include "json/ref.hpp"
#include "scoring/calibration_quality.hpp"

namespace jvmm::scoring {

/// A case of tests/data/calibration/measures.json, whose values scikit-learn computed.
struct ReferenceCase {
  json::Value document;
  std::vector<LabelledPair> pairs;

  std::string name() const { return at("name").string(); }
  double value(std::string const& member) const { return at(member).number(); }
  json::Ref at(std::string const& member) const { return json::Ref(document, "measures.json")[member]; }
};

inline std::vector<ReferenceCase> reference_cases() {
  auto const file = json::parse_file(JVMM_SOURCE_DIR "/tests/data/calibration/measures.json");
  std::vector<ReferenceCase> out;
  for (auto const& item : json::Ref(file, "measures.json").items()) {
    ReferenceCase one{item.value(), {}};
    auto const cosines = item["cosine"].items(), labels = item["label"].items();
    for (std::size_t i = 0; i < cosines.size(); ++i)
      one.pairs.push_back({cosines[i].number(), labels[i].number()});
    out.push_back(std::move(one));
  }
  return out;
}

}  // namespace jvmm::scoring
