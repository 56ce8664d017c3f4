#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "inference/remote/gate.hpp"
#include "log/logger.hpp"

namespace jvmm::inference {

/// What a backend said of one item.
template <class T>
struct Tried {
  std::optional<T> value;
  std::optional<Error> error = {};  ///< if there is no value
  bool own_fault = false;           ///< of the item: another backend would say the same
};

/// One element of a route, for one task with fixed parameters. **Threads**: safe.
template <class T>
class TaskBackend {
 public:
  virtual ~TaskBackend() = default;
  virtual std::string const& name() const = 0;

  /// One per item, in order.
  virtual std::vector<Tried<T>> attempt(std::span<std::string_view const> items, Patience patience) = 0;

  /// What came of these items is committed.
  virtual void release(std::span<std::string_view const>) {}
};

/// Backends in order of preference: what the first cannot do now goes to the next. **Threads**: safe.
template <class T>
class Route {
 public:
  Route(std::vector<std::unique_ptr<TaskBackend<T>>> backends, log::Logger* log)
      : m_backends(std::move(backends)), m_log(log) {}

  /// One result per item, in order. bad_input and bad_answer are the item's own fault; unavailable, rate_limited,
  /// budget_spent and stopped say that nobody could be asked now. **Throws** what no later run would mend by itself:
  /// refused, configuration, an answer of the wrong shape, a full disk.
  std::vector<Result<T>> ask(std::span<std::string_view const> items) {
    std::vector<std::optional<Result<T>>> results(items.size());
    std::vector<std::size_t> left;
    for (std::size_t i = 0; i < items.size(); ++i)
      left.push_back(i);
    std::optional<Error> why;
    for (std::size_t b = 0; b < m_backends.size() && !left.empty(); ++b)
      left = ask_one(b, items, left, results, why);
    if (!left.empty()) {
      if (!why) throw Error(Kind::configuration, "the route is empty");
      if (!is_passing(why->kind())) throw *why;
      for (auto const i : left)
        results[i] = *why;
    }
    std::vector<Result<T>> out;
    for (auto& result : results)
      out.push_back(std::move(*result));
    return out;
  }

  void release(std::span<std::string_view const> items) {
    for (auto& backend : m_backends)
      backend->release(items);
  }

  std::span<std::unique_ptr<TaskBackend<T>> const> backends() const { return m_backends; }

 private:
  using Results = std::vector<std::optional<Result<T>>>;

  std::vector<std::size_t> ask_one(std::size_t b, std::span<std::string_view const> items,
                                   std::vector<std::size_t> const& wanted, Results& results,
                                   std::optional<Error>& why) {
    std::vector<std::string_view> texts;
    for (auto const i : wanted)
      texts.push_back(items[i]);
    auto const patience = b + 1 == m_backends.size() ? Patience::all : Patience::none;
    auto tried = m_backends[b]->attempt(texts, patience);
    std::vector<std::size_t> left;
    std::optional<Error> here;
    for (std::size_t k = 0; k < wanted.size(); ++k) {
      if (tried[k].value) {
        results[wanted[k]] = std::move(*tried[k].value);
      } else if (tried[k].own_fault) {
        results[wanted[k]] = *tried[k].error;
      } else {
        left.push_back(wanted[k]);
        if (!here || is_worse(tried[k].error->kind(), here->kind())) here = tried[k].error;
      }
    }
    if (!here) return left;
    if (m_log && b + 1 < m_backends.size() && here->kind() != Kind::stopped)
      m_log->warn("{}; going on with {}", here->what(), m_backends[b + 1]->name());
    if (!why || is_worse(here->kind(), why->kind())) why = here;
    return left;
  }

  static bool is_passing(Kind kind) {
    return kind == Kind::unavailable || kind == Kind::rate_limited || kind == Kind::budget_spent ||
           kind == Kind::stopped;
  }

  /// Of several errors the one that says most: what a later run mends comes before what it does not, and what was told
  /// by a service before what followed from it.
  static bool is_worse(Kind a, Kind b) {
    auto const rank = [](Kind kind) {
      switch (kind) {
        case Kind::stopped:
          return 0;
        case Kind::unavailable:
          return 2;
        case Kind::rate_limited:
          return 3;
        case Kind::budget_spent:
          return 4;
        default:
          return 1;
      }
    };
    return rank(a) > rank(b);
  }

  std::vector<std::unique_ptr<TaskBackend<T>>> m_backends;
  log::Logger* m_log;
};

}  // namespace jvmm::inference
