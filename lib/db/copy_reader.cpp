#include <fmt/format.h>

#include <algorithm>

#include "db/copy.hpp"
#include "db/literals.hpp"
#include "db/session.hpp"

namespace jvmm::db {
namespace {

constexpr std::string_view k_signature("PGCOPY\n\377\r\n\0", 11);

std::string literal_of(PGconn* raw, Params::Value const& value) {
  using Form = Params::Value::Form;
  if (value.form == Form::null) return "NULL";
  if (value.form != Form::text) throw Error(Kind::internal, "an array as parameter of COPY, which has none");
  std::unique_ptr<char, void (*)(void*)> const quoted(PQescapeLiteral(raw, value.bytes.data(), value.bytes.size()),
                                                      &PQfreemem);
  if (!quoted) throw Error(Kind::bad_input, fmt::format("a text cannot be quoted: {}", PQerrorMessage(raw)));
  return quoted.get();
}

std::string copy_text(PGconn* raw, Statement const& query, Params const& params) {
  auto const values = params.values();
  auto const text = with_literals(query.text, [&](int number) {
    if (number < 1 || static_cast<std::size_t>(number) > values.size())
      throw Error(Kind::internal, fmt::format("statement {} has no parameter ${}", query.name, number));
    return literal_of(raw, values[static_cast<std::size_t>(number) - 1]);
  });
  return fmt::format("COPY (\n{}\n) TO STDOUT (FORMAT binary)", text);
}

template <class T>
T take(std::string_view& bytes) {
  T value{};
  if (bytes.size() < sizeof(T)) throw Error(Kind::bad_answer, "a row of COPY ends too early");
  binary::decode(bytes.substr(0, sizeof(T)), value);
  bytes.remove_prefix(sizeof(T));
  return value;
}

std::string_view take_bytes(std::string_view& bytes, std::size_t count) {
  if (bytes.size() < count) throw Error(Kind::bad_answer, "a row of COPY ends too early");
  auto const out = bytes.substr(0, count);
  bytes.remove_prefix(count);
  return out;
}

}  // namespace

std::string_view CopyRow::bytes(std::size_t column) const {
  if (column >= m_fields.size())
    throw Error(Kind::internal, fmt::format("a row of COPY has {} columns, asked for {}", m_fields.size(), column));
  if (!m_fields[column]) throw Error(Kind::internal, fmt::format("column {} of COPY is NULL", column));
  return *m_fields[column];
}

bool CopyRow::vector(std::size_t column, std::vector<float>& out) const {
  out.clear();
  if (is_null(column)) return false;
  binary::decode_vector(bytes(column), out);
  return true;
}

CopyReader::CopyReader(Transaction& tx, Statement const& query, Params const& params)
    : m_session(tx.connection().session()), m_statement(query.name), m_message(nullptr, &PQfreemem) {
  if (m_session.raw == nullptr) throw Error(Kind::internal, "COPY on a closed connection");
  m_session.start_copy({m_statement, copy_text(m_session.raw, query, params)}, PGRES_COPY_OUT);
  m_open = true;
}

CopyReader::~CopyReader() {
  if (!m_open) return;
  m_session.close();  // cheaper than reading on, and nothing that follows can be mistaken for an answer
}

CopyRow const* CopyReader::next() {
  while (m_open) {
    if (m_bytes.empty() && !receive()) break;
    if (m_header) {
      if (take_bytes(m_bytes, k_signature.size()) != k_signature)
        throw Error(Kind::bad_answer, "the stream of COPY is not in binary form");
      take<std::int32_t>(m_bytes);  // flags
      take_bytes(m_bytes, static_cast<std::size_t>(take<std::int32_t>(m_bytes)));
      m_header = false;
      continue;
    }
    parse();
    if (!m_row.m_fields.empty()) return &m_row;
  }
  return nullptr;
}

bool CopyReader::receive() {
  Session::Deadline const deadline(m_session, m_session.limit);
  char* data = nullptr;
  int const size = PQgetCopyData(m_session.raw, &data, 0);
  m_message.reset(data);
  if (size > 0) {
    m_bytes = {data, static_cast<std::size_t>(size)};
    return true;
  }
  m_open = false;
  m_session.finish_copy({m_statement, ""}, size == -1, 0);
  return false;
}

// A field count of -1 is the end of the stream and leaves no fields.
void CopyReader::parse() {
  m_row.m_fields.clear();
  auto const count = take<std::int16_t>(m_bytes);
  for (std::int16_t i = 0; i < count; ++i) {
    auto const length = take<std::int32_t>(m_bytes);
    if (length < 0)
      m_row.m_fields.emplace_back(std::nullopt);
    else
      m_row.m_fields.emplace_back(take_bytes(m_bytes, static_cast<std::size_t>(length)));
  }
}

}  // namespace jvmm::db
