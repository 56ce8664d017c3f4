#include <fmt/format.h>
#include <pthread.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <fstream>

#include "support/inference_stub.hpp"

namespace {

using namespace jvmm::testing;

constexpr char const* k_examples = R"(
Prints its URL on stdout and serves until SIGTERM or SIGINT, then writes the bill; also at SIGUSR1 and GET /stub/bill.

a fault is NAME[,KEY=VALUE…]: a status, "slow", a damage or what happens on the wire; further
  form=own|string|typed|array|object|flat|detail|text|html|empty|truncated, message=, header=
  hint=none|seconds|http_date|rate_limit|rate_limit_unused|estimated_time, wait=SECONDS
  delay_ms=, bytes= and pause_ms= (drip), bytes= (gzip_bomb)
and when: at=K, at=A-B, every=N, p=0.01, seed=, text=POISON, path=, times=N

examples:
  inference_stub --kind hf --port 8080 --latency-ms 50
  inference_stub --kind tei --fault 429,every=10 --fault 422,text=poison --bill bill.json
  inference_stub --kind openai --rate-limit 3 --rate-window --fault reset_after_reading,p=0.01,seed=7
  inference_stub --kind tei --task zero_shot --model MoritzLaurer/deberta-v3-base-zeroshot-v2.0
  curl -sd '{"inputs":["a","b"]}' http://127.0.0.1:8080/hf-inference/models/BAAI/bge-small-en-v1.5/pipeline/feature-extraction

exit codes: 0 stopped by a signal, 1 no socket or no bill, 64 usage
)";

struct Arguments {
  StubOptions stub;
  std::int64_t latency_ms = 0, latency_per_input_us = 0, compute_per_input_us = 1000;
  bool window = false, no_retry_after = false;
  std::vector<std::string> faults;
  std::string bill;
};

std::map<std::string, StubKind> const k_kinds = {
    {"hf", StubKind::hf}, {"tei", StubKind::tei}, {"openai", StubKind::openai}, {"toolkit", StubKind::toolkit}};
std::map<std::string, StubTask> const k_tasks = {{"embed", StubTask::embed},
                                                 {"zero_shot", StubTask::zero_shot},
                                                 {"ner", StubTask::ner},
                                                 {"chat", StubTask::chat},
                                                 {"summarise", StubTask::summarise}};

void define_service(CLI::App& app, Arguments& arguments) {
  auto& stub = arguments.stub;
  app.add_option("--kind", stub.kind, "what it poses as: hf, tei, openai, toolkit (hf)")
      ->transform(CLI::CheckedTransformer(k_kinds).description(""))
      ->type_name("KIND");
  app.add_option("--port", stub.port, "0: any (0)");
  app.add_option("--model", stub.default_model, "the model where a request names none")->capture_default_str();
  app.add_option("--task", stub.default_task, "of --model: embed, zero_shot, ner, chat, summarise (embed)")
      ->transform(CLI::CheckedTransformer(k_tasks).description(""))
      ->type_name("TASK");
  app.add_option("--dims", stub.dims, "numbers of an embedding")
      ->capture_default_str()
      ->check(CLI::Range(1, 65536).description(""))
      ->type_name("N");
  app.add_option("--max-tokens", stub.max_tokens, "what a model sees of a text")->capture_default_str();
  app.add_option("--max-batch", stub.max_client_batch, "inputs per request (tei)")->capture_default_str();
  app.add_option("--token", stub.token, "the bearer token that is wanted (none)");
}

void define_behaviour(CLI::App& app, Arguments& arguments) {
  auto& stub = arguments.stub;
  app.add_option("--latency-ms", arguments.latency_ms, "before each answer (0)");
  app.add_option("--latency-per-input-us", arguments.latency_per_input_us, "in addition, per input (0)");
  app.add_option("--workers", stub.workers, "requests computed at once; 0: all (0)");
  app.add_option("--rate-limit", stub.rate_limit.per_second, "requests per second; 0: any (0)");
  app.add_flag("--rate-window", arguments.window, "in windows of a second, not by a token bucket");
  app.add_flag("--no-retry-after", arguments.no_retry_after, "429 does not say when to come again");
  app.add_option("--fault", arguments.faults, "what goes wrong and when; may be repeated")->take_all()->delimiter('\0');
}

void define_bill(CLI::App& app, Arguments& arguments) {
  auto& price = arguments.stub.price;
  app.add_option("--compute-per-input-us", arguments.compute_per_input_us, "as x-compute-time says (1000)");
  app.add_option("--price-request", price.per_request, "pico-dollars (0)");
  app.add_option("--price-input", price.per_input, "pico-dollars (0)");
  app.add_option("--price-input-token", price.per_input_token, "pico-dollars (0)");
  app.add_option("--price-output-token", price.per_output_token, "pico-dollars (0)");
  app.add_option("--price-compute-second", price.per_compute_second, "pico-dollars (0)");
  app.add_option("--bill", arguments.bill, "the file for the bill, as JSON (none)");
}

void finish(Arguments& arguments) {
  auto& stub = arguments.stub;
  stub.latency = std::chrono::milliseconds(arguments.latency_ms);
  stub.latency_per_input = std::chrono::microseconds(arguments.latency_per_input_us);
  stub.compute_per_input = std::chrono::microseconds(arguments.compute_per_input_us);
  stub.rate_limit.retry_after = !arguments.no_retry_after;
  if (arguments.window) stub.rate_limit.mode = StubRateLimit::Mode::fixed_window;
  for (auto const& line : arguments.faults)
    stub.faults.push_back(parse_fault_rule(line));
}

bool write_bill(InferenceStub const& stub, std::string const& path) {
  if (path.empty()) return true;
  auto const part = path + ".part";
  std::ofstream file(part);
  file << stub.bill().json();
  file.close();
  return file && std::rename(part.c_str(), path.c_str()) == 0;
}

int serve(Arguments const& arguments) {
  sigset_t signals;
  sigemptyset(&signals);
  for (int const number : {SIGTERM, SIGINT, SIGUSR1})
    sigaddset(&signals, number);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);  // before the server's thread begins
  InferenceStub const stub(arguments.stub);
  fmt::print("{}\n", stub.url());
  std::fflush(stdout);
  for (;;) {
    int caught = 0;
    sigwait(&signals, &caught);
    if (!write_bill(stub, arguments.bill)) {
      fmt::print(stderr, "inference_stub: {} cannot be written\n", arguments.bill);
      return 1;
    }
    if (caught != SIGUSR1) return 0;
  }
}

}  // namespace

int main(int count, char** values) {
  Arguments arguments;
  CLI::App app(
      "inference_stub poses as an inference service: what it answers is a function of the text, what goes "
      "wrong is scripted, what it charges is in a bill.");
  app.footer(k_examples);
  define_service(app, arguments);
  define_behaviour(app, arguments);
  define_bill(app, arguments);
  try {
    app.parse(count, values);
    finish(arguments);
  } catch (CLI::ParseError const& problem) {
    return app.exit(problem) == 0 ? 0 : 64;
  } catch (std::invalid_argument const& problem) {
    fmt::print(stderr, "inference_stub: --fault {}\n", problem.what());
    return 64;
  }
  try {
    return serve(arguments);
  } catch (std::exception const& problem) {
    fmt::print(stderr, "inference_stub: {}\n", problem.what());
    return 1;
  }
}
