#pragma once

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "json/parse.hpp"
#include "json/ref.hpp"

namespace jvmm::inference {

/// Where set-up put the default model. **Throws**, saying what to do, if it did not.
inline std::filesystem::path default_model() {
  std::filesystem::path const folder = JVMM_DEPS_DIR "/models/all-MiniLM-L6-v2";
  if (!std::filesystem::exists(folder / "model.onnx"))
    throw std::runtime_error(folder.string() + ": the model is missing; run scripts/setup");
  return folder;
}

/// The lines of a file under tests/data, each a JSON value.
inline std::vector<json::Value> read_lines(std::string const& name) {
  std::ifstream file(JVMM_SOURCE_DIR "/tests/data/" + name);
  std::vector<json::Value> out;
  for (std::string line; std::getline(file, line);)
    out.push_back(json::parse(line, name));
  if (out.empty()) throw std::runtime_error(name + " is missing or empty");
  return out;
}

}  // namespace jvmm::inference
