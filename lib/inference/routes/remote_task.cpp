#include "inference/routes/remote_task.hpp"

#include <fmt/format.h>

#include "base/error.hpp"

namespace jvmm::inference {

void refuse_task(BackendSpec const& spec, Task task) {
  throw Error(Kind::configuration, fmt::format("backend {} does not do {}", spec.text(), name(task)))
      .hint("docs/inference.md says which backend does what");
}

Remote& remote_of(Remote* remote, BackendSpec const& spec) {
  if (!remote) throw Error(Kind::internal, spec.text() + " was opened without connections");
  return *remote;
}

}  // namespace jvmm::inference
