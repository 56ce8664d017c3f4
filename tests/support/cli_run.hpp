#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <iosfwd>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "support/temp_dir.hpp"

namespace jvmm::test {

/// Where the program's standard output goes.
enum class Stdout { captured, full, closed };

/// Around one call of the program. It sees the variables given here, PATH, LC_ALL and the sanitizers' own, and none of
/// the caller's: HOME and the XDG folders lie in a folder of the test, which is also the working directory.
struct CliOptions {
  std::map<std::string, std::string> env = {};
  std::string input = {};            ///< standard input
  std::filesystem::path home = {};   ///< empty: a new folder, removed afterwards
  Stdout to = Stdout::captured;      ///< `full` is a device without space, `closed` no file at all
  bool core_dumps = false;           ///< allowed, into the home
  std::chrono::seconds timeout{60};  ///< then it is killed, which `wait` reports
};

struct CliResult {
  int exit_code = -1;  ///< -1: ended by `signal`
  int signal = 0;
  bool timed_out = false;
  bool core_dumped = false;
  std::string out, err;
};

/// How it ended and what it said on stderr, for failure messages.
std::ostream& operator<<(std::ostream& stream, CliResult const& result);

/// The built program at work. Killed at the end of its life if it still runs.
class CliProcess {
 public:
  /// **Throws** std::runtime_error if it cannot be started.
  explicit CliProcess(std::vector<std::string> const& arguments, CliOptions options = {});
  ~CliProcess();
  CliProcess(CliProcess const&) = delete;
  CliProcess& operator=(CliProcess const&) = delete;

  pid_t pid() const { return m_pid; }
  void send(int signal) const;
  bool is_running();

  /// What it has said on stderr so far.
  std::string err() const;

  /// Waits for its end, or kills it when its time is over.
  CliResult wait();

 private:
  void start(std::vector<std::string> const& arguments) const;
  void adopt_status(int status);

  CliOptions m_options;
  std::unique_ptr<testing::TempDir> m_own_home;
  testing::TempDir m_files;
  std::chrono::steady_clock::time_point m_deadline;
  pid_t m_pid = -1;
  bool m_ended = false;
  CliResult m_result;
};

/// Runs the program to its end.
CliResult run_cli(std::vector<std::string> const& arguments, CliOptions options = {});

}  // namespace jvmm::test
