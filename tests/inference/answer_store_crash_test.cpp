// What is left of a process that died, and several processes on one file.

#include <fcntl.h>

#include "inference/answer_store_fixture.hpp"

namespace jvmm::inference {
namespace {

using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using AnswerStoreCrash = AnswerStoreTest;

TEST_F(AnswerStoreCrash, WhatWasSettledIsThereAndWhatWasOpenIsInDoubt) {
  auto const status = in_child([&] {
    auto const store = open();
    store->bind_run("db", 42);
    auto const first = store->open(k_usage, 100);
    store->open(k_usage, 1000);
    store->open({"tei", "other", Task::ner}, 10000);
    store->settle({.request = first, .usage = k_usage, .cost = 90, .answers = {{key(1), {"bytes", "hf"}}}});
    die_at_once();
  });
  ASSERT_TRUE(was_killed(status));
  auto const store = open();
  EXPECT_EQ(find(*store, 1)->bytes, "bytes");
  EXPECT_THAT(store->orphans("another"), IsEmpty());
  auto const orphans = store->orphans("db");
  ASSERT_THAT(orphans, SizeIs(1));
  EXPECT_EQ(orphans[0].run, 42);
  auto const& usage = orphans[0].usage;
  ASSERT_THAT(usage, SizeIs(2));
  EXPECT_EQ(usage[0].cost, 90);
  EXPECT_EQ(usage[0].in_doubt, 1000);
  EXPECT_EQ(usage[0].in_doubt_requests, 1u);
  EXPECT_EQ(usage[1].key, (UsageKey{"tei", "other", Task::ner}));
  EXPECT_EQ(usage[1].in_doubt, 10000);
  EXPECT_TRUE(store->usage().empty());
}

TEST_F(AnswerStoreCrash, ARequestThatTookTheSlotOfASettledOneIsInDoubtAlone) {
  auto const status = in_child([&] {
    auto const store = open();
    store->bind_run("db", 1);
    for (int i = 1; i <= 5; ++i)
      settle(*store, i, "x", 10);
    store->open(k_usage, 7);
    die_at_once();
  });
  ASSERT_TRUE(was_killed(status));
  auto const usage = open()->orphans("db").at(0).usage.at(0);
  EXPECT_EQ(usage.cost, 50);
  EXPECT_EQ(usage.in_doubt, 7);
  EXPECT_EQ(usage.in_doubt_requests, 1u);
}

TEST_F(AnswerStoreCrash, AnOrphanIsReportedOnce) {
  in_child([&] {
    auto const store = open();
    store->bind_run("db", 1);
    store->open(k_usage, 7);
    die_at_once();
  });
  auto const store = open();
  auto const orphans = store->orphans("db");
  ASSERT_THAT(orphans, SizeIs(1));
  store->reported(orphans[0].session);
  EXPECT_THAT(store->orphans("db"), IsEmpty());
  EXPECT_THAT(open()->orphans("db"), IsEmpty());
}

TEST_F(AnswerStoreCrash, AProcessThatEndedWithoutReportingIsAnOrphanToo) {
  {
    auto const store = open();
    store->bind_run("db", 1);
    settle(*store, 1, "x", 10);
    store->open(k_usage, 5);
  }
  auto const usage = open()->orphans("db").at(0).usage.at(0);
  EXPECT_EQ(usage.cost, 10);
  EXPECT_EQ(usage.in_doubt, 5);
}

TEST_F(AnswerStoreCrash, AProcessThatReportedIsNone) {
  {
    auto const store = open();
    store->bind_run("db", 1);
    settle(*store, 1);
    store->open(k_usage, 5);
    store->reported(0);
  }
  EXPECT_THAT(open()->orphans("db"), IsEmpty());
}

TEST_F(AnswerStoreCrash, AProcessThatLivesIsNone) {
  std::array<int, 2> ready{}, go{};
  ASSERT_EQ(pipe(ready.data()) | pipe(go.data()), 0);
  auto const pid = fork();
  if (pid == 0) {
    auto const store = open();
    store->bind_run("db", 1);
    store->open(k_usage, 5);
    char byte = 0;
    if (write(ready[1], "x", 1) != 1 || read(go[0], &byte, 1) != 1) _exit(1);
    die_at_once();
  }
  char byte = 0;
  ASSERT_EQ(read(ready[0], &byte, 1), 1);
  auto const store = open();
  EXPECT_THAT(store->orphans("db"), IsEmpty());
  ASSERT_EQ(write(go[1], "x", 1), 1);
  waitpid(pid, nullptr, 0);
  EXPECT_THAT(store->orphans("db"), SizeIs(1));
}

TEST_F(AnswerStoreCrash, TornRecordsAreNotCounted) {
  in_child([&] {
    auto const store = open();
    store->bind_run("db", 1);
    for (int i = 1; i <= 3; ++i)
      store->open(k_usage, i);
    die_at_once();
  });
  auto file = options.file;
  file += "-session-1";
  ASSERT_TRUE(std::filesystem::exists(file));
  std::filesystem::resize_file(file, std::filesystem::file_size(file) - 5);
  int const fd = ::open(file.c_str(), O_WRONLY);
  ASSERT_EQ(pwrite(fd, "garbage", 7, 3), 7);
  ::close(fd);
  EXPECT_EQ(open()->orphans("db").at(0).usage.at(0).in_doubt, 2);
}

TEST_F(AnswerStoreCrash, KilledAtAnyMomentNothingIsHalf) {
  for (int round = 0; round < 8; ++round) {
    std::array<int, 2> told{};
    ASSERT_EQ(pipe(told.data()), 0);
    auto const pid = fork();
    if (pid == 0) {
      auto const store = open();
      store->bind_run("db", round);
      for (int i = 0;; ++i) {
        auto const number = round * 100'000 + i;
        store->settle({.request = store->open(k_usage, 100),
                       .usage = k_usage,
                       .metered = {.requests = 1},
                       .cost = 1,
                       .answers = {{key(number), {std::to_string(number), "hf"}}}});
        if (write(told[1], &number, sizeof number) != sizeof number) _exit(1);
      }
    }
    int number = 0;
    for (int i = 0; i < 3 + 5 * round; ++i)
      ASSERT_EQ(read(told[0], &number, sizeof number), static_cast<ssize_t>(sizeof number));
    kill(pid, SIGKILL);
    waitpid(pid, nullptr, 0);
    ::close(told[1]);
    while (read(told[0], &number, sizeof number) > 0) {
    }
    ::close(told[0]);
    auto const store = open();
    auto const orphans = store->orphans("db");
    ASSERT_THAT(orphans, SizeIs(1));
    auto const& usage = orphans[0].usage.at(0);
    for (int i = round * 100'000; i <= number; ++i)
      ASSERT_EQ(find(*store, i)->bytes, std::to_string(i));
    // The last one was settled or not, but never both and never neither.
    auto const told_of = number - round * 100'000 + 1;
    bool const one_more = find(*store, number + 1).has_value();
    EXPECT_EQ(usage.cost, told_of + (one_more ? 1 : 0));
    EXPECT_LE(usage.in_doubt_requests, 1u);
    EXPECT_EQ(usage.in_doubt, 100 * static_cast<PicoUsd>(usage.in_doubt_requests));
    store->reported(orphans[0].session);
  }
}

TEST_F(AnswerStoreCrash, SeveralProcessesShareAFile) {
  constexpr int k_processes = 4, k_answers = 40;
  std::vector<pid_t> children;
  for (int p = 0; p < k_processes; ++p) {
    children.push_back(fork());
    if (children.back() != 0) continue;
    try {
      auto const store = open();  // the first of them makes the file
      store->bind_run("db", p);
      for (int i = 0; i < k_answers; ++i) {
        settle(*store, p * k_answers + i, std::to_string(p), 1);
        settle(*store, 10'000, "same", 1);
        release(*store, p * k_answers + i);
      }
      _exit(0);
    } catch (std::exception const& error) {
      std::fprintf(stderr, "%s\n", error.what());
      _exit(1);
    }
  }
  for (auto const pid : children) {
    int status = -1;
    waitpid(pid, &status, 0);
    EXPECT_EQ(status, 0);
  }
  auto const store = open();
  for (int i = 0; i < k_processes * k_answers; ++i)
    EXPECT_EQ(find(*store, i)->bytes, std::to_string(i / k_answers));
  auto const orphans = store->orphans("db");
  ASSERT_THAT(orphans, SizeIs(k_processes));
  for (auto const& orphan : orphans)
    EXPECT_EQ(orphan.usage.at(0).cost, 2 * k_answers);
}

TEST_F(AnswerStoreCrash, OldReportedSessionsAreForgotten) {
  for (int i = 0; i < 3; ++i)
    in_child([&] {
      auto const store = open();
      if (i < 2) store->bind_run("db", i);
      store->open(k_usage, 5);
      die_at_once();
    });
  auto store = open();
  store->reported(store->orphans("db").at(0).session);
  store.reset();
  auto const session_files = [&] {
    std::vector<std::string> out;
    for (auto const& entry : std::filesystem::directory_iterator(options.file.parent_path()))
      if (entry.path().string().find("-session-") != std::string::npos) out.push_back(entry.path().filename());
    return out;
  };
  EXPECT_THAT(session_files(), SizeIs(2));  // one of a run that is not reported, one of no run
  clock.advance(std::chrono::hours(24 * 31));
  store = open();
  EXPECT_THAT(session_files(), SizeIs(2));  // the former's, and the new one's
  EXPECT_THAT(session_files(), Contains("answers.sqlite-session-2"));
  EXPECT_THAT(store->orphans("db"), SizeIs(1));
}

}  // namespace
}  // namespace jvmm::inference
