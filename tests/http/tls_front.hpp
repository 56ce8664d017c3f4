#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

#include "support/temp_dir.hpp"

namespace jvmm::testing {

/// A real nghttpx in front of a loopback port: TLS with a certificate of its own for "localhost", HTTP/2 and HTTP/1.1.
/// **Throws** std::runtime_error with the next step when a program is missing or does not start.
class TlsFront {
 public:
  explicit TlsFront(int backend_port);
  ~TlsFront();
  TlsFront(TlsFront const&) = delete;
  TlsFront& operator=(TlsFront const&) = delete;

  int port() const { return m_port; }
  std::string url() const;
  std::filesystem::path certificate() const { return m_dir.path() / "cert.pem"; }

  /// The lines of its log, "CLIENT_PORT ALPN TLS_VERSION", when there are as many.
  std::vector<std::string> log(std::size_t lines) const;

 private:
  void make_certificate();
  void start(int backend_port);

  TempDir m_dir;
  int m_port = 0;
  pid_t m_pid = -1;
};

}  // namespace jvmm::testing
