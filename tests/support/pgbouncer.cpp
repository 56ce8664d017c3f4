#include "support/pgbouncer.hpp"

#include <fmt/format.h>
#include <pwd.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <thread>
#include <vector>

#include "support/temp_db.hpp"

extern char** environ;

namespace jvmm::test {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

std::string program() {
  for (char const* path : {"/usr/sbin/pgbouncer", "/usr/bin/pgbouncer", "/usr/local/bin/pgbouncer"}) {
    if (::access(path, X_OK) == 0) return path;
  }
  throw std::runtime_error("no pgbouncer; run scripts/setup, or: apt-get install pgbouncer");
}

void write_file(fs::path const& path, std::string const& text) {
  std::ofstream(path) << text;
  fs::permissions(path, fs::perms(0644));
}

std::string read_file(fs::path const& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

// PgBouncer refuses to be root, and the server's socket folder may admit its owner only.
std::string user_to_become() {
  struct stat about{};
  if (::stat(test_server_host().c_str(), &about) != 0 || about.st_uid == 0) return "nobody";
  auto const* const owner = ::getpwuid(about.st_uid);
  return owner == nullptr ? "nobody" : owner->pw_name;
}

std::string configuration(std::string const& folder, PgBouncerOptions const& options) {
  return fmt::format(
      "[databases]\n"
      "* = host={} port={}\n"
      "[pgbouncer]\n"
      "listen_addr =\n"
      "unix_socket_dir = {}\n"
      "listen_port = {}\n"
      "auth_type = trust\n"
      "auth_file = {}/users\n"
      "pool_mode = transaction\n"
      "default_pool_size = {}\n"
      "query_wait_timeout = {}\n"
      "logfile = {}/log\n",
      test_server_host(), test_server_port(), folder, PgBouncer::k_port, folder, options.pool_size,
      options.query_wait_seconds, folder);
}

// The socket's file is there a moment before anybody listens on it.
bool accepts_connections(std::string const& socket_path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  socket_path.copy(address.sun_path, sizeof address.sun_path - 1);
  int const fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
  bool const accepted = ::connect(fd, reinterpret_cast<sockaddr const*>(&address), sizeof address) == 0;
  ::close(fd);
  return accepted;
}

}  // namespace

PgBouncer::PgBouncer(PgBouncerOptions const& options) {
  char folder[] = "/tmp/jvmm-pgbouncer-XXXXXX";
  if (::mkdtemp(folder) == nullptr) throw std::runtime_error("cannot make a folder in /tmp");
  m_folder = folder;
  fs::permissions(m_folder, fs::perms(0777));  // it gives up root for another user
  write_file(fs::path(m_folder) / "users", fmt::format("\"{}\" \"\"\n", test_server_user()));
  write_file(fs::path(m_folder) / "ini", configuration(m_folder, options));
  start();
}

PgBouncer::~PgBouncer() {
  if (m_pid > 0) {
    ::kill(m_pid, SIGKILL);
    ::waitpid(m_pid, nullptr, 0);
  }
  std::error_code ignored;
  fs::remove_all(m_folder, ignored);
}

void PgBouncer::start() {
  auto const path = program();
  auto const ini = m_folder + "/ini";
  std::vector<char const*> arguments{path.c_str(), "-q"};
  auto const user = user_to_become();
  if (::geteuid() == 0) arguments.insert(arguments.end(), {"-u", user.c_str()});
  arguments.insert(arguments.end(), {ini.c_str(), nullptr});
  auto** const argv = const_cast<char**>(arguments.data());
  if (::posix_spawn(&m_pid, path.c_str(), nullptr, nullptr, argv, environ) != 0)
    throw std::runtime_error("pgbouncer cannot be run");
  auto const socket = fmt::format("{}/.s.PGSQL.{}", m_folder, k_port);
  for (auto until = std::chrono::steady_clock::now() + 10s; std::chrono::steady_clock::now() < until;) {
    if (accepts_connections(socket)) return;
    if (::waitpid(m_pid, nullptr, WNOHANG) == m_pid) break;
    std::this_thread::sleep_for(10ms);
  }
  throw std::runtime_error("pgbouncer did not start: " + read_file(fs::path(m_folder) / "log"));
}

}  // namespace jvmm::test
