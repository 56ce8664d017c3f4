#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace jvmm::text {

using TokenId = std::int32_t;

/// A BERT tokenizer as its model's files describe it.
struct WordPieceOptions {
  std::vector<std::string> vocabulary;  ///< the token of id i at i; "" where an id is unused
  bool lower_case = true;
  bool strip_accents = true;  ///< model files leave it out or null: then as lower_case
  bool split_ideographs = true;
  std::size_t max_word_code_points = 100;  ///< a longer word is one unknown token
  std::string continuation = "##";
  std::string unknown = "[UNK]";
  std::string begin = "[CLS]";
  std::string end = "[SEP]";
  std::string pad = "[PAD]";
};

struct Tokens {
  std::vector<TokenId> ids;  ///< with the begin and end token
  bool truncated = false;    ///< the text had more tokens than the window holds
  std::size_t covered = 0;   ///< bytes of the text that gave these tokens, and alone give them and no more
};

/// Splits texts into the tokens of a BERT model: the same ids as the reference implementation, but for text that spells
/// a control token ("[CLS]"): here it is text. Ill-formed UTF-8 and NUL are dropped, as the reference drops U+FFFD.
///
/// **Threads**: safe, all of it const. **Cost**: linear in the text, and it stops where the window is full.
class WordPiece {
 public:
  /// **Throws** bad_input if a control token is not in the vocabulary.
  explicit WordPiece(WordPieceOptions options);
  WordPiece(WordPiece&&) = default;

  /// At most `window` tokens. REQUIRES: window >= 2.
  Tokens encode(std::string_view text, std::size_t window) const;

  TokenId pad_id() const { return m_pad; }
  std::size_t vocabulary_size() const { return m_options.vocabulary.size(); }

 private:
  class Encoder;
  using Index = std::unordered_map<std::string_view, TokenId>;

  TokenId control(std::string const& token) const;

  WordPieceOptions m_options;
  Index m_initial;       ///< tokens that begin a word
  Index m_continuation;  ///< tokens that go on with one, without their "##"
  std::size_t m_longest_bytes = 0;
  TokenId m_unknown;
  TokenId m_begin;
  TokenId m_end;
  TokenId m_pad;
};

}  // namespace jvmm::text
