#pragma once

#include <map>
#include <string>
#include <vector>

#include "support/http_stub.hpp"

namespace jvmm::testing {

/// A hub with one repository, as huggingface.co answers: commits, small files with their own ETag, large ones by a
/// redirect that names their SHA-256 and to a place that knows ranges.
class HubStub {
 public:
  explicit HubStub(std::string repo) : m_repo(std::move(repo)) {}

  std::string url() const { return m_server.url(); }
  std::vector<HttpRequest> requests() const { return m_server.requests(); }

  /// The paths asked for below `/resolve/`, "main/config.json".
  std::vector<std::string> resolved() const;

  std::map<std::string, std::string> commits;                       ///< of branches and tags
  std::map<std::string, std::map<std::string, std::string>> files;  ///< by commit and path
  std::map<std::string, std::string> linked_hashes;                 ///< instead of the right one, by path
  std::size_t cut_after = std::string::npos;                        ///< of large files

 private:
  HttpReply answer(HttpRequest const& request) const;
  HttpReply resolve(std::string const& rest) const;
  HttpReply large(HttpRequest const& request) const;

  std::string m_repo;
  HttpStub m_server{[this](HttpRequest const& request) { return answer(request); }};
};

}  // namespace jvmm::testing
