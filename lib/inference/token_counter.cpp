#include "inference/token_counter.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "inference/model_files.hpp"
#include "inference/model_registry.hpp"
#include "inference/remote/remote_backend.hpp"
#include "text/wordpiece.hpp"

namespace jvmm::inference {

TokenCounter::TokenCounter(EmbedderInfo const& model, std::span<std::filesystem::path const> models_dirs)
    : m_window(model.window_tokens), m_prefix(model.prefix) {
  auto const folder = find_model_folder(model.model, models_dirs);
  if (!folder) return;
  try {
    m_tokenizer = std::make_shared<text::WordPiece const>(read_recipe(*folder).tokenizer);
  } catch (Error const&) {  // a folder that could not be used for computing either
  }
}

TokenCounter::Counted TokenCounter::count(std::string_view text) const {
  auto const whole = m_prefix + std::string(text);
  if (m_tokenizer) {
    auto const tokens = m_tokenizer->encode(whole, m_window);
    return {tokens.ids.size(), tokens.truncated};
  }
  auto const tokens = estimated_tokens(whole);
  if (m_window == 0 || tokens <= m_window) return {tokens, false};
  return {m_window, true};
}

std::size_t TokenCounter::seen_bytes(std::string_view prefixed) const {
  if (!m_tokenizer || m_window == 0) return prefixed.size();
  return m_tokenizer->encode(prefixed, m_window).covered;
}

}  // namespace jvmm::inference
