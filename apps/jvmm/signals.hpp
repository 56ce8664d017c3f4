#pragma once

#include "base/stop_token.hpp"

namespace jvmm::cli {

/// From now on the first SIGINT, SIGTERM or SIGHUP asks `stop` to stop, the second ends the process with 130; SIGPIPE
/// is ignored, since a broken connection reports itself. `stop` must outlive the process's last signal.
void install_signal_handlers(StopToken& stop);

}  // namespace jvmm::cli
