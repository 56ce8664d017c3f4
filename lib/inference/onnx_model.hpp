#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "inference/model_files.hpp"
#include "inference/onnx_runtime.hpp"
#include "text/wordpiece.hpp"

namespace jvmm::inference {

/// A BERT graph that is ready to run: rows of tokens in, one vector per row out. The graph's inputs are used as it
/// declares them (token_type_ids may be missing); its output is one vector per token, which is pooled here, or one per
/// text ("sentence_embedding"), which is taken as it is.
/// **Threads**: `run` is safe; it computes on the calling thread.
class OnnxModel {
 public:
  /// **Throws** configuration (no ONNX Runtime; a graph of another kind), bad_input (a damaged file).
  OnnxModel(std::filesystem::path weights, std::size_t dims, Pooling pooling, text::TokenId pad);

  /// One vector of `dims` numbers per row, one after the other. Rows are padded to the longest.
  /// **Throws** bad_answer if the graph's answer has another shape, internal if it fails.
  /// REQUIRES: at least one row, none empty.
  std::vector<float> run(std::span<std::span<text::TokenId const> const> rows) const;

 private:
  struct Batch;

  void choose_inputs();
  void choose_output();
  std::vector<float> pooled(Ort::Value const& output, Batch const& batch) const;
  Error unexpected_graph(std::string const& what) const;

  std::filesystem::path m_weights;
  std::size_t m_dims;
  Pooling m_pooling;
  text::TokenId m_pad;
  std::unique_ptr<Ort::Session> m_session;
  std::vector<std::string> m_inputs;
  std::string m_output;
};

}  // namespace jvmm::inference
