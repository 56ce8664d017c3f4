#include "inference/dialect/entities.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/utf8.hpp"
#include "inference/dialect/wire.hpp"

namespace jvmm::inference {
namespace {

using json::Value;

constexpr std::size_t k_max_type_bytes = 64;
constexpr std::size_t k_max_word_bytes = 1000;

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

char folded(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// Byte offset of each code point, and of the end.
std::vector<std::size_t> code_points(std::string_view text) {
  std::vector<std::size_t> out;
  for (std::size_t at = 0; at < text.size(); at += utf8::decode(text, at).length)
    out.push_back(at);
  out.push_back(text.size());
  return out;
}

struct Tag {
  std::string type;
  bool begins = false;    ///< B-
  bool of_token = false;  ///< not aggregated
};

Tag tag_of(Value const& entry) {
  auto const* group = wire::string(entry.find("entity_group"));
  auto const* label = group ? group : wire::string(entry.find("entity"));
  if (!label) throw wire::bad_answer("an entity without a type");
  std::string_view type = *label;
  bool const tagged = !group && (type.starts_with("B-") || type.starts_with("I-"));
  Tag const out{std::string(type.substr(tagged ? 2 : 0)), tagged && type[0] == 'B', !group};
  if (out.type.empty() || out.type.size() > k_max_type_bytes)
    throw wire::bad_answer(fmt::format("an entity's type of {} bytes", out.type.size()));
  return out;
}

/// A word of a tokenizer without the marks of its pieces: "##gang", "\u2581Paris", "\u0120Paris".
std::string_view without_marks(std::string_view word) {
  for (std::string_view const mark : {"##", "\u2581", "\u0120"})
    if (word.starts_with(mark)) word.remove_prefix(mark.size());
  while (!word.empty() && is_blank(word.front()))
    word.remove_prefix(1);
  return word;
}

/// Where `word` ends if it stands at `at`, whatever its case (of ASCII) and blanks; npos if it does not.
std::size_t match(std::string_view text, std::size_t at, std::string_view word) {
  for (char const c : word) {
    if (is_blank(c)) continue;
    while (at < text.size() && is_blank(text[at]))
      ++at;
    if (at == text.size() || folded(text[at]) != folded(c)) return std::string_view::npos;
    ++at;
  }
  return at;
}

/// Whether it goes on with the word before it.
bool is_piece(Value const& entry) {
  auto const* word = wire::string(entry.find("word"));
  return word && word->starts_with("##");
}

struct Range {
  std::size_t begin = 0, end = 0;
};

class EntityReader {
 public:
  explicit EntityReader(std::string_view text) : m_text(text), m_code_points(code_points(text)) {}

  void add(Value const& entry) {
    auto tag = tag_of(entry);
    auto const score = wire::probability(entry.find("score"), "an entity's score");
    bool const outside = tag.type == "O";
    if (outside && !(m_open && is_piece(entry))) return close();
    auto const range = trimmed(range_of(entry));
    m_searched = std::max(m_searched, range.end);
    if (tag.of_token && continues(tag, range, entry)) {
      m_out.back().end = std::max(m_out.back().end, range.end);
      m_sum += score;
      m_out.back().score = m_sum / static_cast<double>(++m_tokens);
      return;
    }
    if (outside) return close();
    m_open = tag.of_token;
    m_sum = score;
    m_tokens = 1;
    m_out.push_back({std::move(tag.type), range.begin, range.end, score});
  }

  std::vector<Entity> take() && {
    std::stable_sort(m_out.begin(), m_out.end(), [](auto const& a, auto const& b) { return a.begin < b.begin; });
    return std::move(m_out);
  }

 private:
  Range range_of(Value const& entry) const {
    auto const* start = entry.find("start");
    auto const* end = entry.find("end");
    if ((!start || start->is_null()) && (!end || end->is_null())) return found(entry);
    auto const from = wire::whole(start), to = wire::whole(end);
    if (!from || !to || *from >= *to || *to >= m_code_points.size())
      throw wire::bad_answer(fmt::format("an entity that is not within the text's {} characters", characters()));
    return {m_code_points[*from], m_code_points[*to]};
  }

  Range found(Value const& entry) const {
    auto const* given = wire::string(entry.find("word"));
    auto const word = given ? without_marks(*given) : std::string_view();
    if (word.empty() || word.size() > k_max_word_bytes) throw wire::bad_answer("an entity without offsets or a word");
    auto at = std::lower_bound(m_code_points.begin(), m_code_points.end(), m_searched);
    for (; at != m_code_points.end() && *at < m_text.size(); ++at) {
      auto const end = is_blank(m_text[*at]) ? std::string_view::npos : match(m_text, *at, word);
      if (end != std::string_view::npos && std::binary_search(at, m_code_points.end(), end)) return {*at, end};
    }
    throw wire::bad_answer("an entity without offsets, whose word is not in the text");
  }

  Range trimmed(Range range) const {
    while (range.begin < range.end && is_blank(m_text[range.begin]))
      ++range.begin;
    while (range.begin < range.end && is_blank(m_text[range.end - 1]))
      --range.end;
    if (range.begin == range.end) throw wire::bad_answer("an entity of nothing but blanks");
    return range;
  }

  /// Whether this token goes on with the last entity: a piece of its last word, or the next word with the same type.
  bool continues(Tag const& tag, Range range, Value const& entry) const {
    if (!m_open || m_out.empty() || range.begin < m_out.back().end) return false;
    auto const& last = m_out.back();
    if (range.begin == last.end && is_piece(entry)) return true;
    if (tag.begins || tag.type != last.type) return false;
    auto const between = m_text.substr(last.end, range.begin - last.end);
    return std::all_of(between.begin(), between.end(), is_blank);
  }

  void close() { m_open = false; }

  std::size_t characters() const { return m_code_points.size() - 1; }

  std::string_view m_text;
  std::vector<std::size_t> m_code_points;
  std::vector<Entity> m_out;
  std::size_t m_searched = 0;  ///< where the last entity ended
  bool m_open = false;         ///< the last entity is of tokens that may go on
  double m_sum = 0;            ///< of the scores of its tokens
  std::size_t m_tokens = 0;
};

}  // namespace

std::vector<Entity> read_entities(std::string_view text, Value const& list) {
  auto const* entries = list.get_if<json::Array>();
  if (!entries) throw wire::bad_answer("entities that are no array");
  if (entries->size() > text.size())
    throw wire::bad_answer(fmt::format("{} entities in {} bytes", entries->size(), text.size()));
  EntityReader reader(text);
  for (auto const& entry : *entries)
    reader.add(entry);
  return std::move(reader).take();
}

}  // namespace jvmm::inference
