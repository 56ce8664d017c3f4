#include "http/tls_front.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <initializer_list>
#include <stdexcept>
#include <thread>

extern char** environ;

namespace jvmm::testing {
namespace {

using namespace std::chrono_literals;

std::string program(std::string const& name, std::string const& package) {
  for (char const* folder : {"/usr/sbin/", "/usr/bin/", "/usr/local/bin/"})
    if (::access((folder + name).c_str(), X_OK) == 0) return folder + name;
  throw std::runtime_error(fmt::format("no {}; run scripts/setup, or: apt-get install {}", name, package));
}

/// With both outputs in the file `log`.
pid_t run(std::vector<std::string> const& words, std::string const& log) {
  std::vector<char*> argv;
  for (auto const& word : words)
    argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_addopen(&actions, 1, log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
  ::posix_spawn_file_actions_adddup2(&actions, 1, 2);
  pid_t pid = -1;
  bool const started = ::posix_spawn(&pid, argv[0], &actions, nullptr, argv.data(), environ) == 0;
  ::posix_spawn_file_actions_destroy(&actions);
  if (!started) throw std::runtime_error(words[0] + " cannot be run");
  return pid;
}

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  return address;
}

/// Free a moment ago; nghttpx does not say which port it chose.
int free_port() {
  int const fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  auto address = loopback(0);
  socklen_t size = sizeof address;
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  bool const found = ::bind(fd, generic, size) == 0 && ::getsockname(fd, generic, &size) == 0;
  ::close(fd);
  if (!found) throw std::runtime_error("no free port");
  return ntohs(address.sin_port);
}

bool accepts_connections(int port) {
  int const fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  auto const address = loopback(port);
  bool const accepted = ::connect(fd, reinterpret_cast<sockaddr const*>(&address), sizeof address) == 0;
  ::close(fd);
  return accepted;
}

std::vector<std::string> read_lines(std::filesystem::path const& path) {
  std::ifstream file(path);
  std::vector<std::string> out;
  for (std::string line; std::getline(file, line);)
    out.push_back(line);
  return out;
}

}  // namespace

TlsFront::TlsFront(int backend_port) : m_port(free_port()) {
  make_certificate();
  start(backend_port);
}

TlsFront::~TlsFront() {
  if (m_pid <= 0) return;
  ::kill(m_pid, SIGKILL);
  ::waitpid(m_pid, nullptr, 0);
}

std::string TlsFront::url() const {
  return fmt::format("https://localhost:{}", m_port);
}

std::vector<std::string> TlsFront::log(std::size_t lines) const {
  std::vector<std::string> out;
  for (auto until = std::chrono::steady_clock::now() + 5s; std::chrono::steady_clock::now() < until;) {
    out = read_lines(m_dir.path() / "access");
    if (out.size() >= lines) break;
    std::this_thread::sleep_for(5ms);
  }
  return out;
}

void TlsFront::make_certificate() {
  auto const in = [&](char const* name) { return (m_dir.path() / name).string(); };
  auto const pid = run({program("openssl", "openssl"), "req", "-x509", "-newkey", "ec", "-pkeyopt",
                        "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext",
                        "subjectAltName=DNS:localhost", "-keyout", in("key.pem"), "-out", in("cert.pem")},
                       in("openssl.log"));
  int status = 0;
  ::waitpid(pid, &status, 0);
  if (status != 0) throw std::runtime_error("openssl made no certificate");
}

void TlsFront::start(int backend_port) {
  auto const in = [&](char const* name) { return (m_dir.path() / name).string(); };
  m_pid = run({program("nghttpx", "nghttp2-proxy"), "--single-process", "--conf=/dev/null",
               fmt::format("-f127.0.0.1,{}", m_port), fmt::format("-b127.0.0.1,{}", backend_port),
               "--accesslog-file=" + in("access"), "--accesslog-format=$remote_port $alpn $tls_protocol",
               "--errorlog-file=" + in("error"), in("key.pem"), in("cert.pem")},
              in("out.log"));
  for (auto until = std::chrono::steady_clock::now() + 10s; std::chrono::steady_clock::now() < until;) {
    if (accepts_connections(m_port)) return;
    if (::waitpid(m_pid, nullptr, WNOHANG) == m_pid) {
      m_pid = -1;
      break;
    }
    std::this_thread::sleep_for(10ms);
  }
  std::string told;
  for (auto const& line : read_lines(in("error")))
    told += line + "\n";
  throw std::runtime_error("nghttpx did not start: " + told);
}

}  // namespace jvmm::testing
