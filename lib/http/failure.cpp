#include "http/failure.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

namespace jvmm::http {
namespace {

Error from_status(Outcome const& outcome, std::string const& url) {
  auto const status = outcome.status;
  auto const words = outcome.detail.empty() ? std::string() : fmt::format(" ({})", outcome.detail);
  auto const message = fmt::format("{}: HTTP {}{}", url, status, words);
  switch (status) {
    case 401:
    case 403:
      return Error(Kind::refused, message).hint("a token is needed or does not suffice (HF_TOKEN)");
    case 402:
      return Error(Kind::budget_spent, message);
    case 404:
    case 410:
      return Error(Kind::missing_input, message).hint("check the name and HF_ENDPOINT");
    case 429:
      return Error(Kind::rate_limited, message).hint("try again later");
    default:
      if (status >= 500) return Error(Kind::unavailable, message).hint("try again later");
      return Error(Kind::bad_answer, message);
  }
}

/// libcurl quotes a proxy's URL that it cannot read, and a password may be in it.
std::string words(Outcome const& outcome) {
  if (outcome.curl_code == CURLE_OUT_OF_MEMORY && outcome.sent)
    return "a header line without end, or too little memory";
  bool const sayable = !outcome.detail.empty() && outcome.detail.find('@') == std::string::npos;
  return sayable ? outcome.detail : curl_easy_strerror(static_cast<CURLcode>(outcome.curl_code));
}

Error not_sent(CURLcode code, std::string const& message) {
  bool const theirs = code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL;
  return Error(theirs ? Kind::usage : Kind::internal, message);
}

Error from_curl(Outcome const& outcome, std::string const& url) {
  auto const code = static_cast<CURLcode>(outcome.curl_code);
  auto const message = fmt::format("{}: {}", url, words(outcome));
  if (code == CURLE_WRITE_ERROR) return Error(Kind::local_io, message);
  switch (transfer_of(outcome)) {
    case Transfer::done:
      return Error(Kind::internal, message);
    case Transfer::unreachable:
      return Error(Kind::unavailable, message).hint("check the network and the proxy settings");
    case Transfer::cut:
    case Transfer::timed_out:
      return Error(Kind::unavailable, message).hint("try again later");
    case Transfer::too_large:
    case Transfer::malformed:
      return Error(Kind::bad_answer, message);
    case Transfer::certificate:
      return Error(Kind::configuration, message).hint("the server's certificate could not be verified");
    case Transfer::not_sent:
      return not_sent(code, message);
  }
  return Error(Kind::internal, message);
}

}  // namespace

Transfer transfer_of(Outcome const& outcome) {
  auto const if_sent = [&](Transfer sent, Transfer otherwise) { return outcome.sent ? sent : otherwise; };
  switch (static_cast<CURLcode>(outcome.curl_code)) {
    case CURLE_OK:
      return Transfer::done;
    case CURLE_URL_MALFORMAT:
    case CURLE_NOT_BUILT_IN:
    case CURLE_FAILED_INIT:
    case CURLE_BAD_FUNCTION_ARGUMENT:
      return Transfer::not_sent;
    case CURLE_UNSUPPORTED_PROTOCOL:  // said of an answer without a status line, too
    case CURLE_OUT_OF_MEMORY:         // said of a header line without end, too
      return if_sent(Transfer::malformed, Transfer::not_sent);
    case CURLE_BAD_CONTENT_ENCODING:
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_TOO_MANY_REDIRECTS:
      return Transfer::malformed;
    case CURLE_FILESIZE_EXCEEDED:
      return Transfer::too_large;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CRL_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
      return Transfer::certificate;
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PROXY:
      return Transfer::unreachable;
    case CURLE_OPERATION_TIMEDOUT:
      return if_sent(Transfer::timed_out, Transfer::unreachable);
    default:
      return if_sent(Transfer::cut, Transfer::unreachable);
  }
}

Error failure(Outcome const& outcome, std::string const& url) {
  if (outcome.curl_code != CURLE_OK) return from_curl(outcome, url);
  return from_status(outcome, url);
}

}  // namespace jvmm::http
