#include "inference/hub_stub.hpp"

#include "text/digest.hpp"

namespace jvmm::testing {
namespace {

constexpr std::size_t k_large_bytes = 1000;
constexpr std::string_view k_large = "/large/";

}  // namespace

std::vector<std::string> HubStub::resolved() const {
  std::vector<std::string> out;
  auto const prefix = "/" + m_repo + "/resolve/";
  for (auto const& request : requests())
    if (request.path.starts_with(prefix)) out.push_back(request.path.substr(prefix.size()));
  return out;
}

HttpReply HubStub::answer(HttpRequest const& request) const {
  auto const prefix = "/" + m_repo + "/resolve/";
  if (request.path.starts_with(prefix)) return resolve(request.path.substr(prefix.size()));
  if (request.path.starts_with(k_large)) return large(request);
  return {401, "", {"X-Error-Code: RepoNotFound", "X-Error-Message: Repository not found"}};
}

HttpReply HubStub::resolve(std::string const& rest) const {
  auto const slash = rest.find('/');
  auto const revision = rest.substr(0, slash), path = rest.substr(slash + 1);
  auto const named = commits.find(revision);
  auto const commit = named == commits.end() ? revision : named->second;
  if (!files.contains(commit)) return {404, "", {"X-Error-Message: Invalid rev id: " + revision}};
  auto const file = files.at(commit).find(path);
  if (file == files.at(commit).end()) return {404, "", {"X-Error-Message: Entry not found"}};
  auto const hash = text::sha256_hex(file->second);
  if (file->second.size() < k_large_bytes)
    return {200, file->second, {"X-Repo-Commit: " + commit, "ETag: \"" + hash.substr(0, 40) + "\""}};
  auto const said = linked_hashes.find(path);
  return {302,
          "",
          {"X-Repo-Commit: " + commit, "Location: " + std::string(k_large) + commit + "/" + path,
           "X-Linked-ETag: \"" + (said == linked_hashes.end() ? hash : said->second) + "\""}};
}

HttpReply HubStub::large(HttpRequest const& request) const {
  auto const rest = request.path.substr(k_large.size());
  auto const slash = rest.find('/');
  auto const& body = files.at(rest.substr(0, slash)).at(rest.substr(slash + 1));
  auto const etag = "\"" + text::sha256_hex(body).substr(0, 32) + "\"";
  HttpReply out{200, body, {"ETag: " + etag}, cut_after};
  auto const range = request.headers.find("range");
  if (range == request.headers.end() || request.headers.at("if-range") != etag) return out;
  auto const first = std::stoul(range->second.substr(range->second.find('=') + 1));
  out.status = 206;
  out.body = body.substr(first);
  out.headers.push_back("Content-Range: bytes " + std::to_string(first) + "-" + std::to_string(body.size() - 1) + "/" +
                        std::to_string(body.size()));
  return out;
}

}  // namespace jvmm::testing
