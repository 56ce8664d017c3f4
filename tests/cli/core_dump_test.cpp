// A program that holds a secret leaves no core dump.

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/services_campaign.hpp"

namespace jvmm::test {
namespace {

using namespace std::chrono_literals;

struct Abort {
  bool core_dumped = false;
  bool is_ours = false;  ///< /proc/PID/environ, which the kernel gives to root where the process must not be dumped
};

Abort abort(CliProcess& program) {
  struct stat file{};
  stat(fmt::format("/proc/{}/environ", program.pid()).c_str(), &file);
  program.send(SIGABRT);
  auto const result = program.wait();
  EXPECT_EQ(result.signal, SIGABRT) << result;
  return {result.core_dumped, file.st_uid == geteuid()};
}

/// Aborts 'jvmm score' while it waits for its input.
Abort abort_score(std::map<std::string, std::string> env) {
  testing::TempDir const dir;
  auto const fifo = (dir.path() / "profiles.jsonl").string();
  mkfifo(fifo.c_str(), 0600);
  CliOptions options;
  options.env = std::move(env);
  options.core_dumps = true;
  CliProcess program({"score", "--profiles", fifo, "--pairs", "-"}, std::move(options));
  int writer = -1;
  wait_until([&] { return (writer = open(fifo.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC)) >= 0; },
             "the program opens its input");
  auto const out = abort(program);
  close(writer);
  return out;
}

// Two signs: whether there was a core dump, which says nothing where they are off altogether (a hard limit of 0), and
// whose /proc/PID is, which says nothing to root. The control tells whether one of them can be trusted here.
void expect_no_core_dump(Abort const& with_secret) {
  auto const control = abort_score({});
  bool const tells = control.core_dumped || (geteuid() != 0 && control.is_ours);
  EXPECT_TRUE(tells) << "allow core dumps (ulimit -Hc, kernel.core_pattern), or do not run this test as root";
  EXPECT_FALSE(with_secret.core_dumped);
  EXPECT_TRUE(geteuid() == 0 || !with_secret.is_ours);
}

TEST(CoreDump, IsNotLeftByAProgramThatHoldsASecret) {
  for (auto const* secret : {"HF_TOKEN", "JVMM_TEI_TOKEN", "OPENAI_API_KEY", "DATABASE_URL", "REDIS_URL"}) {
    SCOPED_TRACE(secret);
    expect_no_core_dump(abort_score({{secret, "s3cret"}}));
  }
}

TEST(CoreDump, IsNotLeftByOneThatWaitsForAService) {
  auto stub = ServicesWorld::stub_options();
  stub.latency = 30s;
  ServicesWorld world(stub);
  auto options = world.options({{"JVMM_TEI_TOKEN", "s3cret"}});
  options.core_dumps = true;
  CliProcess program({"backfill-embeddings"}, std::move(options));
  wait_until([&] { return world.stub().in_flight() > 0; }, "a request is on its way");
  expect_no_core_dump(abort(program));
}

}  // namespace
}  // namespace jvmm::test
