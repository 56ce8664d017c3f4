#include "text/wordpiece.hpp"

#include <fmt/format.h>
#include <utf8proc.h>

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "base/utf8.hpp"
#include "text/bert_classes.hpp"

namespace jvmm::text {
namespace {

constexpr char32_t k_capital_i_with_dot = U'\u0130';

/// Calls `use` with the canonical decomposition of one code point (at most four, also for Hangul).
template <class Use>
void decompose(char32_t c, Use const& use) {
  std::array<utf8proc_int32_t, 8> parts{};
  int boundary = 0;
  auto const count = utf8proc_decompose_char(static_cast<utf8proc_int32_t>(c), parts.data(), parts.size(),
                                             UTF8PROC_DECOMPOSE, &boundary);
  if (count < 0) return use(c);
  for (utf8proc_ssize_t i = 0; i < count; ++i)
    use(static_cast<char32_t>(parts[static_cast<std::size_t>(i)]));
}

/// Calls `use` with the lower case of one code point, without regard to its neighbours.
template <class Use>
void lower(char32_t c, Use const& use) {
  if (c < 0x80) return use(c >= U'A' && c <= U'Z' ? c + 32 : c);
  if (c == k_capital_i_with_dot) {
    use(U'i');
    return use(U'\u0307');
  }
  use(static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(c))));
}

}  // namespace

/// One text on its way through the tokenizer: code points in, tokens out.
class WordPiece::Encoder {
 public:
  Encoder(WordPiece const& model, std::size_t window) : m_model(model), m_window(window - 1) {
    m_out.ids.reserve(std::min<std::size_t>(window, 64));
    m_out.ids.push_back(model.m_begin);
  }

  Tokens encode(std::string_view text) {
    for (std::size_t at = 0; at < text.size() && !m_out.truncated;) {
      auto const step = utf8::decode(text, at);
      m_code_point_begin = at;
      at += step.length;
      m_code_point_end = at;
      clean(step.value);
    }
    end_word();
    if (!m_out.truncated) m_out.covered = text.size();
    m_out.ids.push_back(m_model.m_end);
    return std::move(m_out);
  }

 private:
  void clean(char32_t c) {
    auto const kind = bert_class(c);
    if (kind == BertClass::removed) return;
    if (kind == BertClass::blank) return end_word();
    bool const alone = m_model.m_options.split_ideographs && is_bert_ideograph(c);
    if (alone) end_word();
    strip_accents(c);
    if (alone) end_word();
  }

  void strip_accents(char32_t c) {
    if (!m_model.m_options.strip_accents || c < 0x80) return lower_case(c);
    decompose(c, [&](char32_t part) {
      if (!is_bert_accent(part)) lower_case(part);
    });
  }

  void lower_case(char32_t c) {
    if (!m_model.m_options.lower_case) return split(c);
    lower(c, [&](char32_t part) { split(part); });
  }

  void split(char32_t c) {
    auto const kind = bert_class(c);
    if (kind == BertClass::blank) return end_word();
    if (kind != BertClass::punctuation) return add(c);
    end_word();
    add(c);
    end_word();
  }

  /// Keeps no more of an overlong word than shows that it is one.
  void add(char32_t c) {
    if (m_word_code_points == 0) m_word_begin = m_code_point_begin;
    if (m_word_code_points <= m_model.m_options.max_word_code_points) {
      utf8::append(m_word, c);
      m_word_ends.resize(m_word.size(), m_code_point_end);
    }
    ++m_word_code_points;
  }

  void end_word() {
    if (m_word_code_points == 0) return;
    if (m_word_code_points > m_model.m_options.max_word_code_points || !split_word())
      m_pieces.assign(1, {m_model.m_unknown, m_word.size()});
    emit_word();
    m_pieces.clear();
    m_word.clear();
    m_word_ends.clear();
    m_word_code_points = 0;
  }

  void emit_word() {
    std::size_t emitted = 0;  ///< bytes of the word
    for (auto const& piece : m_pieces) {
      if (m_out.ids.size() == m_window) {
        if (!m_out.truncated) m_out.covered = in_text(emitted);
        m_out.truncated = true;
        return;
      }
      m_out.ids.push_back(piece.id);
      emitted = piece.end;
    }
  }

  /// The place in the text where the first bytes of the word end; before a code point that goes on beyond them.
  std::size_t in_text(std::size_t bytes) const {
    while (bytes > 0 && m_word_ends[bytes] == m_word_ends[bytes - 1])
      --bytes;
    return bytes == 0 ? m_word_begin : m_word_ends[bytes - 1];
  }

  /// The longest known piece first, again and again; false if some rest begins with no known piece.
  bool split_word() {
    std::string_view rest = m_word;
    while (!rest.empty()) {
      auto const length =
          longest_piece(rest, rest.size() == m_word.size() ? m_model.m_initial : m_model.m_continuation);
      if (length == 0) return false;
      rest.remove_prefix(length);
    }
    return true;
  }

  /// Bytes of the longest prefix in the index, whose id is kept; 0 if there is none. A prefix that ends inside a code
  /// point is in no index.
  std::size_t longest_piece(std::string_view rest, Index const& index) {
    for (auto length = std::min(rest.size(), m_model.m_longest_bytes); length > 0; --length) {
      auto const found = index.find(rest.substr(0, length));
      if (found == index.end()) continue;
      m_pieces.push_back({found->second, m_word.size() - rest.size() + length});
      return length;
    }
    return 0;
  }

  struct Piece {
    TokenId id;
    std::size_t end;  ///< in the word
  };

  WordPiece const& m_model;
  std::size_t m_window;  ///< without the end token
  Tokens m_out;
  std::size_t m_code_point_begin = 0, m_code_point_end = 0;  ///< in the text
  std::string m_word;
  std::size_t m_word_begin = 0;          ///< in the text
  std::vector<std::size_t> m_word_ends;  ///< in the text, of the code point that a byte of the word came from
  std::size_t m_word_code_points = 0;
  std::vector<Piece> m_pieces;
};

WordPiece::WordPiece(WordPieceOptions options) : m_options(std::move(options)) {
  for (std::size_t i = 0; i < m_options.vocabulary.size(); ++i) {
    std::string_view token = m_options.vocabulary[i];
    if (token.empty()) continue;
    m_initial.emplace(token, static_cast<TokenId>(i));
    m_longest_bytes = std::max(m_longest_bytes, token.size());
    if (!token.starts_with(m_options.continuation)) continue;
    token.remove_prefix(m_options.continuation.size());
    m_continuation.emplace(token, static_cast<TokenId>(i));
  }
  m_unknown = control(m_options.unknown);
  m_begin = control(m_options.begin);
  m_end = control(m_options.end);
  m_pad = control(m_options.pad);
}

TokenId WordPiece::control(std::string const& token) const {
  auto const found = m_initial.find(token);
  if (found == m_initial.end())
    throw Error(Kind::bad_input, fmt::format("the vocabulary of {} tokens has no {}", vocabulary_size(), token));
  return found->second;
}

Tokens WordPiece::encode(std::string_view text, std::size_t window) const {
  return Encoder(*this, window).encode(text);
}

}  // namespace jvmm::text
