#pragma once

#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "db/binary_codec.hpp"
#include "db/transaction.hpp"

namespace jvmm::db {

/// Rows into a table ("table" or "schema.table") by COPY … FROM STDIN in binary form: the fastest way in. The values of
/// a row are added in the order of the columns and have to be exactly of the column's type (an int4 column takes
/// std::int32_t), as the binary form is not converted; the server refuses a difference, with Error(bad_input).
///
/// Nothing is stored before finish() returned and the transaction was committed. While it is open nothing else can be
/// sent on the connection. Destroying it unfinished makes the server drop the rows and fails the transaction.
///
/// **Cost** memory: one buffer of 64 KiB or one row, whichever is larger. The statement timeout counts for the whole
/// COPY, including the time the caller takes.
///
/// **Example**
///
///     db::CopyWriter copy(tx, "incoming", {"id", "embedding"});
///     for (auto const& row : rows)
///       copy.row().add(row.id).add_vector(row.embedding);
///     copy.finish();
class CopyWriter {
 public:
  CopyWriter(WriteTx& tx, std::string_view table, std::initializer_list<std::string_view> columns);
  ~CopyWriter();
  CopyWriter(CopyWriter const&) = delete;
  CopyWriter& operator=(CopyWriter const&) = delete;

  /// Begins a row. **Throws** Error(internal) when the last one is incomplete.
  CopyWriter& row();

  CopyWriter& add_null();
  /// std::int16_t, int32_t, int64_t, float, double, bool, ProfileId, SystemTime, or text.
  template <class T>
  CopyWriter& add(T const& value) {
    return field([&](std::string& out) { binary::encode(out, value); });
  }
  CopyWriter& add(char const* text) { return add(std::string_view(text)); }
  CopyWriter& add(std::string const& text) { return add(std::string_view(text)); }
  template <class T>
  CopyWriter& add(std::optional<T> const& value) {
    return value ? add(*value) : add_null();
  }
  CopyWriter& add_jsonb(std::string_view document) {
    return field([&](std::string& out) { binary::encode_jsonb(out, document); });
  }
  CopyWriter& add_vector(std::span<float const> vector) {
    return field([&](std::string& out) { binary::encode_vector(out, vector); });
  }
  CopyWriter& add_texts(std::span<std::optional<std::string> const> texts);
  CopyWriter& add_ids(std::span<ProfileId const> ids);

  /// Sends what is left and waits for the server's word. **Returns** the number of rows it counted.
  std::int64_t finish();

 private:
  template <class F>
  CopyWriter& field(F payload) {
    take_column();
    binary::with_length(m_buffer, payload);
    return *this;
  }
  void take_column();
  void send();
  void end(char const* reason);

  Session& m_session;
  std::string m_statement;
  std::size_t m_columns;
  std::size_t m_left = 0;  ///< columns still to come in this row
  std::int64_t m_rows = 0;
  bool m_open = false;
  std::string m_buffer;
};

/// One row of a CopyReader; valid until the next.
class CopyRow {
 public:
  std::size_t size() const { return m_fields.size(); }
  bool is_null(std::size_t column) const { return !m_fields.at(column); }

  /// A column by index from 0, in the type it has in the database (int4 is std::int32_t, text is string_view).
  /// **Throws** Error(internal) for NULL, Error(bad_answer) for another type.
  template <class T>
  T get(std::size_t column) const {
    T value{};
    binary::decode(bytes(column), value);
    return value;
  }
  template <class T>
  std::optional<T> optional(std::size_t column) const {
    return is_null(column) ? std::nullopt : std::optional(get<T>(column));
  }
  std::string_view text(std::size_t column) const { return bytes(column); }
  std::string_view jsonb(std::size_t column) const { return binary::decode_jsonb(bytes(column)); }
  /// Into `out`, so that a loop allocates once. False for NULL, which empties it.
  bool vector(std::size_t column, std::vector<float>& out) const;
  std::vector<std::optional<std::string_view>> texts(std::size_t column) const {
    return binary::decode_array(bytes(column), binary::Oid::text);
  }

  /// The payload. **Throws** Error(internal) for NULL or a column that is not there.
  std::string_view bytes(std::size_t column) const;

 private:
  friend class CopyReader;
  std::vector<std::optional<std::string_view>> m_fields;
};

/// The rows of a query by COPY … TO STDOUT in binary form: the fastest way out, and in bounded memory, one row at a
/// time. While it is open nothing else can be sent on the connection; destroying it before the last row ends the
/// connection, so put the limit into the query.
///
/// COPY knows no parameters, so `$1`, `$2`, … are put into the text as quoted literals, which only works for scalars:
/// **Throws** Error(internal) for arrays.
class CopyReader {
 public:
  CopyReader(Transaction& tx, Statement const& query, Params const& params = {});
  ~CopyReader();
  CopyReader(CopyReader const&) = delete;
  CopyReader& operator=(CopyReader const&) = delete;

  /// The next row, or null after the last. **Throws** Error; unavailable when the connection breaks midway, and then
  /// the rows read so far are not all of them.
  CopyRow const* next();

 private:
  bool receive();
  void parse();
  void end();

  Session& m_session;
  std::string m_statement;
  bool m_open = false;
  bool m_header = true;  ///< the stream's header is still to come
  std::unique_ptr<char, void (*)(void*)> m_message;
  std::string_view m_bytes;
  CopyRow m_row;
};

}  // namespace jvmm::db
