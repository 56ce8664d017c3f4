#pragma once

#include <string>

#include "base/error.hpp"
#include "http/transport.hpp"

namespace jvmm::http {

/// What came of a transfer, in libcurl's and HTTP's own numbers.
struct Outcome {
  int curl_code = 0;
  long status = 0;     ///< 0 if no answer came
  std::string detail;  ///< libcurl's own words, or the server's with a status; may be empty
  bool sent = true;    ///< the request was on its way before it failed
};

/// How far it came. Together with failure() the one place where curl codes get a meaning.
Transfer transfer_of(Outcome const& outcome);

/// Curl codes and HTTP statuses as kinds. REQUIRES: the outcome is a failure.
Error failure(Outcome const& outcome, std::string const& url);

}  // namespace jvmm::http
