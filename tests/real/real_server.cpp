#include "real/real_server.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <stdexcept>

extern char** environ;

namespace jvmm::test {
namespace {

struct Pipe {
  Pipe() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    read = ends[0];
    write = ends[1];
  }
  int read, write;
};

/// Up to the end of a line, or of the file.
std::string read_line(int fd) {
  std::string line;
  for (char c = 0; ::read(fd, &c, 1) == 1 && c != '\n';)
    line += c;
  return line;
}

pid_t start(Pipe const& input, Pipe const& output) {
  ::setenv("JVMM_DEPS", JVMM_DEPS_DIR, 1);
  std::string script = JVMM_SOURCE_DIR "/scripts/real_server", command = "run";
  std::array<char*, 3> const arguments{script.data(), command.data(), nullptr};
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, input.read, STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, output.write, STDOUT_FILENO);
  pid_t pid = -1;
  auto const problem = ::posix_spawn(&pid, script.c_str(), &actions, nullptr, arguments.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  if (problem != 0) throw std::runtime_error(script + " cannot be started");
  return pid;
}

}  // namespace

RealServer::RealServer() {
  Pipe const input, output;
  m_input = input.write;
  m_pid = start(input, output);
  ::close(input.read);
  ::close(output.write);
  m_url = read_line(output.read);
  ::close(output.read);
  if (!m_url.empty()) return;
  stop();
  throw std::runtime_error("scripts/real_server did not bring up a server; it said why above, or in " JVMM_DEPS_DIR
                           "/real/server.log");
}

RealServer::~RealServer() {
  stop();
}

void RealServer::stop() {
  ::close(m_input);
  ::waitpid(m_pid, nullptr, 0);
}

}  // namespace jvmm::test
