#include "inference/dialect/embedding_shape.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "inference/dialect/wire.hpp"
#include "json/lazy.hpp"
#include "text/base64.hpp"

namespace jvmm::inference {
namespace {

using json::LazyValue;
using json::Type;
using Text = EmbeddingShape::Text;

constexpr std::string_view k_expected = "vectors";

class ShapeReader {
 public:
  explicit ShapeReader(std::size_t texts) : m_count(texts) {}

  EmbeddingShape read(std::string_view body) && {
    json::read_lazily(body, [&](LazyValue root) {
      if (root.type() == Type::array) return nested(root);
      if (root.type() == Type::object) root.members([&](auto name, LazyValue value) { member(name, value); });
    });
    if (!m_found) wire::throw_other_shape(body, k_expected);
    take_listed();
    take_bare();
    squeeze();
    return std::move(m_shape);
  }

 private:
  /// A text's vectors and in how many arrays they came.
  struct Deep {
    Text text;
    std::size_t depth = 0;
  };

  void member(std::string_view name, LazyValue value) {
    if (name == "embeddings" && value.type() == Type::array) nested(value);
    if (name == "data" && value.type() == Type::array) {
      m_found = true;
      value.items([&](LazyValue item) { listed(item); });
    }
    if (name == "usage" && value.type() == Type::object)
      m_shape.input_tokens = wire::whole(value.tree().find("prompt_tokens"));
  }

  void nested(LazyValue& root) {
    m_found = true;
    root.items([&](LazyValue item) {
      if (item.type() == Type::array) return add(read_text(item));
      if (item.type() == Type::null) return add({Text{true, {}}, 0});
      bare(item.number());
    });
  }

  /// A number where a text's vector was expected: one vector that is not in a list.
  void bare(double number) {
    constexpr double k_max = std::numeric_limits<float>::max();
    ++m_bare;
    m_shape.numbers.push_back(std::abs(number) <= k_max ? static_cast<float>(number)
                                                        : std::numeric_limits<float>::infinity());
  }

  void add(Deep deep) {
    if (!deep.text.is_null) {
      if (m_depth != 0 && m_depth != deep.depth) throw wire::bad_answer("vectors that are nested unevenly");
      m_depth = deep.depth;
    }
    m_shape.texts.push_back(std::move(deep.text));
  }

  Deep read_text(LazyValue& value) {
    Deep out{{}, value.array_depth()};
    if (out.depth > 3) throw wire::bad_answer(fmt::format("expected {}, found arrays nested deeper", k_expected));
    read_rows(value, out.depth, out.text.rows);
    return out;
  }

  void read_rows(LazyValue& value, std::size_t depth, std::vector<EmbeddingShape::Row>& rows) {
    if (depth <= 1) {
      auto const begin = m_shape.numbers.size();
      value.append_numbers(m_shape.numbers);
      rows.push_back({begin, m_shape.numbers.size() - begin});
      return;
    }
    std::size_t items = 0;
    value.items([&](LazyValue inner) {
      if (depth == 3 && ++items > 1) throw wire::bad_answer("an axis between text and tokens that is not 1 wide");
      read_rows(inner, depth - 1, rows);
    });
  }

  /// {"index": 0, "embedding": …}
  void listed(LazyValue& item) {
    std::optional<Deep> deep;
    std::optional<std::uint64_t> index;
    item.members([&](std::string_view name, LazyValue value) {
      if (name == "index" && value.type() == Type::number) index = whole_index(value.number());
      if (name == "embedding") deep = embedding(value);
    });
    if (!deep) throw wire::bad_answer("an element of data without an embedding");
    if (!index || *index >= m_count) throw wire::bad_answer("an element of data whose index is of no text");
    m_listed.resize(m_count);
    if (m_listed[*index]) throw wire::bad_answer(fmt::format("two elements of data with index {}", *index));
    m_listed[*index] = std::move(deep);
  }

  static std::optional<std::uint64_t> whole_index(double number) {
    json::Value const value(number);
    return wire::whole(&value);
  }

  Deep embedding(LazyValue& value) {
    if (value.type() == Type::null) return {Text{true, {}}, 0};
    if (value.type() != Type::string) return read_text(value);
    auto const bytes = text::from_base64(value.string());
    if (!bytes || bytes->size() % 4 != 0) throw wire::bad_answer("an embedding that is no base64 of float32");
    auto const begin = m_shape.numbers.size();
    wire::append_floats(m_shape.numbers, *bytes);
    return {Text{false, {{begin, bytes->size() / 4}}}, 1};
  }

  void take_listed() {
    for (auto& deep : m_listed) {
      if (!deep) throw wire::bad_answer("an index is missing in data");
      add(std::move(*deep));
    }
  }

  void take_bare() {
    if (m_bare == 0) return;
    if (m_count != 1 || m_depth != 0) throw wire::bad_answer(fmt::format("one vector to {} texts", m_count));
    Text whole{!m_shape.texts.empty(), {}};
    if (!whole.is_null) whole.rows.push_back({0, m_shape.numbers.size()});
    m_shape.texts.assign(1, std::move(whole));
  }

  /// One vector a text, or one per token.
  void squeeze() {
    if (m_count == 1 && m_depth == 1 && m_shape.texts.size() > 1) {
      Text all;
      for (auto const& text : m_shape.texts) {
        all.is_null |= text.is_null;
        all.rows.insert(all.rows.end(), text.rows.begin(), text.rows.end());
      }
      m_shape.texts.assign(1, std::move(all));
    }
    wire::require_count(m_shape.texts.size(), m_count);
    for (auto const& text : m_shape.texts) {
      if (!text.is_null && text.rows.empty()) throw wire::bad_answer("a text without a vector");
      m_shape.per_token |= text.rows.size() > 1;
    }
  }

  std::size_t m_count;
  EmbeddingShape m_shape;
  std::vector<std::optional<Deep>> m_listed;
  std::size_t m_depth = 0;  ///< of the arrays around a text's numbers; 0: not seen yet
  std::size_t m_bare = 0;
  bool m_found = false;
};

}  // namespace

EmbeddingShape read_embedding_shape(std::string_view body, std::size_t texts) {
  return ShapeReader(texts).read(body);
}

}  // namespace jvmm::inference
