#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "fuzz/fuzz.hpp"

namespace jvmm::fuzz {
namespace {

struct Target {
  char const* name;
  int (*run)(std::uint8_t const*, std::size_t);
};

constexpr Target k_targets[] = {{"chat", chat},
                                {"credentials", credentials},
                                {"embedding", embedding},
                                {"entailment", entailment},
                                {"lazy_json", lazy_json},
                                {"ner", ner},
                                {"service_error", service_error},
                                {"service_info", service_info},
                                {"summary", summary},
                                {"zero_shot", zero_shot}};

std::filesystem::path const k_corpus = std::filesystem::path(JVMM_SOURCE_DIR) / "tests/data/fuzz";

std::string content(std::filesystem::path const& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// A violation ends the process; the file is the last one named.
TEST(FuzzCorpus, HoldsForEveryTarget) {
  for (auto const& [name, run] : k_targets) {
    std::size_t files = 0;
    for (auto const& entry : std::filesystem::directory_iterator(k_corpus / name)) {
      std::fprintf(stderr, "%s\n", entry.path().c_str());
      auto const bytes = content(entry.path());
      EXPECT_EQ(run(reinterpret_cast<std::uint8_t const*>(bytes.data()), bytes.size()), 0);
      ++files;
    }
    EXPECT_GE(files, 5U) << name;
  }
}

TEST(FuzzCorpus, HoldsForWhatIsCutAndForWhatAnotherTargetGets) {
  for (auto const& entry : std::filesystem::recursive_directory_iterator(k_corpus)) {
    if (!entry.is_regular_file()) continue;
    auto const bytes = content(entry.path());
    for (auto const& [name, run] : k_targets)
      for (auto const size : {bytes.size(), bytes.size() / 2, bytes.size() - bytes.size() / 8, std::size_t{0}})
        EXPECT_EQ(run(reinterpret_cast<std::uint8_t const*>(bytes.data()), size), 0);
  }
}

TEST(FuzzCorpus, EveryFolderHasItsTarget) {
  std::set<std::string> folders, names;
  for (auto const& entry : std::filesystem::directory_iterator(k_corpus))
    if (entry.is_directory()) folders.insert(entry.path().filename());
  for (auto const& target : k_targets)
    names.insert(target.name);
  EXPECT_EQ(folders, names);
}

}  // namespace
}  // namespace jvmm::fuzz
