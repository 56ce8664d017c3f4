#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "json/writer.hpp"
#include "personas/model.hpp"

namespace jvmm::personas {

/// A model as a database keeps it: one JSON document, and all of its vectors in one list of numbers (nodes, then
/// centroids; which persona has one the document says), as they are too long for JSON.
struct StoredModel {
  std::string document;
  std::vector<float> vectors;
};

StoredModel stored(Model const& model);

/// Members of an object that is open.
void write_parameters(json::Writer& out, Parameters const& parameters);

/// The model again, equal to the one stored. **Throws** bad_input, with the path, for a document of another form, and
/// for vectors that do not fit it.
Model load_model(std::string_view document, std::vector<float> const& vectors);

}  // namespace jvmm::personas
