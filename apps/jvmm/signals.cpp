#include "signals.hpp"

#include <unistd.h>

#include <atomic>
#include <csignal>
#include <string_view>

namespace jvmm::cli {
namespace {

constexpr int k_ended_at_once = 130;
StopToken* g_stop = nullptr;
std::atomic<int> g_signals{0};  // the token keeps its first reason, which may be a limit

void say(std::string_view text) {
  [[maybe_unused]] auto const written = write(STDERR_FILENO, text.data(), text.size());
}

void on_signal(int) {
  if (g_signals++ > 0) {
    say("jvmm: ended at once; what was committed stays, the same command goes on\n");
    _exit(k_ended_at_once);
  }
  g_stop->request(StopReason::signal);
  say("jvmm: stopping after this batch; once more to end at once\n");
}

}  // namespace

void install_signal_handlers(StopToken& stop) {
  g_stop = &stop;
  struct sigaction action{};
  action.sa_handler = on_signal;
  sigemptyset(&action.sa_mask);
  action.sa_flags = SA_RESTART;
  for (int const signal : {SIGINT, SIGTERM, SIGHUP})
    sigaction(signal, &action, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

}  // namespace jvmm::cli
