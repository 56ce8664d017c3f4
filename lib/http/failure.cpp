#include "http/failure.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

namespace jvmm::http {
namespace {

Error from_status(long status, std::string const& url) {
  auto const message = fmt::format("{}: HTTP {}", url, status);
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

Error from_curl(Outcome const& outcome, std::string const& url) {
  auto const code = static_cast<CURLcode>(outcome.curl_code);
  auto const& words = outcome.detail.empty() ? std::string(curl_easy_strerror(code)) : outcome.detail;
  auto const message = fmt::format("{}: {}", url, words);
  switch (code) {
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_URL_MALFORMAT:
      return Error(Kind::usage, message);
    case CURLE_WRITE_ERROR:
      return Error(Kind::local_io, message);
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CERTPROBLEM:
      return Error(Kind::configuration, message).hint("the server's certificate could not be verified");
    case CURLE_FILESIZE_EXCEEDED:
    case CURLE_TOO_MANY_REDIRECTS:
    case CURLE_WEIRD_SERVER_REPLY:
      return Error(Kind::bad_answer, message);
    case CURLE_FAILED_INIT:
    case CURLE_OUT_OF_MEMORY:
      return Error(Kind::internal, message);
    default:
      return Error(Kind::unavailable, message).hint("check the network and the proxy settings");
  }
}

}  // namespace

Error failure(Outcome const& outcome, std::string const& url) {
  if (outcome.curl_code != CURLE_OK) return from_curl(outcome, url);
  return from_status(outcome.status, url);
}

}  // namespace jvmm::http
