#include "http/transport.hpp"

#include "http/header_lines.hpp"

namespace jvmm::http {

std::string_view name(Transfer transfer) {
  switch (transfer) {
    case Transfer::done:
      return "done";
    case Transfer::unreachable:
      return "unreachable";
    case Transfer::cut:
      return "cut";
    case Transfer::timed_out:
      return "timed_out";
    case Transfer::too_large:
      return "too_large";
    case Transfer::malformed:
      return "malformed";
    case Transfer::certificate:
      return "certificate";
    case Transfer::not_sent:
      return "not_sent";
  }
  return "unknown";
}

std::optional<std::string_view> Reply::header(std::string_view name) const {
  return find_header(headers, name);
}

}  // namespace jvmm::http
