#pragma once

#include <exception>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace jvmm {

/// What a caller can do about a failure. Each kind has an exit code (docs/exit_codes.md) and says whether trying again
/// can help.
enum class Kind {
  usage,          ///< unknown or contradictory options
  bad_input,      ///< data that was read is malformed
  missing_input,  ///< a file that was named is not there
  unavailable,    ///< a server cannot be reached, or went away
  conflict,       ///< serialization failure or deadlock: the transaction may be run again
  internal,       ///< a broken invariant: our bug
  local_io,       ///< reading or writing a local file failed
  stopped,        ///< a signal, a limit or a budget ended the run early and clean
  lease_held,     ///< another run works on the same rows
  rate_limited,   ///< a service asks to slow down
  budget_spent,   ///< requests, money or credit are used up
  bad_answer,     ///< an answer not of the agreed shape: dimensions, fields, schema version
  refused,        ///< token, role or privilege
  configuration,  ///< a setting, an extension or a migration is missing
};

/// All kinds, in the order of their declaration.
std::span<Kind const> all_kinds();

/// The kind's name as it appears in logs, JSON and the ledger, such as "bad_input".
std::string_view name(Kind kind);

/// The process exit code for a run that ended with this kind. Range 64..78, after sysexits.h.
int exit_code(Kind kind);

/// True where the same operation may succeed if it is simply done again later. Never true for a commit in doubt:
/// that is not an error kind but a question to the ledger (stage/engine.hpp).
bool retryable(Kind kind);

/// What ends a run. Carries the kind, a message that names the thing and the expectation, contexts added on the way up
/// ("while writing batch after id …"), and a hint with the next step.
///
/// **Example**
///
///     throw Error(Kind::configuration, "profiles.embedding_seeking does not exist").hint("run 'jvmm migrate'");
class Error : public std::exception {
 public:
  Error(Kind kind, std::string message);

  Error& context(std::string what) &;
  Error&& context(std::string what) &&;
  Error& hint(std::string next_step) &;
  Error&& hint(std::string next_step) &&;

  Kind kind() const noexcept { return m_kind; }
  std::string const& message() const noexcept { return m_message; }
  std::vector<std::string> const& contexts() const noexcept { return m_contexts; }
  std::string const& hint() const noexcept { return m_hint; }

  /// Message, contexts from the innermost out, and the hint, in one line.
  char const* what() const noexcept override { return m_what.c_str(); }

 private:
  void render();

  Kind m_kind;
  std::string m_message;
  std::vector<std::string> m_contexts;
  std::string m_hint;
  std::string m_what;
};

}  // namespace jvmm
