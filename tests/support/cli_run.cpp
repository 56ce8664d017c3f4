#include "support/cli_run.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <ostream>
#include <stdexcept>
#include <thread>
#include <utility>

namespace jvmm::test {
namespace {

using namespace std::chrono_literals;

std::string read(std::filesystem::path const& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::map<std::string, std::string> environment(CliOptions const& options) {
  auto env = options.env;
  for (auto const* name : {"PATH", "ASAN_OPTIONS", "LSAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"})
    if (char const* value = std::getenv(name)) env.emplace(name, value);
  env.emplace("LC_ALL", "C.UTF-8");
  env.emplace("HOME", options.home.string());
  env.emplace("XDG_CONFIG_HOME", (options.home / "config").string());
  env.emplace("XDG_DATA_HOME", (options.home / "data").string());
  return env;
}

std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> out;
  for (auto& string : strings)
    out.push_back(string.data());
  out.push_back(nullptr);
  return out;
}

void redirect(int from, std::filesystem::path const& path, int flags) {
  int const fd = open(path.c_str(), flags, 0600);
  if (fd < 0 || dup2(fd, from) < 0) _exit(126);
  close(fd);
}

void allow_core_dumps() {
  rlimit limit{};
  getrlimit(RLIMIT_CORE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_CORE, &limit);
}

}  // namespace

std::ostream& operator<<(std::ostream& stream, CliResult const& result) {
  stream << "exit " << result.exit_code;
  if (result.signal != 0) stream << ", signal " << result.signal;
  if (result.timed_out) stream << ", killed after its time was over";
  return stream << "\nstdout: " << result.out.substr(0, 2000) << "\nstderr: " << result.err.substr(0, 4000);
}

CliProcess::CliProcess(std::vector<std::string> const& arguments, CliOptions options)
    : m_options(std::move(options)), m_deadline(std::chrono::steady_clock::now() + m_options.timeout) {
  if (m_options.home.empty()) {
    m_own_home = std::make_unique<testing::TempDir>();
    m_options.home = m_own_home->path();
  }
  m_files.write("in", m_options.input);
  m_pid = fork();
  if (m_pid < 0) throw std::runtime_error("fork failed");
  if (m_pid == 0) start(arguments);
}

CliProcess::~CliProcess() {
  if (m_ended) return;
  send(SIGKILL);
  waitpid(m_pid, nullptr, 0);
}

/// In the child: becomes the program.
void CliProcess::start(std::vector<std::string> const& arguments) const {
  std::vector<std::string> args{JVMM_BINARY};
  args.insert(args.end(), arguments.begin(), arguments.end());
  std::vector<std::string> env;
  for (auto const& [name, value] : environment(m_options))
    env.push_back(name + "=" + value);
  redirect(STDIN_FILENO, m_files.path() / "in", O_RDONLY);
  redirect(STDERR_FILENO, m_files.path() / "err", O_WRONLY | O_CREAT);
  if (m_options.to == Stdout::closed)
    close(STDOUT_FILENO);
  else if (m_options.to == Stdout::full)
    redirect(STDOUT_FILENO, "/dev/full", O_WRONLY);
  else
    redirect(STDOUT_FILENO, m_files.path() / "out", O_WRONLY | O_CREAT);
  if (m_options.core_dumps) allow_core_dumps();
  if (chdir(m_options.home.c_str()) != 0) _exit(126);
  execve(JVMM_BINARY, pointers(args).data(), pointers(env).data());
  _exit(127);
}

void CliProcess::send(int signal) const {
  kill(m_pid, signal);
}

void CliProcess::adopt_status(int status) {
  m_ended = true;
  if (WIFEXITED(status)) m_result.exit_code = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) m_result.signal = WTERMSIG(status);
  m_result.core_dumped = WIFSIGNALED(status) && WCOREDUMP(status);
  m_result.out = read(m_files.path() / "out");
  m_result.err = err();
}

bool CliProcess::is_running() {
  int status = 0;
  if (!m_ended && waitpid(m_pid, &status, WNOHANG) == m_pid) adopt_status(status);
  return !m_ended;
}

std::string CliProcess::err() const {
  return read(m_files.path() / "err");
}

CliResult CliProcess::wait() {
  while (is_running()) {
    if (!m_result.timed_out && std::chrono::steady_clock::now() >= m_deadline) {
      m_result.timed_out = true;
      send(SIGKILL);
    }
    std::this_thread::sleep_for(3ms);
  }
  return m_result;
}

CliResult run_cli(std::vector<std::string> const& arguments, CliOptions options) {
  return CliProcess(arguments, std::move(options)).wait();
}

}  // namespace jvmm::test
