#include "db/rows.hpp"

#include <fmt/format.h>

#include <charconv>
#include <utility>

#include "base/error.hpp"
#include "db/rows_data.hpp"

namespace jvmm::db {
namespace {

[[noreturn]] void wrong(Field const& field, std::string_view what) {
  throw Error(Kind::internal, fmt::format("column \"{}\" {}", field.column, what))
      .context(fmt::format("in statement {}", field.statement));
}

std::string_view text_of(Field const& field) {
  if (!field.text) wrong(field, "is NULL where a value is expected");
  return *field.text;
}

template <class T>
T number(Field const& field, std::string_view type) {
  auto const text = text_of(field);
  T value{};
  auto const [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc() || end != text.data() + text.size()) wrong(field, fmt::format("is not {}", type));
  return value;
}

// "[1,-2.5e-3]", the text form of a pgvector.
std::vector<float> vector_of(Field const& field) {
  auto const text = text_of(field);
  if (text.size() < 2 || text.front() != '[' || text.back() != ']') wrong(field, "is not a vector");
  std::vector<float> out;
  char const* at = text.data() + 1;
  char const* const end = text.data() + text.size() - 1;
  while (at < end) {
    float value = 0;
    auto const [next, code] = std::from_chars(at, end, value);
    if (code != std::errc()) wrong(field, "is not a vector");
    out.push_back(value);
    at = next < end && *next == ',' ? next + 1 : next;
  }
  return out;
}

int digits(std::string_view text, std::size_t at, std::size_t count, Field const& field) {
  int value = 0;
  if (text.size() < at + count) wrong(field, "is not an ISO time stamp");
  auto const [end, code] = std::from_chars(text.data() + at, text.data() + at + count, value);
  if (code != std::errc() || end != text.data() + at + count) wrong(field, "is not an ISO time stamp");
  return value;
}

// "2026-11-01 00:00:00.123456+02", "…+05:30": the ISO form of a timestamptz with its offset.
SystemTime time_of(Field const& field) {
  using namespace std::chrono;
  auto const text = text_of(field);
  auto const day =
      year_month_day(year(digits(text, 0, 4, field)), month(static_cast<unsigned>(digits(text, 5, 2, field))),
                     std::chrono::day(static_cast<unsigned>(digits(text, 8, 2, field))));
  auto const sign_at = text.find_first_of("+-", 19);
  if (!day.ok() || sign_at == std::string_view::npos) wrong(field, "is not an ISO time stamp with offset");
  auto micros = microseconds(0);
  if (sign_at > 20) {
    std::string fraction(text.substr(20, sign_at - 20));
    fraction.resize(6, '0');
    micros = microseconds(digits(fraction, 0, 6, field));
  }
  auto offset = minutes(hours(digits(text, sign_at + 1, 2, field)));
  if (text.size() >= sign_at + 6) offset += minutes(digits(text, sign_at + 4, 2, field));
  if (text[sign_at] == '-') offset = -offset;
  return sys_days(day) + hours(digits(text, 11, 2, field)) + minutes(digits(text, 14, 2, field)) +
         seconds(digits(text, 17, 2, field)) + micros - offset;
}

}  // namespace

template <>
std::string_view read_field(Field const& field) {
  return text_of(field);
}

template <>
std::string read_field(Field const& field) {
  return std::string(text_of(field));
}

template <>
std::int64_t read_field(Field const& field) {
  return number<std::int64_t>(field, "a 64-bit integer");
}

template <>
int read_field(Field const& field) {
  return number<int>(field, "a 32-bit integer");
}

template <>
double read_field(Field const& field) {
  return number<double>(field, "a number");
}

template <>
bool read_field(Field const& field) {
  auto const text = text_of(field);
  if (text != "t" && text != "f") wrong(field, "is not a boolean");
  return text == "t";
}

template <>
ProfileId read_field(Field const& field) {
  auto const id = ProfileId::parse(text_of(field));
  if (!id) wrong(field, "is not a uuid");
  return *id;
}

template <>
SystemTime read_field(Field const& field) {
  return time_of(field);
}

template <>
std::vector<float> read_field(Field const& field) {
  return vector_of(field);
}

Field Row::field(int column) const {
  auto const& data = *m_rows->m_data;
  if (column < 0 || column >= data.result.columns()) {
    throw Error(Kind::internal, fmt::format("the result of statement {} has {} columns, asked for index {}",
                                            data.statement, data.result.columns(), column));
  }
  auto const found = data.result.at(m_index, column);
  std::string_view const name = data.result.column_name(column);
  return {found.is_null() ? std::nullopt : std::optional(found.view()), name, data.statement};
}

Field Row::field(std::string_view column) const {
  auto const& data = *m_rows->m_data;
  for (int i = 0; i < data.result.columns(); ++i) {
    if (data.result.column_name(i) == column) return field(i);
  }
  throw Error(Kind::internal, fmt::format("the result of statement {} has no column \"{}\"", data.statement, column));
}

Rows::Rows(std::shared_ptr<Data const> data) : m_data(std::move(data)) {}

int Rows::size() const {
  return m_data->result.size();
}

std::int64_t Rows::affected() const {
  return m_data->result.affected_rows();
}

Row Rows::one() const {
  if (size() != 1)
    throw Error(Kind::internal,
                fmt::format("statement {} gave {} rows where one is expected", m_data->statement, size()));
  return (*this)[0];
}

}  // namespace jvmm::db
