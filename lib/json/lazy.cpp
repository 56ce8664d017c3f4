#include "json/lazy.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <type_traits>

#include "base/error.hpp"
#include "json/locate.hpp"

namespace jvmm::json {
namespace {

namespace ondemand = simdjson::ondemand;

constexpr std::uint32_t k_max_depth = 256;
constexpr std::size_t k_kept_bytes = std::size_t{16} << 20;  ///< larger buffers are given back

/// A document that is being read.
struct Document {
  std::string_view text;
  ondemand::document* root = nullptr;
  bool begun = false;
  bool is_null = false;  ///< all of it
};

Error syntax_error(Document const& document, simdjson::error_code code) {
  if (code == simdjson::MEMALLOC) return Error(Kind::internal, "out of memory for an answer");
  auto const [offset, problem] = locate_flaw(document.text, k_max_depth);
  if (problem.empty()) return Error(Kind::bad_answer, fmt::format("no JSON: {}", simdjson::error_message(code)));
  return Error(Kind::bad_answer, fmt::format("no JSON: at byte {}: {}", offset, problem));
}

void check(Document const& document, simdjson::error_code code) {
  if (code != simdjson::SUCCESS) throw syntax_error(document, code);
}

template <class T>
T checked(Document const& document, simdjson::simdjson_result<T> result) {
  T value{};
  check(document, std::move(result).get(value));
  return value;
}

std::string with_article(Type type) {
  if (type == Type::null) return "null";
  return fmt::format("{} {}", type == Type::array || type == Type::object ? "an" : "a", name(type));
}

Error mismatch(std::string_view expected, Type found) {
  return Error(Kind::bad_answer, fmt::format("expected {}, found {}", expected, with_article(found)));
}

Type type_of(Document const& document, ondemand::json_type type) {
  switch (type) {
    case ondemand::json_type::array:
      return Type::array;
    case ondemand::json_type::object:
      return Type::object;
    case ondemand::json_type::number:
      return Type::number;
    case ondemand::json_type::string:
      return Type::string;
    case ondemand::json_type::boolean:
      return Type::boolean;
    case ondemand::json_type::null:
      return Type::null;
    default:
      throw syntax_error(document, simdjson::TAPE_ERROR);
  }
}

float narrowed(double number) {
  if (std::abs(number) <= double{std::numeric_limits<float>::max()}) return static_cast<float>(number);
  return number > 0 ? std::numeric_limits<float>::infinity() : -std::numeric_limits<float>::infinity();
}

Value value_of(ondemand::number const& number) {
  if (number.is_int64()) return std::int64_t{number.get_int64()};
  if (number.is_uint64()) return std::uint64_t{number.get_uint64()};
  return number.get_double();
}

/// One number of a vector. simdjson leaves the place of a value it could not read.
float element(Document const& document, ondemand::value& value) {
  double number = 0;
  auto const code = value.get_double().get(number);
  if (code == simdjson::SUCCESS) return narrowed(number);
  auto const type = type_of(document, checked(document, value.type()));
  if (type == Type::number) throw syntax_error(document, code);
  if (type != Type::null) throw mismatch("a number", type);
  (void)checked(document, value.is_null());
  return std::numeric_limits<float>::quiet_NaN();
}

}  // namespace

/// What a LazyValue holds. simdjson keeps the state of reading in the document, so that values may be copied.
struct LazyValue::Access {
  Document* document;
  bool is_root;
  std::uint32_t depth;
  ondemand::value value;  ///< unless it is the root, which simdjson reads by another type

  static LazyValue wrap(Access const& access) {
    static_assert(sizeof(Access) <= sizeof(m_storage) && std::is_trivially_copyable_v<Access>);
    LazyValue out;
    std::memcpy(out.m_storage.data(), static_cast<void const*>(&access), sizeof access);
    return out;
  }

  static Access of(LazyValue const& value) {
    Access access{};
    std::memcpy(static_cast<void*>(&access), value.m_storage.data(), sizeof access);
    return access;
  }

  template <class Read>
  auto read(Read const& how) {
    auto const result = [&] { return is_root ? how(*document->root) : how(value); };
    return checked(*document, result());
  }

  Type type() {
    return type_of(*document, read([](auto& at) { return at.type(); }));
  }

  /// **Throws** unless it is of this type.
  void begin(Type expected) {
    if (auto const found = type(); found != expected) throw mismatch(with_article(expected), found);
    document->begun = true;
  }

  template <class Visit>
  void items(Visit const& visit) {
    begin(Type::array);
    require_depth();
    auto array = read([](auto& at) { return at.get_array(); });
    for (auto item : array) {
      auto inner = checked(*document, simdjson::simdjson_result<ondemand::value>(item));
      visit(inner);
    }
  }

  template <class Visit>
  void members(Visit const& visit) {
    begin(Type::object);
    require_depth();
    auto object = read([](auto& at) { return at.get_object(); });
    for (auto member : object) {
      auto field = checked(*document, simdjson::simdjson_result<ondemand::field>(member));
      auto const name = checked(*document, field.unescaped_key());
      visit(name, field.value());
    }
  }

