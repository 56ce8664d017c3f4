#pragma once

#include <string>
#include <vector>

#include "support/inference_stub_answers.hpp"
#include "support/inference_stub_http.hpp"

/// From an answer to bytes. Inside the stub only.
namespace jvmm::testing::stub {

/// The bytes of an answer, and what becomes of the connection.
WireReply render_reply(Answer const& answer, Fault const& fault, bool close);

}  // namespace jvmm::testing::stub
