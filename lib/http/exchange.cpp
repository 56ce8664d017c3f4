#include "http/exchange.hpp"

#include <algorithm>
#include <cctype>
#include <limits>
#include <utility>

#include "http/address.hpp"
#include "http/header_lines.hpp"

namespace jvmm::http {
namespace {

constexpr std::size_t k_max_header_bytes = std::size_t{256} << 10;
constexpr std::size_t k_max_reserved_bytes = std::size_t{1} << 20;  // a server may promise anything
constexpr std::size_t k_parser_padding = 64;                        // spares a JSON parser the copy

constexpr std::size_t k_max_size = std::numeric_limits<curl_off_t>::max();

/// libcurl takes 0 as "for ever".
long as_timeout(std::chrono::milliseconds time) {
  return static_cast<long>(std::clamp<long long>(time.count(), 1, std::numeric_limits<int>::max()));
}

/// What RFC 9110 calls a token.
bool is_word(std::string_view text) {
  constexpr std::string_view k_marks = "!#$%&'*+-.^_`|~";
  auto const fits = [&](unsigned char c) { return c < 0x80 && (std::isalnum(c) || k_marks.find(c) != k_marks.npos); };
  return !text.empty() && std::all_of(text.begin(), text.end(), fits);
}

bool is_value(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](unsigned char c) { return (c < 0x20 && c != '\t') || c == 0x7f; });
}

}  // namespace

std::optional<Error> Exchange::unsound() const {
  if (auto error = http::unsound(m_request.url, m_request.token)) return error;
  if (!is_word(m_request.method)) return Error(Kind::internal, m_request.url + ": a method that is no word");
  for (auto const& header : m_request.headers)
    if (!is_word(header.name) || !is_value(header.value) || curl_strequal(header.name.c_str(), "authorization"))
      return Error(Kind::internal, m_request.url + ": a header that cannot be sent");
  return std::nullopt;
}

void Exchange::prepare(Easy easy, TransportOptions const& options) {
  m_easy = std::move(easy);
  set_connection(options);
  set_receivers();
  set_body();
  set_headers();
}

void Exchange::set_connection(TransportOptions const& options) {
  auto const address = parse_address(m_request.url).value();
  auto const set = [&](CURLoption name, auto value) { set_option(m_easy.get(), name, value); };
  set(CURLOPT_URL, m_request.url.c_str());
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_QUICK_EXIT, 1L);  // else giving up waits for the name server's thread
  set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
  set(CURLOPT_PIPEWAIT, address.https() ? 1L : 0L);
  set(CURLOPT_MAXAGE_CONN, 60L);
  set(CURLOPT_TCP_KEEPALIVE, 1L);
  set(CURLOPT_CONNECTTIMEOUT_MS, as_timeout(m_request.connect_timeout));
  set(CURLOPT_TIMEOUT_MS, as_timeout(m_request.timeout));
  if (address.this_machine())
    set(CURLOPT_PROXY, "");  // a token that may go to this machine in clear text may not go to a proxy
  // To this machine compression is a waste, but a server may do it all the same.
  set(CURLOPT_ACCEPT_ENCODING, address.this_machine() ? "identity" : "");
  if (!options.user_agent.empty()) set(CURLOPT_USERAGENT, options.user_agent.c_str());
  if (options.ca_file.empty()) return;
  set(CURLOPT_CAINFO, options.ca_file.c_str());
  set(CURLOPT_CAPATH, static_cast<char const*>(nullptr));
}

void Exchange::set_receivers() {
  auto const set = [&](CURLoption name, auto value) { set_option(m_easy.get(), name, value); };
  set(CURLOPT_PRIVATE, static_cast<void*>(this));
  set(CURLOPT_ERRORBUFFER, m_detail.data());
  set(CURLOPT_WRITEFUNCTION, &Exchange::on_body);
  set(CURLOPT_WRITEDATA, static_cast<void*>(this));
  set(CURLOPT_HEADERFUNCTION, &Exchange::on_header);
  set(CURLOPT_HEADERDATA, static_cast<void*>(this));
  set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
}

void Exchange::set_body() {
  auto const set = [&](CURLoption name, auto value) { set_option(m_easy.get(), name, value); };
  bool const post = m_request.method == "POST";
  if (post) {
    set(CURLOPT_PREREQFUNCTION, &Exchange::on_sending);
    set(CURLOPT_PREREQDATA, static_cast<void*>(this));
  }
  if (post || !m_request.body.empty()) {
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(m_request.body.size()));
    set(CURLOPT_POSTFIELDS, m_request.body.data());
  }
  if (m_request.method == "HEAD") return set(CURLOPT_NOBODY, 1L);
  if (!post) set(CURLOPT_CUSTOMREQUEST, m_request.method.c_str());
  set(CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(std::min(m_request.max_response_bytes, k_max_size)));
}

