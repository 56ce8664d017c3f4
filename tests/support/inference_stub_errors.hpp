#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "support/inference_stub.hpp"

/// What the services say when they refuse. Inside the stub only.
namespace jvmm::testing::stub {

/// Who says it: TEI's OpenAI route and the router's chat have forms of their own.
struct Speaker {
  StubKind kind = StubKind::hf;
  bool openai_route = false;
  std::string_view model;
};

/// Thrown by what checks a request.
struct Refusal {
  int status = 0;
  std::string message;
  std::string type = {};  ///< "Validation", "BadRequestError"
  ErrorForm form = ErrorForm::own;
  std::string code = {};   ///< "model_not_supported"
  std::string param = {};  ///< "model"
};

struct ErrorBody {
  std::string content_type, text;
};
ErrorBody render_error(Speaker const& speaker, Refusal const& refusal, std::optional<double> estimated_time = {});

/// What a service says with this status when nothing else is known.
std::string usual_message(Speaker const& speaker, int status);

/// The line of a hint, without its end; empty if it is in the body or none.
std::string hint_header(RetryHint hint, double seconds);

std::string_view reason_phrase(int status);

}  // namespace jvmm::testing::stub
