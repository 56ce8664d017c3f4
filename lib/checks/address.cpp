#include "checks/address.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/utf8.hpp"
#include "checks/text_field.hpp"
#include "checks/web_address.hpp"
#include "text/canonical.hpp"
#include "text/casing.hpp"
#include "text/tokens.hpp"

namespace jvmm::checks {
namespace {

using namespace std::literals;

constexpr std::array k_nobody{"test"sv, "spam"sv, "noreply"sv, "no-reply"sv, "donotreply"sv, "do-not-reply"sv};
constexpr std::array k_stand_ins{"test"sv, "example"sv, "placeholder"sv};
constexpr std::size_t k_longest_local = 64;

/// Enough of a value to know it by.
std::string shown(std::string_view value) {
  constexpr std::size_t k_points = 100;
  auto const begin = text::first_code_points(value, k_points);
  return std::string(begin) + (begin.size() < value.size() ? "…" : "");
}

void propose(ColumnCheck& check, std::optional<std::string> value, bool safe) {
  bool const was_safe = !check.proposal || check.proposal->safe;
  check.proposal = Proposal{std::move(value), safe && was_safe};
}

bool is_local_character(char32_t c) {
  if (c >= 0x80) return text::is_word(c) || (c >= 0x300 && c < 0x2000);
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         ".!#$%&'*+/=?^_`{|}~-"sv.find(static_cast<char>(c)) != std::string_view::npos;
}

bool is_local(std::string_view local) {
  if (local.empty() || local.size() > k_longest_local || local.front() == '.' || local.back() == '.') return false;
  if (local.find("..") != std::string_view::npos) return false;
  for (std::size_t at = 0; at < local.size();) {
    auto const step = utf8::decode(local, at);
    if (!step.valid || !is_local_character(step.value)) return false;
    at += step.length;
  }
  return true;
}

bool is_email(std::string_view text) {
  auto const at = text.rfind('@');
  return at != std::string_view::npos && is_local(text.substr(0, at)) && is_host(text::lower(text.substr(at + 1)));
}

std::vector<std::string_view> addresses_in(std::string_view text) {
  std::vector<std::string_view> found;
  auto const separates = [](char32_t c) {
    return c == ',' || c == ';' || c == '<' || c == '>' || c == '(' || c == ')' || c == '"' || c == ' ' || c == '\n' ||
           c == '\t' || c == '|' || c == ':';
  };
  for (auto const part : text::split_at(text, separates))
    if (is_email(part)) found.push_back(part);
  return found;
}

bool starts_with_label(std::string_view host, std::string_view label) {
  return host.starts_with(label) && host.size() > label.size() && host[label.size()] == '.';
}

void judge_email(std::string_view email, ColumnCheck& check) {
  auto const at = email.rfind('@');
  auto const local = text::lower(email.substr(0, at)), host = text::lower(email.substr(at + 1));
  bool const nobody = std::ranges::find(k_nobody, local) != k_nobody.end();
  bool const stand_in =
      std::ranges::any_of(k_stand_ins, [&](std::string_view label) { return starts_with_label(host, label); });
  bool const below_example =
      is_below(host, "example.com") || is_below(host, "example.net") || is_below(host, "example.org");
  if (nobody || stand_in || (is_reserved(host) && !below_example)) {
    check.add("email_suspicious", Severity::warning, fmt::format("nobody reads {}", email));
    propose(check, std::nullopt, false);
  } else if (below_example) {
    check.add("email_reserved", Severity::note, fmt::format("{} is reserved for documentation", host));
  }
}

/// The one word of a text that is a web address.
std::optional<std::string_view> only_address_in(std::string_view text) {
  std::optional<std::string_view> only;
  auto const separates = [](char32_t c) { return c == ' ' || c == '\n' || c == ',' || c == ';' || c == 0x3000; };
  for (auto const word : text::split_at(text, separates)) {
    if (!read_web_address(word) || is_email(word)) continue;
    if (only) return std::nullopt;
    only = word;
  }
  return only;
}

bool has_other_scheme(std::string_view text) {
  auto const colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0) return false;
  auto const scheme = text::lower(text.substr(0, colon));
  if (scheme == "javascript" || scheme == "data" || scheme == "vbscript" || scheme == "mailto" || scheme == "tel")
    return true;
  return text.substr(colon).starts_with("://") && scheme != "http" && scheme != "https" &&
         std::ranges::all_of(scheme, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; });
}

/// Text, then an address in it. Absent: there is none, and why has been noted.
struct AddressCodes {
  std::string_view malformed, bad_scheme, extra_text;
};

