// Our side of the embedding benchmark: one process that loads the model and the texts, then embeds all of them each
// time it is told to. embedding_peers.py drives it in turn with its peers.
//   embedding_bench MODEL_FOLDER TEXTS.json THREADS
// Commands on stdin, one answer line of JSON on stdout each: `run`, `vectors PATH` (float32, row by row), end of file.
#include <fmt/core.h>
#include <sys/resource.h>

#include <chrono>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include "inference/embedder.hpp"
#include "json/parse.hpp"
#include "json/ref.hpp"

namespace {

using namespace jvmm;

std::vector<std::string> read_texts(std::string const& path) {
  auto const document = json::parse_file(path);
  std::vector<std::string> out;
  for (auto const& text : json::Ref(document, path).items())
    out.push_back(text.string());
  return out;
}

double peak_rss_mib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

void answer(double seconds) {
  fmt::print("{{\"seconds\": {:.4f}, \"peak_rss_mib\": {:.0f}}}\n", seconds, peak_rss_mib());
  std::fflush(stdout);
}

template <class Work>
double seconds_of(Work const& work) {
  auto const start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

void write_vectors(std::string const& path, std::vector<Result<inference::Embedding>> results) {
  std::ofstream file(path, std::ios::binary);
  for (auto& result : results) {
    auto const vector = std::move(result).value_or_throw().vector;
    file.write(reinterpret_cast<char const*>(vector.data()),
               static_cast<std::streamsize>(vector.size() * sizeof(float)));
  }
}

void serve(std::string const& folder, std::string const& texts_path, std::size_t threads) {
  std::unique_ptr<inference::Embedder> embedder;
  auto const load = seconds_of([&] {
    inference::EmbedderOptions options;
    options.model = folder;
    options.threads = threads;
    embedder = inference::open_embedder(options);
  });
  auto const owned = read_texts(texts_path);
  std::vector<std::string_view> const texts(owned.begin(), owned.end());
  answer(load);
  for (std::string command; std::getline(std::cin, command);) {
    std::vector<Result<inference::Embedding>> results;
    auto const seconds = seconds_of([&] { results = embedder->embed(texts); });
    if (command.starts_with("vectors ")) write_vectors(command.substr(8), std::move(results));
    answer(seconds);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    fmt::print(stderr, "usage: embedding_bench MODEL_FOLDER TEXTS.json THREADS\n");
    return 64;
  }
  try {
    serve(argv[1], argv[2], std::stoul(argv[3]));
  } catch (std::exception const& e) {
    fmt::print(stderr, "embedding_bench: {}\n", e.what());
    return 1;
  }
}
