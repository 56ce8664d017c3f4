#include "http/download.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <exception>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "base/error.hpp"
#include "http/address.hpp"
#include "http/curl_easy.hpp"
#include "http/failure.hpp"
#include "http/header_lines.hpp"
#include "http/part_file.hpp"
#include "text/digest.hpp"

namespace jvmm::http {
namespace {

constexpr std::size_t k_max_etag_bytes = 256;
constexpr std::size_t k_max_headers = 1000;

bool is_sha256(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == text.npos;
}

/// Absent unless it is "bytes FIRST-…".
std::optional<std::uint64_t> first_byte(std::string_view content_range) {
  constexpr std::string_view k_unit = "bytes ";
  if (!content_range.starts_with(k_unit)) return std::nullopt;
  content_range.remove_prefix(k_unit.size());
  std::uint64_t first = 0;
  auto const* const end = content_range.data() + content_range.size();
  auto const [at, error] = std::from_chars(content_range.data(), end, first);
  if (error != std::errc() || at == end || *at != '-') return std::nullopt;
  return first;
}

/// One file on its way. Exceptions of the call-backs are carried round libcurl, which is C.
class Fetch {
 public:
  explicit Fetch(DownloadRequest const& request)
      : m_request(request),
        m_address(parse_address(request.url).value()),
        m_curl(make_easy()),
        m_file(request.target, request.resume) {
    set_up();
  }

  Downloaded run() {
    if (m_file.left() > 0 && m_file.left() <= m_request.max_bytes) ask_for_the_rest();
    auto code = perform();
    if (m_rest_refused) {
      ask_for_all();
      code = perform();
    }
    if (m_held) return {m_bytes, m_request.held_sha256, false, 0, std::move(m_headers)};
    if (!m_begun || code != CURLE_OK) throw failed(code);
    return finish();
  }

 private:
  /// An error page was stopped on purpose; anything else that broke off is told by libcurl.
  Error failed(CURLcode code) const {
    bool const page = !m_begun && (code == CURLE_OK || code == CURLE_WRITE_ERROR);
    if (page) return failure({CURLE_OK, status(), server_words()}, m_request.url);
    return failure({code, status(), m_detail.data()}, m_request.url);
  }

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
    option(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    set_receivers();
    if (!m_request.token.empty()) authorise();
  }

  void set_receivers() {
    option(CURLOPT_HEADERFUNCTION, &Fetch::on_header);
    option(CURLOPT_HEADERDATA, static_cast<void*>(this));
    option(CURLOPT_WRITEFUNCTION, &Fetch::on_bytes);
    option(CURLOPT_WRITEDATA, static_cast<void*>(this));
    option(CURLOPT_XFERINFOFUNCTION, &Fetch::on_progress);
    option(CURLOPT_XFERINFODATA, static_cast<void*>(this));
    option(CURLOPT_NOPROGRESS, m_request.progress ? 0L : 1L);
  }

  /// libcurl itself keeps the token from any other host that a redirect names.
  void authorise() {
    option(CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BEARER));
    option(CURLOPT_XOAUTH2_BEARER, m_request.token.reveal().c_str());
  }

  void ask_for_the_rest() {
    m_file.read_left([&](std::string_view bytes) { m_hasher.add(bytes); });
    m_offset = m_file.left();
    m_if_range.reset(curl_slist_append(nullptr, ("If-Range: " + m_file.etag()).c_str()));
    option(CURLOPT_HTTPHEADER, m_if_range.get());
    option(CURLOPT_RANGE, fmt::format("{}-", m_offset).c_str());
  }

  void ask_for_all() {
    m_rest_refused = false;
    m_offset = 0;
    option(CURLOPT_HTTPHEADER, static_cast<curl_slist*>(nullptr));
    option(CURLOPT_RANGE, static_cast<char const*>(nullptr));
  }

  /// An answer without a body begins here.
  CURLcode perform() {
    auto const code = curl_easy_perform(m_curl.get());
    if (!m_thrown && code == CURLE_OK && !m_begun && is_wanted(status())) guarded([&] { return begin(); });
    if (m_thrown) std::rethrow_exception(m_thrown);
    if (status() == 416 && m_offset > 0) m_rest_refused = true;
    return code;
  }

  long status() const {
    long out = 0;
    curl_easy_getinfo(m_curl.get(), CURLINFO_RESPONSE_CODE, &out);
    return out;
  }

  bool is_wanted(long status) const { return status == 200 || (status == 206 && m_offset > 0); }

  template <class Work>
  bool guarded(Work const& work) noexcept {
    try {
      return work();
    } catch (...) {
      m_thrown = std::current_exception();
      return false;
    }
  }

  static std::size_t on_header(char* bytes, std::size_t, std::size_t count, void* self) {
    auto& fetch = *static_cast<Fetch*>(self);
    return fetch.guarded([&] { return fetch.receive_header({bytes, count}); }) ? count : CURL_WRITEFUNC_ERROR;
  }

