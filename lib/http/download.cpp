#include "http/download.hpp"

#include <curl/curl.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <exception>
#include <memory>
#include <string_view>
#include <utility>

#include "base/error.hpp"
#include "http/address.hpp"
#include "http/curl_easy.hpp"
#include "http/failure.hpp"
#include "text/digest.hpp"

namespace jvmm::http {
namespace {

/// A file beside the target that becomes the target by commit(), and is gone otherwise.
class PartFile {
 public:
  explicit PartFile(std::filesystem::path target)
      : m_target(std::move(target)), m_path(m_target.string() + fmt::format(".part-{}", ::getpid())) {
    m_fd = ::open(m_path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (m_fd < 0) throw io_error("cannot be created");
  }
  PartFile(PartFile const&) = delete;
  PartFile& operator=(PartFile const&) = delete;
  ~PartFile() {
    if (m_fd >= 0) ::close(m_fd);
    if (!m_committed) ::unlink(m_path.c_str());
  }

  void write(std::string_view bytes) {
    while (!bytes.empty()) {
      auto const count = ::write(m_fd, bytes.data(), bytes.size());
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) throw io_error("cannot be written");
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
  }

  void commit() {
    bool const synced = ::fsync(m_fd) == 0;
    bool const closed = ::close(std::exchange(m_fd, -1)) == 0;
    if (!synced || !closed) throw io_error("cannot be written");
    if (::rename(m_path.c_str(), m_target.c_str()) != 0) throw io_error("cannot be renamed into place");
    m_committed = true;
  }

 private:
  Error io_error(std::string_view what) const {
    return Error(Kind::local_io, fmt::format("{}: {}: {}", m_path.string(), what, std::strerror(errno)));
  }

  std::filesystem::path m_target;
  std::filesystem::path m_path;
  int m_fd = -1;
  bool m_committed = false;
};

/// One file on its way. Exceptions of the call-backs are carried round libcurl, which is C.
class Fetch {
 public:
  explicit Fetch(DownloadRequest const& request) : m_request(request), m_curl(make_easy()), m_file(request.target) {
    set_up();
  }

  Downloaded run() {
    auto const code = curl_easy_perform(m_curl.get());
    if (m_thrown) std::rethrow_exception(m_thrown);
    long status = 0;
    curl_easy_getinfo(m_curl.get(), CURLINFO_RESPONSE_CODE, &status);
    if (code != CURLE_OK || status != 200) throw failure({code, status, m_detail.data()}, m_request.url);
    Downloaded out{m_bytes, std::move(m_hasher).hex()};
    if (!m_request.sha256.empty() && out.sha256 != m_request.sha256)
      throw Error(Kind::bad_answer,
                  fmt::format("{}: sha256 is {}, expected {}", m_request.url, out.sha256, m_request.sha256));
    m_file.commit();
    return out;
  }

 private:
  template <class T>
  void option(CURLoption name, T value) {
    set_option(m_curl.get(), name, value);
  }

  void set_up() {
    option(CURLOPT_URL, m_request.url.c_str());
    option(CURLOPT_PROTOCOLS_STR, "http,https");
    option(CURLOPT_REDIR_PROTOCOLS_STR, m_address.https() ? "https" : "http,https");
    if (m_address.this_machine()) option(CURLOPT_PROXY, "");  // the token may go there in clear text, but no further
    option(CURLOPT_FOLLOWLOCATION, 1L);
    option(CURLOPT_MAXREDIRS, 8L);
    option(CURLOPT_NOSIGNAL, 1L);
    option(CURLOPT_USERAGENT, "jvmm");
    option(CURLOPT_ERRORBUFFER, m_detail.data());
    option(CURLOPT_CONNECTTIMEOUT, static_cast<long>(m_request.connect_timeout.count()));
    option(CURLOPT_LOW_SPEED_LIMIT, 64L);
    option(CURLOPT_LOW_SPEED_TIME, static_cast<long>(m_request.stall_timeout.count()));
    option(CURLOPT_WRITEFUNCTION, &Fetch::on_bytes);
    option(CURLOPT_WRITEDATA, static_cast<void*>(this));
    option(CURLOPT_XFERINFOFUNCTION, &Fetch::on_progress);
    option(CURLOPT_XFERINFODATA, static_cast<void*>(this));
    option(CURLOPT_NOPROGRESS, m_request.progress ? 0L : 1L);
    if (!m_request.token.empty()) authorise();
  }

  /// libcurl itself keeps the token from any other host that a redirect names.
  void authorise() {
    option(CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BEARER));
    option(CURLOPT_XOAUTH2_BEARER, m_request.token.reveal().c_str());
  }

  template <class Work>
  bool guarded(Work const& work) noexcept {
    try {
      work();
      return true;
    } catch (...) {
      m_thrown = std::current_exception();
      return false;
    }
  }

  static std::size_t on_bytes(char* bytes, std::size_t, std::size_t count, void* self) {
    auto& fetch = *static_cast<Fetch*>(self);
    return fetch.guarded([&] { fetch.receive({bytes, count}); }) ? count : CURL_WRITEFUNC_ERROR;
  }

  static int on_progress(void* self, curl_off_t total, curl_off_t received, curl_off_t, curl_off_t) {
    auto& fetch = *static_cast<Fetch*>(self);
    return fetch.guarded([&] {
      fetch.m_request.progress(static_cast<std::uint64_t>(received), static_cast<std::uint64_t>(total));
    })
               ? 0
               : 1;
  }

  /// The body of an error page is not kept.
  void receive(std::string_view bytes) {
    long status = 0;
    curl_easy_getinfo(m_curl.get(), CURLINFO_RESPONSE_CODE, &status);
    if (status != 200) return;
    m_bytes += bytes.size();
    if (m_bytes > m_request.max_bytes)
      throw Error(Kind::bad_answer, fmt::format("{}: more than {} bytes", m_request.url, m_request.max_bytes));
    m_hasher.add(bytes);
    m_file.write(bytes);
  }

  DownloadRequest const& m_request;
  Address m_address;
  Easy m_curl;
  PartFile m_file;
  text::Hasher m_hasher{text::Digest::sha256};
  std::uint64_t m_bytes = 0;
  std::array<char, CURL_ERROR_SIZE> m_detail{};
  std::exception_ptr m_thrown;
};

}  // namespace

Downloaded download(DownloadRequest const& request) {
  if (auto error = unsound(request.url, request.token)) throw *std::move(error);
  return Fetch(request).run();
}

}  // namespace jvmm::http
