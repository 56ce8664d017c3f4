// The store of paid answers: settlements of 32 answers by many threads, what noting a request costs, and look-ups of
// what is in the file and of what is not.
//   answer_store_bench [--threads=16] [--settlements=2000] [--bytes=1536] [--folder=/tmp]
// A table on stderr, JSON on stdout.
#include <fmt/format.h>
#include <stdlib.h>

#include <thread>

#include "bench_support.hpp"
#include "inference/cache/answer_store.hpp"
#include "json/writer.hpp"

namespace {

using namespace jvmm;
using namespace jvmm::inference;
using bench::seconds_of;

constexpr int k_answers = 32;
UsageKey const k_usage{"hf", "BAAI/bge-large-en-v1.5", Task::embed};

std::vector<AnswerKey> keys_of(int batch) {
  std::vector<AnswerKey> keys;
  for (int i = 0; i < k_answers; ++i)
    keys.push_back(answer_key(Task::embed, "m", "r", "p", std::to_string(batch * k_answers + i)));
  return keys;
}

void settle(AnswerStore& store, int batch, std::size_t bytes) {
  Settlement settlement{.request = store.open(k_usage, 1000), .usage = k_usage, .cost = 900};
  for (auto const& key : keys_of(batch))
    settlement.answers.emplace_back(key, StoredAnswer{std::string(bytes, 'x'), "hf"});
  store.settle(std::move(settlement));
}

double settle_by_threads(AnswerStore& store, int threads, int settlements, std::size_t bytes) {
  return seconds_of([&] {
    std::vector<std::jthread> workers;
    for (int t = 0; t < threads; ++t)
      workers.emplace_back([&, t] {
        for (int i = t; i < settlements; i += threads)
          settle(store, i, bytes);
      });
  });
}

double find_batches(AnswerStore& store, int first, int batches) {
  std::vector<std::vector<AnswerKey>> keys;
  for (int i = 0; i < batches; ++i)
    keys.push_back(keys_of(first + i));
  return seconds_of([&] {
    for (auto const& batch : keys)
      store.find(batch);
  });
}

}  // namespace

int main(int argc, char** argv) {
  bench::Arguments const arguments(argc, argv,
                                   {{"threads", "16"}, {"settlements", "2000"}, {"bytes", "1536"}, {"folder", "/tmp"}});
  auto folder = arguments.text("folder") + "/jvmm-bench-XXXXXX";
  if (!mkdtemp(folder.data())) return 74;
  log::Logger log(stderr, log::Level::warn, log::Format::text, system_clock());
  AnswerStoreOptions const options{.file = folder + "/answers.sqlite", .memory_bytes = 0};
  auto store = open_answer_store(options, system_clock(), log);
  auto const settlements = arguments.number("settlements");
  auto const bytes = static_cast<std::size_t>(arguments.number("bytes"));

  auto const settling = settle_by_threads(*store, arguments.number("threads"), settlements, bytes);
  constexpr int k_opens = 20'000;
  auto const opening = seconds_of([&] {
    for (int i = 0; i < k_opens; ++i)
      store->open(k_usage, 1000);
  });
  auto const hits = find_batches(*store, 0, settlements);
  auto const misses = find_batches(*store, settlements, settlements);
  store.reset();
  auto const file_bytes = std::filesystem::file_size(options.file);
  std::filesystem::remove_all(folder);

  auto const answers = static_cast<double>(settlements) * k_answers;
  fmt::print(stderr, "settlements of {} answers  {:10.0f} /s\n", k_answers, settlements / settling);
  fmt::print(stderr, "answers settled            {:10.0f} /s\n", answers / settling);
  fmt::print(stderr, "noting a request           {:10.1f} us\n", opening / k_opens * 1e6);
  fmt::print(stderr, "hits in the file           {:10.0f} /s\n", answers / hits);
  fmt::print(stderr, "misses                     {:10.0f} /s\n", answers / misses);
  fmt::print(stderr, "bytes of file an answer    {:10.0f}\n", static_cast<double>(file_bytes) / answers);
  json::Writer out;
  out.begin_object().member("settlements_per_second", settlements / settling);
  out.member("open_microseconds", opening / k_opens * 1e6);
  out.member("hits_per_second", answers / hits).member("misses_per_second", answers / misses);
  out.member("file_bytes_per_answer", static_cast<double>(file_bytes) / answers).member("load", bench::load());
  out.end_object();
  fmt::print("{}\n", out.text());
}
