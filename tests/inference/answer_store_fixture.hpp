#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <functional>

#include "inference/cache/answer_store.hpp"
#include "support/captured_stream.hpp"
#include "support/expect_error.hpp"
#include "support/fake_clock.hpp"
#include "support/temp_dir.hpp"

namespace jvmm::inference {

inline UsageKey const k_usage{"hf", "m", Task::embed};

inline AnswerKey key(int number) {
  return answer_key(Task::embed, "m", "r", "p", std::to_string(number));
}

/// A file for a store, and what it needs.
struct AnswerStoreTest : ::testing::Test {
  jvmm::testing::TempDir dir;
  test::FakeClock clock;
  test::CapturedStream stream;
  log::Logger log{stream.file(), log::Level::debug, log::Format::text, clock};
  AnswerStoreOptions options{.file = dir.path() / "cache/answers.sqlite"};

  std::unique_ptr<AnswerStore> open() { return open_answer_store(options, clock, log); }

  static void settle(AnswerStore& store, int number, std::string bytes = "bytes", PicoUsd cost = 0) {
    store.settle({.request = store.open(k_usage, cost),
                  .usage = k_usage,
                  .metered = {.requests = 1, .inputs = 1},
                  .cost = cost,
                  .answers = {{key(number), {std::move(bytes), "hf"}}}});
  }

  static std::optional<StoredAnswer> find(AnswerStore& store, int number) {
    auto const wanted = key(number);
    return store.find({&wanted, 1}).front();
  }

  static void release(AnswerStore& store, int number) {
    auto const wanted = key(number);
    store.release({&wanted, 1});
  }

  CacheStats stats() const { return cache_stats(options.file); }
};

/// Runs `work` in a process of its own and gives its wait status.
inline int in_child(std::function<void()> const& work) {
  auto const pid = fork();
  if (pid == 0) {
    try {
      work();
    } catch (std::exception const& error) {
      std::fprintf(stderr, "child: %s\n", error.what());
      _exit(99);
    }
    _exit(::testing::Test::HasFailure() ? 98 : 0);
  }
  int status = -1;
  waitpid(pid, &status, 0);
  return status;
}

/// The end of a child, unless a check of it failed.
[[noreturn]] inline void die_at_once() {
  if (::testing::Test::HasFailure()) _exit(98);
  std::raise(SIGKILL);
  std::abort();
}

inline bool was_killed(int status) {
  return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}

}  // namespace jvmm::inference
