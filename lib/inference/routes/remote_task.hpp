#pragma once

#include <functional>
#include <utility>

#include "inference/remote/remote_backend.hpp"
#include "inference/route.hpp"

namespace jvmm::inference {

/// A service as an element of a route: `unpack` turns a stored answer for an item into the task's value.
template <class T>
class RemoteTask final : public TaskBackend<T> {
 public:
  using Unpack = std::function<T(StoredAnswer const&, std::string_view item)>;

  RemoteTask(std::unique_ptr<RemoteBackend> backend, Unpack unpack)
      : m_backend(std::move(backend)), m_unpack(std::move(unpack)) {}

  std::string const& name() const override { return m_backend->name(); }
  RemoteBackend& backend() { return *m_backend; }

  std::vector<Tried<T>> attempt(std::span<std::string_view const> items, Patience patience) override {
    std::vector<Tried<T>> out;
    auto const asked = m_backend->ask(items, patience);
    for (std::size_t i = 0; i < asked.size(); ++i)
      out.push_back(tried(asked[i], items[i]));
    return out;
  }

  void release(std::span<std::string_view const> items) override { m_backend->release(items); }

 private:
  /// An answer from a shared cache may be anything.
  Tried<T> tried(Asked const& asked, std::string_view item) const {
    if (!asked.answer) return {std::nullopt, asked.error, asked.own_fault};
    try {
      return {m_unpack(*asked.answer, item)};
    } catch (Error const& error) {
      return {std::nullopt, error, true};
    }
  }

  std::unique_ptr<RemoteBackend> m_backend;
  Unpack m_unpack;
};

/// **Throws** configuration, naming the spec: this sort of backend does not do the task.
[[noreturn]] void refuse_task(BackendSpec const& spec, Task task);

/// REQUIRES of the context: `remote` is there. **Throws** internal otherwise.
Remote& remote_of(Remote* remote, BackendSpec const& spec);

}  // namespace jvmm::inference
