#include "inference/dialect/wire.hpp"

#include <fmt/format.h>

#include <bit>
#include <cmath>
#include <cstring>

#include "base/utf8.hpp"
#include "inference/dialect/service_error.hpp"
#include "json/lazy.hpp"

namespace jvmm::inference::wire {
namespace {

static_assert(std::endian::native == std::endian::little, "packed numbers are copied as they lie in memory");

template <class Number>
std::string pack(std::span<Number const> numbers) {
  std::string out(numbers.size_bytes(), '\0');
  if (!numbers.empty()) std::memcpy(out.data(), numbers.data(), numbers.size_bytes());
  return out;
}

template <class Number>
void unpack(std::string_view bytes, std::span<Number> out) {
  if (!out.empty()) std::memcpy(out.data(), bytes.data(), out.size_bytes());
}

bool stays_in_path(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("-._~/").find(c) != std::string_view::npos;
}

}  // namespace

std::string clean(std::string_view text) {
  auto out = utf8::repaired(text);
  for (auto& c : out)
    if (static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n') c = ' ';
  return out;
}

std::string hf_model_path(std::string_view model) {
  std::string path = "/hf-inference/models/";
  for (char const c : model) {
    if (stays_in_path(c))
      path += c;
    else
      path += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return path;
}

void write_inputs(json::Writer& out, std::span<std::string_view const> items) {
  out.key("inputs");
  if (items.size() == 1) {
    out.value(clean(items[0]));
    return;
  }
  out.begin_array();
  for (auto const item : items)
    out.value(clean(item));
  out.end_array();
}

Error bad_answer(std::string message) {
  return Error(Kind::bad_answer, std::move(message));
}

Error unsupported(ServiceKind kind, Task task) {
  return Error(Kind::configuration, fmt::format("a service of kind {} does not do {}", name(kind), name(task)));
}

json::Value tree_of(std::string_view body) {
  json::Value out;
  json::read_lazily(body, [&](json::LazyValue root) { out = root.tree(); });
  return out;
}

void throw_other_shape(std::string_view body, std::string_view expected) {
  if (is_error_body(body)) {
    http::Reply reply;
    reply.status = 200;
    reply.body = body;
    throw bad_answer("the service answered with an error: " + read_service_error(reply).message);
  }
  throw bad_answer(fmt::format("expected {}", expected));
}

void require_count(std::size_t found, std::size_t expected) {
  if (found != expected) throw bad_answer(fmt::format("{} answers to {} texts", found, expected));
}

std::optional<double> number(json::Value const* value) {
  if (!value) return {};
  if (auto const* i = value->get_if<std::int64_t>()) return static_cast<double>(*i);
  if (auto const* u = value->get_if<std::uint64_t>()) return static_cast<double>(*u);
  if (auto const* d = value->get_if<double>()) return *d;
  return {};
}

std::optional<std::uint64_t> whole(json::Value const* value) {
  constexpr double k_exact = 9007199254740992.0;
  auto const found = number(value);
  if (!found || !(*found >= 0 && *found <= k_exact) || *found != std::floor(*found)) return {};
  return static_cast<std::uint64_t>(*found);
}

std::string const* string(json::Value const* value) {
  return value ? value->get_if<std::string>() : nullptr;
}

double probability(json::Value const* value, std::string_view what) {
  constexpr double k_rounding = 1e-6;
  auto const found = number(value);
  if (!found) throw bad_answer(fmt::format("{}: expected a number", what));
  if (!(*found >= -k_rounding && *found <= 1 + k_rounding))
    throw bad_answer(fmt::format("{}: expected 0 to 1, found {}", what, *found));
  return std::min(1.0, std::max(0.0, *found));
}

std::vector<Result<Answer>> each(std::size_t items, std::function<Answer(std::size_t)> const& read) {
  std::vector<Result<Answer>> out;
  out.reserve(items);
  for (std::size_t i = 0; i < items; ++i) {
    try {
      out.emplace_back(read(i));
    } catch (Error& e) {
      if (e.kind() != Kind::bad_answer) throw;
      out.emplace_back(std::move(e));
    }
  }
  return out;
}

std::string pack_floats(std::span<float const> numbers) {
  return pack(numbers);
}

std::string pack_doubles(std::span<double const> numbers) {
  return pack(numbers);
}

void append_floats(std::vector<float>& out, std::string_view bytes) {
  auto const before = out.size();
  out.resize(before + bytes.size() / sizeof(float));
  unpack(bytes, std::span(out).subspan(before));
}

std::vector<double> unpack_doubles(std::string_view bytes, std::size_t count) {
  if (bytes.size() % 8 != 0 || bytes.size() / 8 != count)
    throw bad_answer(fmt::format("{} bytes are not {} numbers", bytes.size(), count));
  std::vector<double> out(count);
  unpack(bytes, std::span(out));
  for (auto const number : out)
    if (!std::isfinite(number)) throw bad_answer("a stored number is not finite");
  return out;
}

}  // namespace jvmm::inference::wire
