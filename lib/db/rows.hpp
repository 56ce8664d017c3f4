#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"

namespace jvmm::db {

class Rows;

/// One value as the server sent it, with the name for messages.
struct Field {
  std::optional<std::string_view> text;  ///< absent for NULL
  std::string_view column;
  std::string_view statement;
};

/// Reads one field; T is string_view, string, int64_t, int, double, bool, ProfileId, SystemTime (of a timestamptz) or
/// vector<float> (of a pgvector). **Throws** Error(internal) for NULL or a value of another type, naming the column.
template <class T>
T read_field(Field const& field);

/// A row of a result. Valid as long as the Rows it came from; so are the views it hands out.
class Row {
 public:
  /// The value of a column, by name or index from 0. **Throws** Error(internal), naming the column, when it is not in
  /// the result, NULL, or not of this type.
  template <class T>
  T get(auto column) const {
    return read_field<T>(field(column));
  }

  /// The same with NULL as absent.
  template <class T>
  std::optional<T> optional(auto column) const {
    auto const found = field(column);
    if (!found.text) return std::nullopt;
    return read_field<T>(found);
  }

  bool is_null(auto column) const { return !field(column).text; }

 private:
  friend class Rows;
  Row(Rows const& rows, int index) : m_rows(&rows), m_index(index) {}
  Field field(std::string_view column) const;
  Field field(int column) const;

  Rows const* m_rows;
  int m_index;
};

/// The result of one statement: all rows, in memory. For what does not fit there is CopyReader.
class Rows {
 public:
  struct Data;  // holds the library's result
  explicit Rows(std::shared_ptr<Data const> data);

  int size() const;
  bool empty() const { return size() == 0; }
  Row operator[](int index) const { return {*this, index}; }

  /// Rows inserted, updated or deleted; of a query, rows returned.
  std::int64_t affected() const;

  /// The only row. **Throws** Error(internal) when there are more or fewer.
  Row one() const;

  class Iterator {
   public:
    Iterator(Rows const& rows, int index) : m_rows(&rows), m_index(index) {}
    Row operator*() const { return (*m_rows)[m_index]; }
    Iterator& operator++() {
      ++m_index;
      return *this;
    }
    bool operator==(Iterator const& other) const { return m_index == other.m_index; }

   private:
    Rows const* m_rows;
    int m_index;
  };
  Iterator begin() const { return {*this, 0}; }
  Iterator end() const { return {*this, size()}; }

 private:
  friend class Row;
  std::shared_ptr<Data const> m_data;
};

}  // namespace jvmm::db
