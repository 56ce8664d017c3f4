#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <string_view>

#include "inference/embedder.hpp"

namespace jvmm::text {
class WordPiece;
}

namespace jvmm::inference {

/// Counts the tokens of texts for a model that runs elsewhere: exactly where the model's vocabulary is installed here,
/// else by estimate. **Threads**: safe.
class TokenCounter {
 public:
  struct Counted {
    std::size_t tokens = 0;
    bool truncated = false;  ///< the text goes on beyond the window; by estimate where `is_exact` is false
  };

  TokenCounter(EmbedderInfo const& model, std::span<std::filesystem::path const> models_dirs);

  Counted count(std::string_view text) const;

  /// How many bytes of a text, its prefix put before it, the model sees; all where that is not exactly known.
  std::size_t seen_bytes(std::string_view prefixed) const;
  bool is_exact() const { return m_tokenizer != nullptr; }

 private:
  std::shared_ptr<text::WordPiece const> m_tokenizer;
  std::size_t m_window;
  std::string m_prefix;
};

}  // namespace jvmm::inference