  static std::size_t on_bytes(char* bytes, std::size_t, std::size_t count, void* self) {
    auto& fetch = *static_cast<Fetch*>(self);
    return fetch.guarded([&] { return fetch.receive({bytes, count}); }) ? count : CURL_WRITEFUNC_ERROR;
  }

  static int on_progress(void* self, curl_off_t total, curl_off_t received, curl_off_t, curl_off_t) {
    auto& fetch = *static_cast<Fetch*>(self);
    return fetch.guarded([&] {
      auto const before = fetch.m_begun ? fetch.m_offset : 0;
      fetch.m_request.progress(before + static_cast<std::uint64_t>(received),
                               total > 0 ? before + static_cast<std::uint64_t>(total) : 0);
      return true;
    })
               ? 0
               : 1;
  }

  /// False to end the transfer: there is nothing to fetch.
  bool receive_header(std::string_view line) {
    if (starts_answer(line)) m_answer.clear();
    if (auto header = parse_header(line); header && m_answer.size() < k_max_headers) add(*std::move(header));
    if (!ends_headers(line) || m_named_sha256.empty()) return true;
    if (!m_request.sha256.empty() && m_named_sha256 != m_request.sha256)
      throw Error(Kind::bad_answer, fmt::format("{}: the server's file has sha256 {}, expected {}", m_request.url,
                                                m_named_sha256, m_request.sha256));
    m_held = m_named_sha256 == m_request.held_sha256;
    return !m_held;
  }

  void add(Header header) {
    if (header.name == m_request.sha256_header && m_named_sha256.empty()) {
      auto const hash = unquoted(header.value);
      if (is_sha256(hash)) m_named_sha256 = hash;
    }
    if (m_headers.size() < k_max_headers && !find_header(m_headers, header.name)) m_headers.push_back(header);
    m_answer.push_back(std::move(header));
  }

  /// The body of an error page is not read.
  bool receive(std::string_view bytes) {
    if (!is_wanted(status()) || (!m_begun && !begin())) return false;
    m_bytes += bytes.size();
    if (m_bytes > m_request.max_bytes) {
      m_file.discard();
      throw Error(Kind::bad_answer, fmt::format("{}: more than {} bytes", m_request.url, m_request.max_bytes));
    }
    m_hasher.add(bytes);
    m_file.write(bytes);
    return true;
  }

  /// False if the server's part does not begin where ours ends.
  bool begin() {
    if (status() == 206) {
      m_rest_refused = first_byte(find_header(m_answer, "content-range").value_or("")) != m_offset;
      if (m_rest_refused) return false;
    } else {
      m_offset = 0;
      m_hasher = text::Hasher(text::Digest::sha256);
      m_file.restart(strong_etag());
    }
    m_bytes = m_offset;
    m_begun = true;
    return true;
  }

  /// Empty if the server does not say it, or only that contents are alike.
  std::string strong_etag() const {
    auto const etag = find_header(m_answer, "etag").value_or("");
    bool const strong =
        etag.size() >= 2 && etag.size() <= k_max_etag_bytes && etag.front() == '"' && is_printable(etag);
    return strong ? std::string(etag) : std::string();
  }

  /// What a hub says beside the status ("Revision not found").
  std::string server_words() const {
    auto const words = find_header(m_answer, "x-error-message").value_or("");
    return words.size() <= k_max_etag_bytes && is_printable(words) ? std::string(words) : std::string();
  }

  Downloaded finish() {
    Downloaded out{m_bytes, std::move(m_hasher).hex(), true, m_offset, std::move(m_headers)};
    for (auto const& expected : {m_request.sha256, m_named_sha256})
      if (!expected.empty() && out.sha256 != expected) {
        m_file.discard();
        throw Error(Kind::bad_answer,
                    fmt::format("{}: sha256 is {}, expected {}", m_request.url, out.sha256, expected));
      }
    m_file.commit();
    return out;
  }

  DownloadRequest const& m_request;
  Address m_address;
  Easy m_curl;
  std::unique_ptr<curl_slist, void (*)(curl_slist*)> m_if_range{nullptr, curl_slist_free_all};
  PartFile m_file;
  text::Hasher m_hasher{text::Digest::sha256};
  std::uint64_t m_offset = 0;  ///< where the transfer goes on
  std::uint64_t m_bytes = 0;
  bool m_begun = false;         ///< the answer's content is what was asked for
  bool m_rest_refused = false;  ///< the server gives the whole file only
  bool m_held = false;
  std::string m_named_sha256;     ///< by the server
  std::vector<Header> m_answer;   ///< of the answer under way
  std::vector<Header> m_headers;  ///< of all of them
  std::array<char, CURL_ERROR_SIZE> m_detail{};
  std::exception_ptr m_thrown;
};

}  // namespace

Downloaded download(DownloadRequest const& request) {
  if (auto error = unsound(request.url, request.token)) throw *std::move(error);
  return Fetch(request).run();
}

}  // namespace jvmm::http
