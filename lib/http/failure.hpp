#pragma once

#include <string>

#include "base/error.hpp"

namespace jvmm::http {

/// What came of a transfer, in libcurl's and HTTP's own numbers.
struct Outcome {
  int curl_code = 0;
  long status = 0;     ///< 0 if no answer came
  std::string detail;  ///< libcurl's own words, may be empty
};

/// The one place where curl codes and HTTP statuses become kinds. REQUIRES: the outcome is a failure.
Error failure(Outcome const& outcome, std::string const& url);

}  // namespace jvmm::http
