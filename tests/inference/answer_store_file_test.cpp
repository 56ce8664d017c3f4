// Files that are not as they should be, and disks that are full.

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "inference/answer_store_fixture.hpp"
#include "inference/cache/sqlite.hpp"

namespace jvmm::inference {
namespace {

using AnswerStoreFile = AnswerStoreTest;
using jvmm::testing::expect_error;

TEST_F(AnswerStoreFile, ThatIsNoDatabaseIsRefusedAndLeftAsItIs) {
  std::string const content(5000, 'x');
  options.file = dir.write("answers.sqlite", content);
  expect_error(Kind::configuration, options.file.string(), [&] { open(); });
  expect_error(Kind::configuration, "set cache_file to another file", [&] { open(); });
  std::ifstream file(options.file);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), content);
}

TEST_F(AnswerStoreFile, ThatIsAnotherProgramsIsRefusedAndLeftAsItIs) {
  options.file = dir.path() / "other.sqlite";
  {
    sqlite::Connection db(options.file, sqlite::Open::create);
    db.script("create table theirs (x)");
  }
  expect_error(Kind::configuration, "no cache of jvmm's", [&] { open(); });
  expect_error(Kind::configuration, options.file.string(), [&] { stats(); });
  sqlite::Connection db(options.file, sqlite::Open::existing);
  EXPECT_EQ(db.integer("select count(*) from sqlite_schema"), 1);
  EXPECT_EQ(db.query("pragma journal_mode").next(), true);
  EXPECT_FALSE(std::filesystem::exists(options.file.string() + "-wal"));
}

TEST_F(AnswerStoreFile, OfANewerProgramIsRefusedByName) {
  settle(*open(), 1);
  {
    sqlite::Connection db(options.file, sqlite::Open::existing);
    db.script("pragma user_version = 7");
  }
  expect_error(Kind::configuration, "newer jvmm (form 7", [&] { open(); });
  expect_error(Kind::configuration, options.file.string(), [&] { prune_cache(options.file, {}, clock); });
}

TEST_F(AnswerStoreFile, ThatIsEmptyBecomesACache) {
  options.file = dir.write("answers.sqlite", "");
  settle(*open(), 1);
  EXPECT_TRUE(find(*open(), 1));
}

TEST_F(AnswerStoreFile, ThatIsDamagedIsNamedWithTheNextStep) {
  {
    auto const store = open();
    for (int i = 0; i < 200; ++i)
      settle(*store, i, std::string(2000, 'x'));
  }
  auto const size = std::filesystem::file_size(options.file);
  {
    std::fstream file(options.file, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(4096);
    std::string const garbage(size - 4096, '\x5a');
    file.write(garbage.data(), static_cast<std::streamsize>(garbage.size()));
  }
  auto const use = [&] {
    auto const store = open();
    find(*store, 1);
    settle(*store, 1);
  };
  expect_error(Kind::local_io, options.file.string(), use);
  expect_error(Kind::local_io, "move it away", use);
}

TEST_F(AnswerStoreFile, CutShortIsNamed) {
  {
    auto const store = open();
    for (int i = 0; i < 200; ++i)
      settle(*store, i, std::string(2000, 'x'));
  }
  std::filesystem::resize_file(options.file, std::filesystem::file_size(options.file) / 3);
  auto const use = [&] {
    auto const store = open();
    for (int i = 0; i < 200; ++i)
      find(*store, i);
  };
  expect_error(Kind::local_io, options.file.string(), use);
}

TEST_F(AnswerStoreFile, BelowWhatIsNoFolderCannotBeMade) {
  options.file = dir.write("plain", "x") / "sub/answers.sqlite";
  expect_error(Kind::local_io, "plain", [&] { open(); });
  options.file = dir.path();
  expect_error(Kind::local_io, dir.path().string(), [&] { open(); });
}

/// As a user that permissions hold for.
int as_nobody(std::function<void()> const& work) {
  return in_child([&] {
    if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0)) _exit(97);
    work();
  });
}

