#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "inference/default_model.hpp"
#include "inference/embedder.hpp"
#include "personas/model.hpp"

namespace jvmm::personas {

/// Vectors of the default model, each text computed once a program.
class LocalModel {
 public:
  std::vector<float> operator()(std::span<std::string const> texts) {
    std::vector<std::string_view> missing;
    for (auto const& text : texts)
      if (m_cache.try_emplace(text).second) missing.push_back(text);
    auto results = embedder().embed(missing);
    for (std::size_t i = 0; i < missing.size(); ++i)
      m_cache[std::string(missing[i])] = std::move(results[i]).value_or_throw().vector;
    std::vector<float> out;
    for (auto const& text : texts)
      out.insert(out.end(), m_cache[text].begin(), m_cache[text].end());
    return out;
  }

  static inference::Embedder& embedder() {
    static auto const opened = [] {
      inference::EmbedderOptions options;
      options.models_dirs = {inference::default_model().parent_path()};
      return inference::open_embedder(options);
    }();
    return *opened;
  }

 private:
  std::unordered_map<std::string, std::vector<float>> m_cache;
};

inline EmbedPhrases local_model() {
  static LocalModel model;
  return [](std::span<std::string const> texts) { return model(texts); };
}

}  // namespace jvmm::personas
