#include "support/inference_stub_reply.hpp"

#include <fmt/format.h>

namespace jvmm::testing::stub {
namespace {

using End = WireReply::End;

std::string render_head(Answer const& answer, std::size_t length, bool close) {
  auto out = fmt::format("HTTP/1.1 {} {}\r\n", answer.status, reason_phrase(answer.status));
  if (!answer.content_type.empty()) out += fmt::format("content-type: {}\r\n", answer.content_type);
  for (auto const& header : answer.headers)
    out += header + "\r\n";
  if (close) out += "connection: close\r\n";
  return out += fmt::format("content-length: {}\r\n\r\n", length);
}

std::size_t promised_length(std::size_t length, Wire wire) {
  if (wire == Wire::length_too_long) return length + 100;
  if (wire == Wire::length_too_short) return length - std::min<std::size_t>(length, 10);
  return length;
}

WireReply endless_headers() {
  WireReply out{{}, "HTTP/1.1 200 OK\r\n"};
  std::string const line = "x-filler: " + std::string(1000, 'x') + "\r\n";
  while (out.bytes.size() < std::size_t{32} << 20)
    out.bytes += line;
  out.end = End::close;
  return out;
}

/// How much of the body is sent, and what follows.
void cut(WireReply& reply, std::size_t head, std::size_t body, Wire wire) {
  auto const keep = [&](std::size_t bytes, End end) {
    reply.bytes.resize(bytes);
    reply.end = end;
  };
  switch (wire) {
    case Wire::reset_before_reading:
    case Wire::reset_after_reading:
      return keep(0, End::reset);
    case Wire::reset_after_headers:
      return keep(head, End::reset);
    case Wire::reset_in_body:
      return keep(head + body / 2, End::reset);
    case Wire::close_in_body:
      return keep(head + body / 2, End::close);
    case Wire::hang:
      return keep(0, End::hang);
    case Wire::hang_in_body:
      return keep(head + body / 2, End::hang);
    case Wire::length_too_long:
      reply.end = End::close;
      return;
    default:
      return;
  }
}

}  // namespace

WireReply render_reply(Answer const& answer, Fault const& fault, bool close) {
  if (fault.wire == Wire::endless_headers) return endless_headers();
  if (fault.wire == Wire::garbage) return {{}, "\x16\x03\x01 this is no HTTP\r\n\r\n", 0, {}, End::close};
  WireReply out;
  out.bytes = render_head(answer, promised_length(answer.body.size(), fault.wire), close);
  auto const head = out.bytes.size();
  out.bytes += answer.body;
  if (close) out.end = End::close;
  cut(out, head, answer.body.size(), fault.wire);
  if (fault.wire == Wire::drip) out.drip_bytes = fault.drip_bytes, out.drip_pause = fault.drip_pause;
  return out;
}

}  // namespace jvmm::testing::stub
