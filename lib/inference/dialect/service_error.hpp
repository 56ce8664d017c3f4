#pragma once

#include <optional>
#include <string>

#include "http/transport.hpp"

namespace jvmm::inference {

/// What a service says of a failure, whatever form it has: a string, an array, an object, a page of HTML, nothing.
struct ServiceError {
  std::string message;  ///< at most 300 bytes of valid UTF-8 without control characters; never empty
  std::string type;     ///< "Overloaded", "BadRequestError"; may be empty
  std::string code;     ///< "model_not_supported", "422"; may be empty
  std::optional<double> estimated_seconds = {};  ///< of a model that is loading; finite, not negative
};

/// Reads the body and X-Error-Message. Total: anything is answered.
ServiceError read_service_error(http::Reply const& reply);

/// Whether a body that came with 200 is an error all the same: an object with "error" and none of what was asked for.
bool is_error_body(std::string_view body);

}  // namespace jvmm::inference