TEST_F(AnswerStoreFile, InAReadOnlyFolderIsRefusedWithTheNextStep) {
  options.file = dir.path() / "ro/answers.sqlite";
  std::filesystem::create_directory(dir.path() / "ro");
  chmod(dir.path().c_str(), 0755);
  chmod((dir.path() / "ro").c_str(), 0555);
  EXPECT_EQ(as_nobody([&] { expect_error(Kind::local_io, "Permission denied", [&] { open(); }); }), 0);
  options.file = dir.path() / "ro/deeper/answers.sqlite";
  EXPECT_EQ(as_nobody([&] { expect_error(Kind::local_io, "set cache_file", [&] { open(); }); }), 0);
}

TEST_F(AnswerStoreFile, ThatMayOnlyBeReadIsRefused) {
  settle(*open(), 1);
  chmod(dir.path().c_str(), 0755);
  chmod(options.file.parent_path().c_str(), 0755);
  chmod(options.file.c_str(), 0444);
  EXPECT_EQ(as_nobody([&] { expect_error(Kind::local_io, options.file.string(), [&] { open(); }); }), 0);
}

/// Files of this process may not grow beyond this; 0: as they like.
void limit_files(rlim_t bytes) {
  rlimit limit{};
  getrlimit(RLIMIT_FSIZE, &limit);
  limit.rlim_cur = bytes == 0 ? limit.rlim_max : bytes;
  setrlimit(RLIMIT_FSIZE, &limit);
}

TEST_F(AnswerStoreFile, OnAFullDiskNothingOfASettlementIsStored) {
  auto const status = in_child([&] {
    std::signal(SIGXFSZ, SIG_IGN);
    auto const store = open();
    store->bind_run("db", 1);
    settle(*store, 1, "first", 5);
    auto const request = store->open(k_usage, 100);
    Settlement const big{.request = request,
                         .usage = k_usage,
                         .cost = 90,
                         .answers = {{key(2), {"small", "hf"}}, {key(3), {std::string(3'000'000, 'x'), "hf"}}}};
    limit_files(1'000'000);
    expect_error(Kind::local_io, options.file.string(), [&] { store->settle(big); });
    expect_error(Kind::local_io, "make room", [&] { store->settle(big); });
    EXPECT_FALSE(find(*store, 2));
    EXPECT_FALSE(find(*store, 3));
    EXPECT_EQ(store->usage().at(0).cost, 5);
    limit_files(0);
    EXPECT_EQ(find(*store, 1)->bytes, "first");
    store->settle(big);
    EXPECT_EQ(store->usage().at(0).cost, 95);
    EXPECT_TRUE(find(*store, 3));
    die_at_once();
  });
  ASSERT_TRUE(was_killed(status)) << status;
  auto const store = open();
  EXPECT_EQ(find(*store, 3)->bytes.size(), 3'000'000u);
  auto const usage = store->orphans("db").at(0).usage.at(0);
  EXPECT_EQ(usage.cost, 95);
  EXPECT_EQ(usage.in_doubt_requests, 0u);
}

TEST_F(AnswerStoreFile, OnAFullDiskEveryWaiterIsTold) {
  EXPECT_EQ(in_child([&] {
              std::signal(SIGXFSZ, SIG_IGN);
              auto const store = open();
              std::atomic<int> told = 0;
              settle(*store, 0);
              limit_files(400'000);
              {
                std::vector<std::jthread> threads;
                for (int t = 0; t < 8; ++t)
                  threads.emplace_back([&, t] {
                    try {
                      settle(*store, 10 + t, std::string(500'000, 'x'), 1);
                    } catch (Error& error) {
                      error.context("in a thread");
                      told += error.kind() == Kind::local_io ? 1 : 0;
                    }
                  });
              }
              EXPECT_EQ(told, 8);
              limit_files(0);
              release(*store, 0);
              settle(*store, 1);
            }),
            0);
  EXPECT_TRUE(find(*open(), 1));
  EXPECT_EQ(stats().answers, 2u);
}

TEST_F(AnswerStoreFile, ThatCannotNoteARequestSaysSo) {
  EXPECT_EQ(in_child([&] {
              std::signal(SIGXFSZ, SIG_IGN);
              auto const store = open();
              settle(*store, 0);
              auto const request = store->open(k_usage, 1);
              limit_files(8);
              expect_error(Kind::local_io, "answers.sqlite-session-", [&] { store->open(k_usage, 1); });
              limit_files(0);
              store->settle({.request = request, .usage = k_usage});
              store->settle({.request = store->open(k_usage, 1), .usage = k_usage});
            }),
            0);
}

}  // namespace
}  // namespace jvmm::inference
