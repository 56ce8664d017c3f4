#include "http/address.hpp"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <fmt/format.h>
#include <netinet/in.h>

#include <memory>

#include "http/header_lines.hpp"

namespace jvmm::http {
namespace {

using Url = std::unique_ptr<CURLU, void (*)(CURLU*)>;

std::optional<std::string> part(Url const& url, CURLUPart which) {
  char* text = nullptr;
  if (curl_url_get(url.get(), which, &text, 0) != CURLUE_OK) return std::nullopt;
  std::unique_ptr<char, void (*)(void*)> const owner(text, curl_free);
  return std::string(text);
}

bool is_ipv4_loopback(std::string const& host) {
  in_addr address{};
  return ::inet_pton(AF_INET, host.c_str(), &address) == 1 && ntohl(address.s_addr) >> 24 == 127;
}

bool is_ipv6_loopback(std::string const& host) {
  if (!host.starts_with('[') || !host.ends_with(']')) return false;
  in6_addr address{};
  return ::inet_pton(AF_INET6, host.substr(1, host.size() - 2).c_str(), &address) == 1 &&
         IN6_IS_ADDR_LOOPBACK(&address);
}

}  // namespace

bool Address::this_machine() const {
  return curl_strequal(host.c_str(), "localhost") || is_ipv4_loopback(host) || is_ipv6_loopback(host);
}

std::optional<Address> parse_address(std::string const& url) {
  if (url.find('\0') != std::string::npos) return std::nullopt;
  Url const parsed(curl_url(), curl_url_cleanup);
  if (!parsed || curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK) return std::nullopt;
  auto scheme = part(parsed, CURLUPART_SCHEME);
  auto host = part(parsed, CURLUPART_HOST);
  if (!scheme || !host) return std::nullopt;
  bool const credentials = part(parsed, CURLUPART_USER) || part(parsed, CURLUPART_PASSWORD);
  return Address{*std::move(scheme), *std::move(host), credentials};
}

std::optional<Error> unsound(std::string const& url, Secret const& token) {
  auto const address = parse_address(url);
  if (address && address->credentials)
    return Error(Kind::usage, fmt::format("a URL of {} carries a user name or a password", address->host))
        .hint("give the token by its setting, and the URL without");
  if (!address || (address->scheme != "http" && address->scheme != "https")) {
    auto const shown = url.find('@') == std::string::npos ? url : std::string("what was given");
    return Error(Kind::usage, fmt::format("{} is no http or https URL", shown)).hint("it begins with https://");
  }
  if (token.empty()) return std::nullopt;
  auto const& text = token.reveal();
  if (!is_printable(text) || text.find(' ') != std::string::npos)  // it could end the header it is put into
    return Error(Kind::configuration, fmt::format("{}: the token has a blank or an unprintable character", url))
        .hint("set it again, without quotes and line ends");
  if (!address->https() && !address->this_machine())
    return Error(Kind::configuration, url + ": a token is not sent without TLS").hint("use an https URL");
  return std::nullopt;
}

}  // namespace jvmm::http