void Exchange::set_headers() {
  add_header("Expect:");
  bool typed = false;
  for (auto const& [name, value] : m_request.headers) {
    add_header(value.empty() ? name + ";" : name + ": " + value);
    typed = typed || curl_strequal(name.c_str(), "content-type");
  }
  if (!typed) add_header("Content-Type:");  // libcurl would call it a form
  set_option(m_easy.get(), CURLOPT_HTTPHEADER, m_header_lines.get());
  if (m_request.token.empty()) return;
  set_option(m_easy.get(), CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BEARER));
  set_option(m_easy.get(), CURLOPT_XOAUTH2_BEARER, m_request.token.reveal().c_str());
}

void Exchange::add_header(std::string const& line) {
  auto* const longer = curl_slist_append(m_header_lines.get(), line.c_str());
  if (!longer) throw Error(Kind::internal, "libcurl cannot take a header");
  (void)m_header_lines.release();
  m_header_lines.reset(longer);
}

/// libcurl sends a request again by itself where a kept connection ends before the answer begins. What was sent may
/// have been done, and may cost: whether it is sent twice is for the caller to say.
int Exchange::on_sending(void* self, char*, char*, int, int) noexcept {
  return std::exchange(static_cast<Exchange*>(self)->m_was_sent, true) ? CURL_PREREQFUNC_ABORT : CURL_PREREQFUNC_OK;
}

std::size_t Exchange::on_body(char* bytes, std::size_t, std::size_t count, void* self) noexcept {
  try {
    return static_cast<Exchange*>(self)->receive({bytes, count}) ? count : CURL_WRITEFUNC_ERROR;
  } catch (std::exception const&) {  // out of memory
    return CURL_WRITEFUNC_ERROR;
  }
}

std::size_t Exchange::on_header(char* bytes, std::size_t, std::size_t count, void* self) noexcept {
  try {
    return static_cast<Exchange*>(self)->receive_header({bytes, count}) ? count : CURL_WRITEFUNC_ERROR;
  } catch (std::exception const&) {
    return CURL_WRITEFUNC_ERROR;
  }
}

bool Exchange::receive(std::string_view bytes) {
  auto& body = m_reply.body;
  m_too_large = bytes.size() > m_request.max_response_bytes - body.size();
  if (m_too_large) return false;
  if (body.empty()) {
    curl_off_t promised = 0;
    curl_easy_getinfo(m_easy.get(), CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &promised);
    auto const size = static_cast<std::size_t>(std::max<curl_off_t>(promised, 0));
    body.reserve(std::min({size, m_request.max_response_bytes, k_max_reserved_bytes}) + k_parser_padding);
  }
  body.append(bytes);
  return true;
}

bool Exchange::receive_header(std::string_view line) {
  m_header_bytes += line.size();
  m_too_large = m_header_bytes > k_max_header_bytes;
  if (m_too_large) return false;
  if (starts_answer(line)) m_reply.headers.clear();  // what came before was of an interim answer
  if (auto header = parse_header(line)) m_reply.headers.push_back(*std::move(header));
  return true;
}

void Exchange::read_status() {
  curl_easy_getinfo(m_easy.get(), CURLINFO_RESPONSE_CODE, &m_reply.status);
  if (m_reply.status < 200) m_reply.status = 0;
  curl_off_t microseconds = 0;
  curl_easy_getinfo(m_easy.get(), CURLINFO_TOTAL_TIME_T, &microseconds);
  m_reply.seconds = static_cast<double>(microseconds) / 1e6;
}

Easy Exchange::finish(CURLcode code) {
  read_status();
  curl_off_t sent_at = 0;
  curl_easy_getinfo(m_easy.get(), CURLINFO_PRETRANSFER_TIME_T, &sent_at);
  Outcome outcome{code, m_reply.status, m_detail.data(), sent_at > 0};
  if (m_too_large || code == CURLE_FILESIZE_EXCEEDED)
    outcome = {CURLE_FILESIZE_EXCEEDED, m_reply.status,
               fmt::format("the answer has more than {} bytes", m_request.max_response_bytes), true};
  else if (code == CURLE_WRITE_ERROR)
    outcome = {CURLE_OUT_OF_MEMORY, m_reply.status, "", true};
  fulfil(outcome);
  return std::move(m_easy);
}

void Exchange::abandon(std::string_view why) {
  if (m_easy) read_status();
  fulfil({CURLE_ABORTED_BY_CALLBACK, m_reply.status, std::string(why), true});
}

void Exchange::fulfil(Outcome const& outcome) {
  m_reply.transfer = transfer_of(outcome);
  if (m_reply.transfer != Transfer::done) {
    m_reply.body = {};
    m_reply.failure = failure(outcome, m_request.url);
  }
  m_promise.set_value(std::move(m_reply));
}

void Exchange::refuse(Error error) {
  m_reply.transfer = Transfer::not_sent;
  m_reply.failure = std::move(error);
  m_promise.set_value(std::move(m_reply));
}

}  // namespace jvmm::http
