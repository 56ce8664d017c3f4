#include "json/lazy.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <charconv>
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

/// The text without the blanks around it.
std::string_view trimmed(std::string_view text) {
  constexpr std::string_view k_blanks = " \t\r\n";
  text.remove_prefix(std::min(text.find_first_not_of(k_blanks), text.size()));
  return text.substr(0, text.find_last_not_of(k_blanks) + 1);
}

/// A number as a double. simdjson 3.0's On-Demand reads some of more than 19 digits wrongly, by far; it still says
/// whether they are well formed.
simdjson::simdjson_result<double> double_of(auto& at) {
  constexpr std::size_t k_trusted = 19;
  std::string_view token;
  if (auto const code = simdjson::simdjson_result<std::string_view>(at.raw_json_token()).get(token)) return code;
  double number = 0;
  if (auto const code = at.get_double().get(number)) return code;
  if (token.size() > k_trusted) {
    double exact = 0;
    auto const read = std::from_chars(token.data(), token.data() + token.size(), exact);
    if (read.ec == std::errc()) return exact;
  }
  return number;
}

/// One number of a vector. simdjson leaves the place of a value it could not read.
float element(Document const& document, ondemand::value& value) {
  double number = 0;
  auto const code = double_of(value).get(number);
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
        return boolean();
      case Type::null:
        begin(Type::null);
        read_null();
        return {};
      default:
        return number_tree();
    }
  }

  // simdjson 3.0 takes a document "null " for no null and stays where it is.
  void read_null() {
    if (!is_root) return (void)checked(*document, value.is_null());
    document->is_null = trimmed(document->text) == "null";
    if (!document->is_null) throw syntax_error(*document, simdjson::N_ATOM_ERROR);
  }

  // simdjson 3.0 takes a document "falseX" for false.
  bool boolean() {
    begin(Type::boolean);
    auto const found = read([](auto& at) { return at.get_bool(); });
    if (is_root && trimmed(document->text) != (found ? "true" : "false"))
      throw syntax_error(*document, simdjson::F_ATOM_ERROR);
    return found;
  }

  Value number_tree() {
    begin(Type::number);
    switch (read([](auto& at) { return at.get_number_type(); })) {
      case ondemand::number_type::signed_integer:
        return std::int64_t{read([](auto& at) { return at.get_int64(); })};
      case ondemand::number_type::unsigned_integer:
        return std::uint64_t{read([](auto& at) { return at.get_uint64(); })};
      default:
        return read([](auto& at) { return double_of(at); });
    }
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
  return access.read([](auto& at) { return double_of(at); });
}

std::string LazyValue::string() {
  auto access = Access::of(*this);
  access.begin(Type::string);
  return std::string(access.read([](auto& at) { return at.get_string(); }));
}

bool LazyValue::boolean() {
  return Access::of(*this).boolean();
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
