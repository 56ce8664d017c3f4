#pragma once

#include <sys/types.h>

#include <string>

namespace jvmm::test {

/// llama.cpp's server with all-MiniLM-L6-v2, by scripts/real_server. It ends with this object, or with this process.
class RealServer {
 public:
  /// Installs it first where that was not done. **Throws** std::runtime_error if it does not come up.
  RealServer();
  ~RealServer();
  RealServer(RealServer const&) = delete;
  RealServer& operator=(RealServer const&) = delete;

  std::string const& url() const { return m_url; }

  /// As an element of a route.
  std::string spec(std::string const& model = "all-MiniLM-L6-v2") const { return "openai:" + m_url + "#" + model; }

 private:
  void stop();

  pid_t m_pid = -1;
  int m_input = -1;  ///< whose end is the server's
  std::string m_url;
};

}  // namespace jvmm::test