std::optional<std::string> address_of(std::optional<std::string_view> value, AddressCodes const& codes,
                                      ColumnCheck& check) {
  if (!value || value->empty()) return std::nullopt;
  std::string cleaned;
  clean(*value, check, cleaned);
  if (cleaned.empty()) return std::nullopt;
  bool const other_scheme = has_other_scheme(cleaned);
  if (!other_scheme && read_web_address(cleaned)) return cleaned;
  if (auto const only = other_scheme ? std::nullopt : only_address_in(cleaned)) {
    check.add(codes.extra_text, Severity::warning, fmt::format("more than an address: \"{}\"", shown(cleaned)));
    propose(check, std::string(*only), false);
    return std::string(*only);
  }
  check.add(other_scheme ? codes.bad_scheme : codes.malformed, Severity::error,
            fmt::format("\"{}\" is no web address", shown(cleaned)));
  propose(check, std::nullopt, false);
  return std::nullopt;
}

void add_scheme(std::string const& address, std::string_view code, ColumnCheck& check) {
  check.add(code, Severity::note, "without https://");
  propose(check, "https://" + address, true);
}

}  // namespace

ColumnCheck check_email(std::optional<std::string_view> value) {
  ColumnCheck check;
  if (!value || value->empty()) return check;
  std::string cleaned;
  clean(*value, check, cleaned);
  if (cleaned.empty()) return check;
  if (is_email(cleaned)) {
    judge_email(cleaned, check);
    return check;
  }
  auto const found = addresses_in(cleaned);
  auto const lower = text::lower(cleaned);
  if (lower.find("http") != std::string::npos || lower.find(".com/") != std::string::npos ||
      (cleaned.find('@') == std::string::npos && read_web_address(cleaned))) {
    check.add("email_is_url", Severity::error, fmt::format("\"{}\" is a web address", shown(cleaned)));
    propose(check, std::nullopt, false);
  } else if (found.empty()) {
    check.add("email_malformed", Severity::error, fmt::format("\"{}\" is no e-mail address", shown(cleaned)));
    propose(check, std::nullopt, false);
  } else {
    check.add(found.size() == 1 ? "email_wrapped" : "email_several", Severity::warning,
              fmt::format("\"{}\" is more than an address", shown(cleaned)));
    propose(check, std::string(found.front()), false);
    judge_email(found.front(), check);
  }
  return check;
}

ColumnCheck check_website(std::optional<std::string_view> value) {
  ColumnCheck check;
  auto const address = address_of(value, {"website_malformed", "website_bad_scheme", "website_extra_text"}, check);
  if (!address) return check;
  if (is_email(*address)) {
    check.add("website_is_email", Severity::error, fmt::format("\"{}\" is an e-mail address", *address));
    propose(check, std::nullopt, false);
    return check;
  }
  auto const parsed = *read_web_address(*address);
  if (parsed.has_user) check.add("website_credentials", Severity::warning, "a user name or password is part of it");
  if (linkedin_address(*address)) {
    check.add("website_is_linkedin", Severity::warning, "a LinkedIn page");
    return check;
  }
  if (parsed.scheme.empty()) add_scheme(*address, "website_no_scheme", check);
  return check;
}

ColumnCheck check_linkedin(std::optional<std::string_view> value) {
  ColumnCheck check;
  auto const address = address_of(value, {"linkedin_malformed", "linkedin_malformed", "linkedin_extra_text"}, check);
  if (!address) return check;
  auto const parsed = *read_web_address(*address);
  bool const stand_in = is_reserved(parsed.host) && starts_with_label(parsed.host, "linkedin");
  if (!stand_in && !linkedin_address(*address)) {
    check.add("linkedin_elsewhere", Severity::error, fmt::format("{} is not LinkedIn", parsed.host));
    propose(check, std::nullopt, false);
    return check;
  }
  if (stand_in)
    check.add("linkedin_reserved", Severity::note, fmt::format("{} is reserved for documentation", parsed.host));
  if (!parsed.path.starts_with("/in/")) check.add("linkedin_not_person", Severity::note, "not the page of a person");
  if (parsed.scheme.empty()) add_scheme(*address, "linkedin_no_scheme", check);
  return check;
}

std::optional<std::string> linkedin_address(std::string_view text) {
  auto const parsed = read_web_address(text);
  if (!parsed || parsed->has_user) return std::nullopt;
  if (!is_below(parsed->host, "linkedin.com") && parsed->host != "lnkd.in") return std::nullopt;
  return parsed->scheme.empty() ? "https://" + std::string(text) : std::string(text);
}

}  // namespace jvmm::checks
