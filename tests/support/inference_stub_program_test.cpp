#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <thread>

#include "json/parse.hpp"
#include "support/raw_http.hpp"
#include "support/temp_dir.hpp"

extern char** environ;

namespace jvmm::testing {
namespace {

/// The program, with what it prints first.
class Program {
 public:
  explicit Program(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), INFERENCE_STUB_BINARY);
    std::vector<char*> values;
    for (auto& argument : arguments)
      values.push_back(argument.data());
    values.push_back(nullptr);
    int ends[2] = {};
    if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    auto const code = ::posix_spawn(&m_process, INFERENCE_STUB_BINARY, &actions, nullptr, values.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    ::close(ends[1]);
    char letter = 0;
    while (code == 0 && ::read(ends[0], &letter, 1) == 1 && letter != '\n')
      m_line += letter;
    ::close(ends[0]);
  }
  ~Program() {
    if (m_process > 0) stop(SIGKILL);
  }
  Program(Program const&) = delete;
  Program& operator=(Program const&) = delete;

  std::string const& line() const { return m_line; }
  void signal(int number) const { ::kill(m_process, number); }

  /// The exit code.
  int stop(int number) {
    signal(number);
    return wait();
  }
  int wait() {
    int status = 0;
    ::waitpid(m_process, &status, 0);
    m_process = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

 private:
  pid_t m_process = 0;
  std::string m_line;
};

TEST(InferenceStubProgram, SaysWhereItIsAndWritesItsBillAtTheEnd) {
  TempDir const folder;
  auto const bill = folder.path() / "bill.json";
  Program program(
      {"--kind", "tei", "--dims", "8", "--price-input", "3", "--fault", "503,at=2", "--bill", bill.string()});
  ASSERT_THAT(program.line(), ::testing::StartsWith("http://127.0.0.1:"));
  RawHttp client(program.line());
  EXPECT_EQ(client.post("/embed", R"({"inputs":["a","b"]})").status, 200);
  EXPECT_EQ(client.post("/embed", R"({"inputs":["a","b"]})").status, 503);
  EXPECT_EQ(program.stop(SIGTERM), 0);
  auto const total = *json::parse_file(bill).find("total");
  EXPECT_EQ(*total.find("inputs"), json::Value(2));
  EXPECT_EQ(*total.find("cost_pico_usd"), json::Value(6));
}

TEST(InferenceStubProgram, WritesItsBillWhileItServes) {
  TempDir const folder;
  auto const bill = folder.path() / "bill.json";
  Program program({"--bill", bill.string()});
  program.signal(SIGUSR1);
  while (!std::filesystem::exists(bill))
    std::this_thread::yield();
  EXPECT_EQ(RawHttp(program.line()).get("/stub/bill").status, 200);
  EXPECT_EQ(program.stop(SIGINT), 0);
}

TEST(InferenceStubProgram, RefusesWhatItDoesNotKnow) {
  EXPECT_EQ(Program({"--kind", "nonsense"}).wait(), 64);
  EXPECT_EQ(Program({"--fault", "nonsense"}).wait(), 64);
  EXPECT_EQ(Program({"--dims", "0"}).wait(), 64);
}

}  // namespace
}  // namespace jvmm::testing
