#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace jvmm::store {

/// Which process does or did something, so that another on the same machine can tell whether it still lives.
struct Holder {
  std::string host;
  std::string boot;           ///< the kernel's boot id
  std::string pid_namespace;  ///< pids of another container mean nothing here
  std::int64_t pid = 0;
  std::uint64_t start = 0;  ///< ticks from boot to the start of the process: a pid can be used again

  static Holder self();

  /// As stored in jsonb columns.
  std::string json() const;
  /// A holder as stored; missing keys are empty, which makes it a process one cannot judge.
  static Holder from_json(std::string_view text);

  /// True only where it is certain: same machine, same boot, same namespace, and no such process.
  bool is_known_dead() const;

  /// "process 4711 on db-worker-2".
  std::string text() const;
};

}  // namespace jvmm::store
