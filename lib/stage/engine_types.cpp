#include "stage/engine_types.hpp"

#include "base/error.hpp"
#include "json/writer.hpp"

namespace jvmm::stage {

int Summary::exit_code() const {
  if (stopped == StopReason::unavailable) return jvmm::exit_code(Kind::unavailable);
  if (stopped != StopReason::none) return jvmm::exit_code(Kind::stopped);
  return failed > 0 ? 1 : 0;
}

std::string Summary::json() const {
  json::Writer out;
  out.begin_object().member("run", run.value).member("candidates", candidates).member("done", done);
  out.member("skipped", skipped).member("failed", failed).member("superseded", superseded);
  out.member("postponed", postponed).member("postponed_reason", postponed_reason);
  out.key("failures_by_kind").begin_object();
  for (auto const& [kind, count] : failures_by_kind)
    out.member(kind, count);
  out.end_object().member("batches", batches).member("replayed", replayed).member("retries", retries);
  out.member("in_doubt", in_doubt).member("seconds", seconds).member("read_seconds", read_seconds);
  out.member("compute_seconds", compute_seconds).member("write_seconds", write_seconds);
  out.member("stopped", name(stopped)).end_object();
  return std::move(out).take();
}

db::ConnectionOptions with_purpose(db::ConnectionOptions options, std::string const& suffix) {
  options.purpose += "/" + suffix;
  return options;
}

}  // namespace jvmm::stage
