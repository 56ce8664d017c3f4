#pragma once

#include <curl/curl.h>
#include <fmt/format.h>

#include <memory>

#include "base/error.hpp"

namespace jvmm::http {

using Easy = std::unique_ptr<CURL, void (*)(CURL*)>;

/// Sets libcurl up, once for the process. **Throws** internal. **Threads**: safe.
void initialise_curl();

/// A new handle. **Throws** internal.
Easy make_easy();

/// **Throws** internal if libcurl refuses the option.
template <class T>
void set_option(CURL* easy, CURLoption name, T value) {
  if (curl_easy_setopt(easy, name, value) != CURLE_OK)
    throw Error(Kind::internal, fmt::format("libcurl refuses option {}", static_cast<int>(name)));
}

}  // namespace jvmm::http
