#include "json/ref.hpp"

#include <fmt/format.h>

namespace jvmm::json {

Ref Ref::step(Value const& value, std::string_view name) const {
  Ref out(value, m_source);
  out.m_path = fmt::format("{}/{}", m_path, name);
  return out;
}

Error Ref::unexpected(std::string_view expected) const {
  return error(fmt::format("expected {}, found {}", expected, name(m_value->type())));
}

Error Ref::error(std::string_view what) const {
  return Error(Kind::bad_input, fmt::format("{}: {}: {}", m_source, m_path.empty() ? "/" : m_path, what));
}

Ref Ref::operator[](std::string_view member) const {
  if (m_value->type() != Type::object) throw unexpected("object");
  auto const* found = m_value->find(member);
  if (!found) throw Error(Kind::bad_input, fmt::format("{}: {}/{}: missing", m_source, m_path, member));
  return step(*found, member);
}

Ref Ref::operator[](std::size_t index) const {
  auto const* array = m_value->get_if<Array>();
  if (!array) throw unexpected("array");
  if (index >= array->size()) throw Error(Kind::bad_input, fmt::format("{}: {}/{}: missing", m_source, m_path, index));
  return step((*array)[index], std::to_string(index));
}

std::optional<Ref> Ref::find(std::string_view member) const {
  if (m_value->type() != Type::object) throw unexpected("object");
  auto const* found = m_value->find(member);
  if (!found || found->is_null()) return std::nullopt;
  return step(*found, member);
}

std::string const& Ref::string() const {
  if (auto const* text = m_value->get_if<std::string>()) return *text;
  throw unexpected("string");
}

bool Ref::boolean() const {
  if (auto const* flag = m_value->get_if<bool>()) return *flag;
  throw unexpected("boolean");
}

std::int64_t Ref::integer() const {
  if (auto const* number = m_value->get_if<std::int64_t>()) return *number;
  throw unexpected("integer");
}

std::size_t Ref::size_value() const {
  auto const number = integer();
  if (number < 0) throw unexpected("an integer from 0");
  return static_cast<std::size_t>(number);
}

double Ref::number() const {
  if (auto const* number = m_value->get_if<double>()) return *number;
  if (auto const* number = m_value->get_if<std::int64_t>()) return static_cast<double>(*number);
  if (auto const* number = m_value->get_if<std::uint64_t>()) return static_cast<double>(*number);
  throw unexpected("number");
}

std::vector<Ref> Ref::items() const {
  auto const* array = m_value->get_if<Array>();
  if (!array) throw unexpected("array");
  std::vector<Ref> out;
  out.reserve(array->size());
  for (std::size_t i = 0; i < array->size(); ++i)
    out.push_back(step((*array)[i], std::to_string(i)));
  return out;
}

std::vector<std::pair<std::string, Ref>> Ref::members() const {
  auto const* object = m_value->get_if<Object>();
  if (!object) throw unexpected("object");
  std::vector<std::pair<std::string, Ref>> out;
  out.reserve(object->size());
  for (auto const& member : *object)
    out.emplace_back(member.name, step(member.value, member.name));
  return out;
}

}  // namespace jvmm::json
