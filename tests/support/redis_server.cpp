#include "support/redis_server.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstring>
#include <stdexcept>
#include <thread>
#include <vector>

extern char** environ;

namespace jvmm::test {
namespace {

using namespace std::chrono_literals;

bool takes_connections(std::string const& socket_path) {
  int const fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, socket_path.c_str(), sizeof address.sun_path - 1);
  bool const connected = ::connect(fd, reinterpret_cast<sockaddr const*>(&address), sizeof address) == 0;
  ::close(fd);
  return connected;
}

}  // namespace

RedisServer::RedisServer(std::string const& password) : m_password(password) {
  std::vector<std::string> words{"redis-server", "--port", "0",     "--unixsocket",        socket(),    "--save", "",
                                 "--appendonly", "no",     "--dir", m_dir.path().string(), "--logfile", "log"};
  if (!password.empty()) words.insert(words.end(), {"--requirepass", password});
  std::vector<char*> arguments;
  for (auto& word : words)
    arguments.push_back(word.data());
  arguments.push_back(nullptr);
  if (posix_spawnp(&m_pid, "redis-server", nullptr, nullptr, arguments.data(), environ) != 0)
    throw std::runtime_error("redis-server cannot be started; install the package redis-server");
  wait_until_ready();
}

RedisServer::~RedisServer() {
  kill();
}

void RedisServer::wait_until_ready() const {
  for (int i = 0; i < 2000; ++i) {
    if (takes_connections(socket())) return;
    if (waitpid(m_pid, nullptr, WNOHANG) == m_pid) break;
    std::this_thread::sleep_for(5ms);
  }
  throw std::runtime_error("redis-server does not come up; is the package redis-server installed?");
}

std::string RedisServer::url() const {
  return m_password.empty() ? socket() : "unix://:" + m_password + "@" + socket();
}

void RedisServer::kill() {
  if (m_pid < 0) return;
  ::kill(m_pid, SIGKILL);
  waitpid(m_pid, nullptr, 0);
  m_pid = -1;
}

void RedisServer::hang() const {
  ::kill(m_pid, SIGSTOP);
  int status = 0;
  waitpid(m_pid, &status, WUNTRACED);
}

void RedisServer::wake() const {
  ::kill(m_pid, SIGCONT);
}

}  // namespace jvmm::test
