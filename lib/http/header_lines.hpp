#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/transport.hpp"

namespace jvmm::http {

/// A line as libcurl hands it over: is it the status line of a further answer (interim, redirect, final)?
bool starts_answer(std::string_view line);

/// The empty line after the headers of one answer.
bool ends_headers(std::string_view line);

/// Name in lower case, both without blanks around; absent for a line that is no header.
std::optional<Header> parse_header(std::string_view line);

/// The value of the first header of this name (in lower case).
std::optional<std::string_view> find_header(std::vector<Header> const& headers, std::string_view name);

/// Without the quotes of an ETag, if there are any, and its W/.
std::string_view unquoted(std::string_view etag);

/// ASCII without control characters.
bool is_printable(std::string_view text);

}  // namespace jvmm::http
