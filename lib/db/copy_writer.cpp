#include <fmt/format.h>

#include "db/copy.hpp"
#include "db/session.hpp"

namespace jvmm::db {
namespace {

constexpr std::size_t k_buffer_bytes = 64 * 1024;  // libpq copies it once more; larger gained nothing measurable
// Signature, flags and length of the extension area, which is empty.
constexpr std::string_view k_header("PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0", 19);

std::string quoted(std::string_view identifier) {
  std::string out = "\"";
  for (char c : identifier)
    out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

// "schema.table" or "table".
std::string quoted_table(std::string_view table) {
  auto const dot = table.find('.');
  return dot == table.npos ? quoted(table) : quoted(table.substr(0, dot)) + "." + quoted(table.substr(dot + 1));
}

std::string copy_text(std::string_view table, std::initializer_list<std::string_view> columns) {
  std::string list;
  for (auto const column : columns)
    list += (list.empty() ? "" : ", ") + quoted(column);
  return fmt::format("COPY {} ({}) FROM STDIN (FORMAT binary)", quoted_table(table), list);
}

}  // namespace

CopyWriter::CopyWriter(WriteTx& tx, std::string_view table, std::initializer_list<std::string_view> columns)
    : m_session(tx.connection().session()),
      m_statement(fmt::format("copy into {}", table)),
      m_columns(columns.size()),
      m_buffer(k_header) {
  m_session.start_copy({m_statement, copy_text(table, columns)}, PGRES_COPY_IN);
  m_open = true;
}

CopyWriter::~CopyWriter() {
  if (!m_open) return;
  try {
    end("abandoned by the client");
  } catch (std::exception const&) {
    // The transaction has failed, which is what was asked for.
  }
}

CopyWriter& CopyWriter::row() {
  if (m_left != 0) throw Error(Kind::internal, fmt::format("{}: a row lacks {} columns", m_statement, m_left));
  if (m_buffer.size() >= k_buffer_bytes) send();
  binary::put(m_buffer, static_cast<std::int16_t>(m_columns));
  m_left = m_columns;
  ++m_rows;
  return *this;
}

CopyWriter& CopyWriter::add_null() {
  take_column();
  binary::encode_null(m_buffer);
  return *this;
}

CopyWriter& CopyWriter::add_texts(std::span<std::optional<std::string> const> texts) {
  return field([&](std::string& out) {
    binary::encode_array(out, binary::Oid::text, texts,
                         [](std::string& to, std::string_view text) { binary::encode(to, text); });
  });
}

CopyWriter& CopyWriter::add_ids(std::span<ProfileId const> ids) {
  return field([&](std::string& out) {
    binary::encode_array(out, binary::Oid::uuid, ids,
                         [](std::string& to, ProfileId const& id) { binary::encode(to, id); });
  });
}

void CopyWriter::take_column() {
  if (m_left == 0) throw Error(Kind::internal, fmt::format("{}: a value too many, or before row()", m_statement));
  --m_left;
}

void CopyWriter::send() {
  Session::Deadline const deadline(m_session, m_session.limit);
  auto const size = static_cast<int>(m_buffer.size());
  if (PQputCopyData(m_session.raw, m_buffer.data(), size) != 1) {
    m_open = false;
    m_session.copying = false;
    m_session.fail({m_statement, ""}, nullptr);
  }
  m_buffer.clear();
}

std::int64_t CopyWriter::finish() {
  if (m_left != 0) throw Error(Kind::internal, fmt::format("{}: the last row lacks {} columns", m_statement, m_left));
  binary::put(m_buffer, std::int16_t{-1});
  send();
  end(nullptr);
  return m_rows;
}

void CopyWriter::end(char const* reason) {
  m_open = false;
  Session::Deadline const deadline(m_session, m_session.limit);
  bool const sent = PQputCopyEnd(m_session.raw, reason) == 1;
  m_session.finish_copy({m_statement, ""}, sent, m_rows);
}

}  // namespace jvmm::db
