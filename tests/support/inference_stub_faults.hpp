#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace jvmm::testing {

/// The form of an error's body.
enum class ErrorForm {
  own,        ///< as the kind of service would say it
  string,     ///< {"error":"…"}
  typed,      ///< {"error":"…","error_type":"…"}
  array,      ///< {"error":["…"],"warnings":["…"]}
  object,     ///< {"error":{"message":"…","type":"…","param":null,"code":N}}
  flat,       ///< {"object":"error","message":"…","type":"…","param":null,"code":N}
  detail,     ///< {"detail":[{"loc":["body","inputs"],"msg":"…"}]}
  text,       ///< the message alone, text/plain
  html,       ///< a gateway's page
  empty,      ///< no body
  truncated,  ///< JSON that ends too soon
};

/// How an error says when to come again.
enum class RetryHint {
  none,
  seconds,            ///< Retry-After: 2
  http_date,          ///< Retry-After: Sun, 06 Nov 1994 08:49:37 GMT, counted from the answer
  rate_limit,         ///< RateLimit: "api";r=0;t=2
  rate_limit_unused,  ///< RateLimit: "api";r=5;t=2, which says that it was something else
  estimated_time,     ///< "estimated_time":2.0 in the body
};

/// What is wrong with the content of an answer that is otherwise sound. It comes with 200 and has been billed.
enum class Damage {
  none,
  wrong_dims,        ///< the first vector lacks a number
  nan_text,          ///< its first number is NaN (in base64: the bits)
  infinite,          ///< its first number is 1e999 (in base64: the bits)
  null_element,      ///< its first number is null (in base64: NaN)
  zero_vector,       ///< all its numbers are 0, written as integers
  tiny_vector,       ///< all its numbers are 1e-30
  text_element,      ///< its first number is a string
  reordered,         ///< items in reverse; where they have an index it stays right
  missing,           ///< the last item is not there
  surplus,           ///< the last item is there twice
  repeated_index,    ///< all items have index 0
  offsets_beyond,    ///< NER: the first entity ends beyond the text
  invalid_utf8,      ///< two bytes that are no UTF-8
  truncated_json,    ///< two thirds of the text, with the right Content-Length
  trailing_garbage,  ///< something after the JSON
  error_in_200,      ///< {"error":"…"}
  html_in_200,       ///< a page
  empty_in_200,      ///< nothing
  null_in_200,       ///< null
  deep_nesting,      ///< a hundred thousand brackets
  wrong_type,        ///< sound content that is called text/html
  gzip,              ///< sound, and compressed whether or not that was asked for
  gzip_broken,       ///< compressed, and flawed in its middle
  gzip_bomb,         ///< Fault::bomb_bytes of blanks, compressed
};

/// What happens to the connection.
enum class Wire {
  sound,
  reset_before_reading,  ///< reset; nothing was computed or billed
  reset_after_reading,   ///< computed and billed, then reset
  reset_after_headers,   ///< the same after the answer's head
  reset_in_body,         ///< the same after half of the body
  close_in_body,         ///< closed in good order after half of the body
  length_too_long,       ///< Content-Length promises 100 bytes more, then closed
  length_too_short,      ///< Content-Length promises 10 bytes less
  drip,                  ///< Fault::drip_bytes at once, Fault::drip_pause apart
  hang,                  ///< computed and billed; no answer until the client gives up
  hang_in_body,          ///< the same after half of the body
  garbage,               ///< no HTTP
  endless_headers,       ///< header lines, 32 MiB of them
};

/// What goes wrong with one request; nothing by default. A status other than 0 takes the place of the answer: then
/// nothing is computed or billed. Otherwise the answer is computed and billed, damaged, and sent as `wire` says.
struct Fault {
  int status = 0;
  ErrorForm form = ErrorForm::own;
  std::string message = {};  ///< empty: what the service would say
  RetryHint hint = RetryHint::none;
  double hint_seconds = 1;
  std::vector<std::string> headers = {};  ///< further lines, "X-Error-Message: …"
  Damage damage = Damage::none;
  std::size_t bomb_bytes = std::size_t{300} << 20;
  Wire wire = Wire::sound;
  std::size_t drip_bytes = 16;
  std::chrono::nanoseconds drip_pause = std::chrono::milliseconds(10);
  std::chrono::nanoseconds delay{0};  ///< on top of the latency

  bool any() const;
  std::string name() const;  ///< as in parse_fault_rule
};

Fault status_fault(int status, ErrorForm form = ErrorForm::own, std::string message = {});
Fault retry_fault(int status, RetryHint hint, double seconds = 1);  ///< 429 or 503, and when to come again
Fault damage_fault(Damage damage);
Fault wire_fault(Wire wire);

/// A fault and when it strikes. All conditions given must hold; POST requests only.
struct FaultRule {
  Fault fault;
  std::uint64_t from = 1, to = UINT64_MAX;  ///< numbers of POST requests, the first is 1
  std::uint64_t every = 1;                  ///< each so many from `from` on
  std::string path = {};                    ///< contained in the request's path
  std::string text = {};                    ///< contained in one of the texts: poison
  double probability = 1;                   ///< told by seed, body, and how often that body came: not by the order
  std::uint64_t seed = 1;
  std::uint64_t times = UINT64_MAX;  ///< at most so often
};

/// A rule from a line such as "429,hint=seconds,wait=2,at=3-5", "reset_after_reading,p=0.01,seed=7",
/// "422,text=poison", "null_element,every=10,times=1". First a status, "slow", or the name of a Damage or Wire, then
/// what differs: form, message, hint, wait, bytes, pause_ms, delay_ms, header; at, every, path, text, p, seed, times.
/// **Throws** std::invalid_argument, which says what there is.
FaultRule parse_fault_rule(std::string_view line);

/// All names that parse_fault_rule knows, for a help text.
std::string fault_names();

}  // namespace jvmm::testing
