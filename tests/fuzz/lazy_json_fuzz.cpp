#include "json/lazy.hpp"

#include "fuzz/fuzz.hpp"

namespace jvmm::fuzz {
namespace {

/// Reads some values, skips others and asks some for what they are not, as bytes of the text decide.
class Walk {
 public:
  Walk(std::string_view choices, unsigned seed) : m_choices(choices), m_at(seed) {}

  void visit(json::LazyValue value) {
    (void)value.array_depth();
    switch (choice() % 6) {
      case 0:
        return;
      case 1:
        (void)value.tree();
        return;
      case 2: {
        std::vector<float> numbers;
        value.append_numbers(numbers);
        return;
      }
      default:
        return by_type(value);
    }
  }

 private:
  unsigned choice() {
    return m_choices.empty() ? 0 : static_cast<unsigned char>(m_choices[m_at++ * 7 % m_choices.size()]);
  }

  void by_type(json::LazyValue value) {
    switch (value.type()) {
      case json::Type::array:
        return value.items([this](json::LazyValue inner) { visit(inner); });
      case json::Type::object:
        return value.members([this](std::string_view, json::LazyValue inner) { visit(inner); });
      case json::Type::string:
        (void)value.string();
        return;
      case json::Type::boolean:
        (void)value.boolean();
        return;
      case json::Type::null:
        return;
      default:
        (void)value.number();
    }
  }

  std::string_view m_choices;
  std::size_t m_at;
};

std::optional<json::Value> parsed(std::string_view text) {
  try {
    return json::parse(text);
  } catch (Error const& e) {
    require(e.kind() == Kind::bad_input, e.what());
    return {};
  }
}

}  // namespace

int lazy_json(std::uint8_t const* data, std::size_t size) {
  std::string_view const text(reinterpret_cast<char const*>(data), size);
  auto const tree = or_bad_answer([&] {
    json::Value out;
    json::read_lazily(text, [&](json::LazyValue root) { out = root.tree(); });
    return out;
  });
  require(tree == parsed(text), "both ways of reading agree");
  for (unsigned seed = 0; seed < 3; ++seed)
    (void)or_bad_answer([&] {
      json::read_lazily(text, [&](json::LazyValue root) { Walk(text, seed).visit(root); });
      return true;
    });
  return 0;
}

}  // namespace jvmm::fuzz
