#pragma once

#include <utility>
#include <variant>

#include "base/error.hpp"

namespace jvmm {

/// A value or an error, for the few functions whose callers routinely go on after a failure (parsing one value, one
/// row's answer). Everything else throws.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : m_content(std::move(value)) {}
  Result(Error error) : m_content(std::move(error)) {}

  explicit operator bool() const noexcept { return std::holds_alternative<T>(m_content); }

  /// REQUIRES: holds a value.
  T& operator*() & { return std::get<T>(m_content); }
  T const& operator*() const& { return std::get<T>(m_content); }
  T&& operator*() && { return std::get<T>(std::move(m_content)); }
  T* operator->() { return &std::get<T>(m_content); }
  T const* operator->() const { return &std::get<T>(m_content); }

  /// REQUIRES: holds an error.
  Error const& error() const& { return std::get<Error>(m_content); }

  /// The value, or the error thrown.
  T value_or_throw() && {
    if (!*this) throw std::get<Error>(std::move(m_content));
    return std::get<T>(std::move(m_content));
  }

 private:
  std::variant<T, Error> m_content;
};

}  // namespace jvmm
