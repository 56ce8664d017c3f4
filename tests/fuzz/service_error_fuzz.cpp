#include "inference/dialect/service_error.hpp"

#include "base/utf8.hpp"
#include "fuzz/fuzz.hpp"

namespace jvmm::fuzz {
namespace {

void require_presentable(std::string_view text, std::size_t max_bytes) {
  require(text.size() <= max_bytes, "bounded");
  require(utf8::first_invalid(text) == std::string_view::npos, "valid UTF-8");
  for (char const c : text)
    require(static_cast<unsigned char>(c) >= 0x20 && c != 0x7F, "no control characters");
  for (auto at = text.find("hf_"); at != std::string_view::npos; at = text.find("hf_", at + 1)) {
    auto const next = text.substr(at + 3, 1);
    require(next.empty() || !std::isalnum(static_cast<unsigned char>(next[0])), "no tokens");
  }
}

}  // namespace

int service_error(std::uint8_t const* data, std::size_t size) {
  auto const input = split(data, size);
  http::Reply reply;
  reply.status = input.variant % 4 == 0 ? 0 : 400 + static_cast<long>(input.variant);
  reply.body = input.body;
  if (input.texts.size() % 2 == 0) reply.headers.push_back({"x-error-message", std::string(input.body.substr(0, 400))});
  auto const error = inference::read_service_error(reply);
  require(!error.message.empty(), "a message");
  require_presentable(error.message, 300);
  require_presentable(error.type, 64);
  require_presentable(error.code, 64);
  if (error.estimated_seconds)
    require(std::isfinite(*error.estimated_seconds) && *error.estimated_seconds >= 0, "a sound estimate");
  (void)inference::is_error_body(input.body);
  return 0;
}

}  // namespace jvmm::fuzz
