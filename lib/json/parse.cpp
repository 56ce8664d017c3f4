#include "json/parse.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <fstream>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "json/locate.hpp"

namespace jvmm::json {
namespace {

namespace dom = simdjson::dom;

Value convert(dom::element const& element);

Value convert_array(dom::array const& array) {
  Array out;
  out.reserve(array.size());
  for (auto const element : array)
    out.push_back(convert(element));
  return out;
}

Value convert_object(dom::object const& object) {
  Object out;
  out.reserve(object.size());
  for (auto const field : object)
    out.push_back({std::string(field.key), convert(field.value)});
  return out;
}

// Recursion ends at ParseLimits::max_depth, which the parser has checked. The values are of the type just asked for, so
// the `_unsafe` forms hold.
Value convert(dom::element const& element) {
  switch (element.type()) {
    case dom::element_type::ARRAY:
      return convert_array(element.get_array().value_unsafe());
    case dom::element_type::OBJECT:
      return convert_object(element.get_object().value_unsafe());
    case dom::element_type::STRING:
      return std::string(element.get_string().value_unsafe());
    case dom::element_type::INT64:
      return std::int64_t{element.get_int64().value_unsafe()};
    case dom::element_type::UINT64:
      return std::uint64_t{element.get_uint64().value_unsafe()};
    case dom::element_type::DOUBLE:
      return element.get_double().value_unsafe();
    case dom::element_type::BOOL:
      return element.get_bool().value_unsafe();
    case dom::element_type::NULL_VALUE:
      return {};
  }
  return {};
}

/// simdjson's code and the place of the flaw, as our error.
Error parse_error(simdjson::error_code code, std::string_view text, std::string_view source, ParseLimits limits) {
  if (code == simdjson::CAPACITY)
    return Error(Kind::bad_input,
                 fmt::format("{}: {} bytes, at most {} are read", source, text.size(), limits.max_bytes));
  if (code == simdjson::MEMALLOC) return Error(Kind::internal, fmt::format("{}: out of memory", source));
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos)
    return Error(Kind::bad_input, fmt::format("{}: empty", source));
  auto const [offset, problem] = locate_flaw(text, limits.max_depth);
  if (problem.empty()) return Error(Kind::bad_input, fmt::format("{}: {}", source, simdjson::error_message(code)));
  auto const before = text.substr(0, offset);
  auto const line = 1 + std::count(before.begin(), before.end(), '\n');
  auto const column = offset - (before.rfind('\n') + 1) + 1;
  return Error(Kind::bad_input, fmt::format("{}: line {}, column {}: {}", source, line, column, problem));
}

}  // namespace

Value parse(std::string_view text, std::string_view source, ParseLimits limits) {
  if (text.size() > limits.max_bytes) throw parse_error(simdjson::CAPACITY, text, source, limits);
  thread_local dom::parser parser;
  auto code = simdjson::SUCCESS;
  if (parser.max_depth() != limits.max_depth) code = parser.allocate(text.size(), limits.max_depth);
  dom::element root;
  if (code == simdjson::SUCCESS) code = parser.parse(text.data(), text.size()).get(root);
  if (code != simdjson::SUCCESS) throw parse_error(code, text, source, limits);
  return convert(root);
}

Value parse_file(std::filesystem::path const& path, ParseLimits limits) {
  std::error_code gone;
  if (!std::filesystem::exists(path, gone)) throw Error(Kind::missing_input, path.string() + ": no such file");
  std::ifstream file(path, std::ios::binary);
  std::string text;
  std::vector<char> buffer(std::size_t{1} << 16);
  while (file.read(buffer.data(), static_cast<std::streamsize>(buffer.size())) || file.gcount() > 0)
    text.append(buffer.data(), static_cast<std::size_t>(file.gcount()));
  if (!file.eof()) throw Error(Kind::local_io, path.string() + ": cannot be read");
  return parse(text, path.string(), limits);
}

}  // namespace jvmm::json