  Value tree() {
    switch (type()) {
      case Type::array:
        return array_tree();
      case Type::object:
        return object_tree();
      case Type::string:
        begin(Type::string);
        return std::string(read([](auto& at) { return at.get_string(); }));
      case Type::boolean:
        begin(Type::boolean);
        return read([](auto& at) { return at.get_bool(); });
      case Type::null:
        begin(Type::null);
        read_null();
        return {};
      default:
        begin(Type::number);
        return value_of(read([](auto& at) { return at.get_number(); }));
    }
  }

  // simdjson 3.0 takes a document "null " for no null and stays where it is.
  void read_null() {
    constexpr std::string_view k_null = "null", k_blanks = " \t\r\n";
    if (!is_root) return (void)checked(*document, value.is_null());
    auto text = document->text.substr(document->text.find_first_not_of(k_blanks));
    document->is_null = text.starts_with(k_null) && text.find_first_not_of(k_blanks, k_null.size()) == text.npos;
    if (!document->is_null) throw syntax_error(*document, simdjson::N_ATOM_ERROR);
  }

  Value array_tree() {
    Array out;
    items([&](ondemand::value inner) { out.push_back(Access{document, false, depth + 1, inner}.tree()); });
    return out;
  }

  Value object_tree() {
    Object out;
    members([&](std::string_view name, ondemand::value inner) {
      std::string kept(name);
      auto content = Access{document, false, depth + 1, inner}.tree();
      out.push_back({std::move(kept), std::move(content)});
    });
    return out;
  }

  void require_depth() const {
    if (depth >= k_max_depth) throw Error(Kind::bad_answer, fmt::format("nested more than {} deep", k_max_depth));
  }
};

Type LazyValue::type() const {
  return Access::of(*this).type();
}

std::size_t LazyValue::array_depth() const {
  if (type() != Type::array) return 0;
  auto access = Access::of(*this);
  char const* at = checked(*access.document, access.document->root->current_location());
  std::size_t depth = 0;
  for (;; ++at) {
    if (*at == '[')
      ++depth;
    else if (*at != ' ' && *at != '\n' && *at != '\t' && *at != '\r')
      return depth;
  }
}

double LazyValue::number() {
  auto access = Access::of(*this);
  access.begin(Type::number);
  return access.read([](auto& at) { return at.get_double(); });
}

std::string LazyValue::string() {
  auto access = Access::of(*this);
  access.begin(Type::string);
  return std::string(access.read([](auto& at) { return at.get_string(); }));
}

bool LazyValue::boolean() {
  auto access = Access::of(*this);
  access.begin(Type::boolean);
  return access.read([](auto& at) { return at.get_bool(); });
}

void LazyValue::items(std::function<void(LazyValue)> const& visit) {
  auto access = Access::of(*this);
  access.items([&](ondemand::value inner) { visit(Access::wrap({access.document, false, access.depth + 1, inner})); });
}

void LazyValue::members(std::function<void(std::string_view, LazyValue)> const& visit) {
  auto access = Access::of(*this);
  access.members([&](std::string_view name, ondemand::value inner) {
    visit(name, Access::wrap({access.document, false, access.depth + 1, inner}));
  });
}

void LazyValue::append_numbers(std::vector<float>& out) {
  auto access = Access::of(*this);
  access.items([&](ondemand::value& inner) { out.push_back(element(*access.document, inner)); });
}

Value LazyValue::tree() {
  return Access::of(*this).tree();
}

namespace {

/// What a thread keeps from one document to the next.
struct Buffers {
  std::string padded;
  std::unique_ptr<ondemand::parser> parser;
  bool busy = false;
};

class Lease {
 public:
  explicit Lease(Buffers& buffers) : m_buffers(buffers) {
    if (m_buffers.busy) throw Error(Kind::internal, "a JSON text was read while another was read");
    m_buffers.busy = true;
  }
  Lease(Lease const&) = delete;
  Lease& operator=(Lease const&) = delete;
  ~Lease() {
    m_buffers.busy = false;
    if (m_buffers.padded.capacity() <= k_kept_bytes) return;
    std::string().swap(m_buffers.padded);
    m_buffers.parser.reset();
  }

 private:
  Buffers& m_buffers;
};

}  // namespace

void read_lazily(std::string_view text, std::function<void(LazyValue)> const& read, std::size_t max_bytes) {
  if (text.size() > max_bytes)
    throw Error(Kind::bad_answer, fmt::format("{} bytes, at most {} are read", text.size(), max_bytes));
  thread_local Buffers buffers;
  Lease const lease(buffers);
  if (!buffers.parser) buffers.parser = std::make_unique<ondemand::parser>();
  buffers.padded.assign(text).append(simdjson::SIMDJSON_PADDING, '\0');
  Document document{text, nullptr, false};
  ondemand::document root;
  check(document, buffers.parser->iterate(buffers.padded.data(), text.size(), buffers.padded.size()).get(root));
  document.root = &root;
  LazyValue::Access access{&document, true, 0, {}};
  read(LazyValue::Access::wrap(access));
  if (!document.begun) (void)access.tree();
  // There is a location unless all was read.
  if (!document.is_null && root.current_location().error() != simdjson::OUT_OF_BOUNDS)
    throw syntax_error(document, simdjson::TRAILING_CONTENT);
}

}  // namespace jvmm::json
