// 'jvmm score': files in, files out. No database.

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "cli/cli_db.hpp"
#include "scoring/golden.hpp"

namespace jvmm::test {
namespace {

namespace fs = std::filesystem;
using json::Ref;
using scoring::Golden;

constexpr char const* k_golden = JVMM_SOURCE_DIR "/tests/data/golden/";

std::string golden_file(std::string const& name) {
  return k_golden + name + ".jsonl.gz";
}

std::string content(fs::path const& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

std::vector<std::string> lines_of(std::string const& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);)
    lines.push_back(line);
  return lines;
}

std::string joined(std::vector<std::string> const& lines) {
  return fmt::format("{}\n", fmt::join(lines, "\n"));
}

CliResult score(Arguments more, CliOptions options = {}) {
  Arguments arguments{"score"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return run_cli(arguments, std::move(options));
}

Arguments golden_arguments() {
  return {"--profiles", golden_file("profiles"), "--embeddings", golden_file("embeddings"), "--scoring", "calibrated",
          "--now",      scoring::k_golden_now,   "--pairs",      golden_file("pairs")};
}

Arguments with(Arguments arguments, Arguments more) {
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

/// A number to nine decimals, where the reference gives it unrounded.
void expect_agrees(Ref const& ours, Ref const& theirs) {
  auto const name = ours["pair"].string();
  for (auto const& [member, value] : theirs.members()) {
    if (member == "match_reason_alternatives" || member == "match_reason_error") continue;
    if (member == "match_reason" && value.value().is_null()) continue;
    if (member == "unrounded") {
      for (auto const& [score, number] : value.members())
        EXPECT_NEAR(ours["unrounded"][score].number(), number.number(), 1e-9) << name;
      continue;
    }
    scoring::expect_same(ours[member].value(), value.value(), name + "/" + member);
  }
  for (auto const& [member, value] : ours.members())
    EXPECT_TRUE(member == "pair" || theirs.value().find(member)) << name << ": " << member << " too much";
}

TEST(Score, AgreesWithTheReferenceOnEveryPair) {
  testing::TempDir const folder;
  auto const file = (folder.path() / "scores.jsonl").string();
  auto const result = score(with(golden_arguments(), {"--output", file}));
  ASSERT_EQ(result.exit_code, 0) << result;
  EXPECT_EQ(result.out, "");
  auto const lines = lines_of(content(file));
  auto const& pairs = Golden::get().pairs;
  ASSERT_EQ(lines.size(), pairs.size());
  for (std::size_t i = 0; i < pairs.size() && !::testing::Test::HasFailure(); ++i) {
    Ref const pair(pairs[i], "pairs");
    auto const line = json::parse(lines[i]);
    ASSERT_EQ(Ref(line, "scores")["pair"].string(), pair["pair"].string());
    expect_agrees(Ref(line, "scores"), pair["expected"]);
  }
}

TEST(Score, GivesTheSameBytesAgainOnStandardOutputToo) {
  testing::TempDir const folder;
  auto const file = (folder.path() / "scores.jsonl").string();
  ASSERT_EQ(score(with(golden_arguments(), {"--output", file})).exit_code, 0);
  auto const first = content(file);
  ASSERT_EQ(score(with(golden_arguments(), {"--output", file})).exit_code, 0);
  EXPECT_TRUE(content(file) == first);
  EXPECT_TRUE(score(golden_arguments()).out == first);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), {}), 1) << "something is left beside the result";
}

TEST(Score, DoesNotDependOnTheOrderOfProfilesAndPairs) {
  testing::TempDir const folder;
  auto const reversed = [&](std::string const& name) {
    auto lines = data_lines("golden/" + name + ".jsonl.gz");
    std::reverse(lines.begin(), lines.end());
    return folder.write(name + ".jsonl", joined(lines)).string();
  };
  auto const result = score({"--profiles", reversed("profiles"), "--embeddings", reversed("embeddings"), "--pairs",
                             reversed("pairs"), "--scoring", "calibrated", "--now", scoring::k_golden_now});
  ASSERT_EQ(result.exit_code, 0) << result;
  auto lines = lines_of(result.out);
  std::reverse(lines.begin(), lines.end());
  EXPECT_TRUE(joined(lines) == score(golden_arguments()).out);
}

class ScoreInput : public ::testing::Test {
 protected:
  static constexpr char const* k_a = "10000000-0000-4000-8000-000000000001";
  static constexpr char const* k_b = "10000000-0000-4000-8000-000000000002";

  static std::string profile(std::string const& id) {
    return fmt::format(R"({{"id": "{}", "seeking": "podcast guests", "offering": "keynotes"}})", id);
  }
  std::string write(std::string const& name, std::string const& text) const {
    return m_folder.write(name, text).string();
  }
  CliResult run(std::string const& profiles, std::string const& pairs, Arguments more = {},
                CliOptions options = {}) const {
    return score(with({"--profiles", write("profiles.jsonl", profiles), "--pairs", write("pairs.jsonl", pairs)}, more),
                 std::move(options));
  }
  std::string two() const { return profile(k_a) + "\n" + profile(k_b) + "\n"; }
  std::string pair() const { return fmt::format(R"({{"a": "{}", "b": "{}"}})", k_a, k_b); }

  testing::TempDir m_folder;
};

TEST_F(ScoreInput, TakesWrappedProfilesBlankLinesAndUnnamedPairs) {
  auto const wrapped = fmt::format("{{\"profile\": {}, \"labels\": {{}}}}\n\n{}\n", profile(k_a), profile(k_b));
  auto const result = run(wrapped, "\n" + pair() + "\r\n");
  ASSERT_EQ(result.exit_code, 0) << result;
  auto const line = json::parse(result.out);
  EXPECT_EQ(Ref(line, "")["pair"].string(), std::string(k_a) + "/" + k_b);
  EXPECT_TRUE(Ref(line, "")["eligible"].boolean());
}

TEST_F(ScoreInput, TakesPairsFromStandardInputAndVectorsFromTheProfiles) {
  auto const vectors = [](std::string const& id) {
    return fmt::format(R"({{"id": "{}", "seeking": "podcast guests", "offering": "keynotes", "embedding_seeking":
                           "[1,0]", "embedding_offering": [1, 0]}})",
                       id);
  };
  auto text = vectors(k_a) + "\n" + vectors(k_b);
  std::erase(text, '\n');
  text.insert(text.find("}{") + 1, "\n");
  auto const result = score({"--profiles", write("p.jsonl", text), "--pairs", "-", "--scoring", "calibrated"},
                            {.env = {}, .input = pair()});
  ASSERT_EQ(result.exit_code, 0) << result;
  EXPECT_THAT(result.out, ::testing::HasSubstr("Cosine similarity: 1.000"));
}

TEST_F(ScoreInput, NamesFileAndLineOfWhatIsWrong) {
  expect_failure(run(two(), pair() + "\n{\"a\": 1"), 65, {"pairs.jsonl:2", "line 1, column"});
  expect_failure(run(two(), "[]"), 65, {"pairs.jsonl:1", "object"});
  expect_failure(run(two(), fmt::format("{{\"a\": \"{}\"}}", k_a)), 65, {"pairs.jsonl:1", "/b"});
  expect_failure(run(two(), R"({"a": "nobody", "b": "x"})"), 65, {"pairs.jsonl:1", "/a", "one of the profiles"});
  expect_failure(run(profile(k_a), pair()), 65, {"pairs.jsonl:1", "/b", "one of the profiles", k_b});
  expect_failure(run(two() + profile(k_b), pair()), 65, {"profiles.jsonl:3", "/id", "not come before", k_b});
  expect_failure(run(two() + "{\"name\": \"no id\"}", pair()), 65, {"profiles.jsonl:3", "/id"});
  expect_failure(run("{\"profile\": 5}", pair()), 65, {"profiles.jsonl:1", "/profile"});
  auto const outcomes = [&](std::string const& data) {
    return run(two(), pair().substr(0, pair().size() - 1) + ", \"outcome_data\": " + data + "}");
  };
  expect_failure(outcomes("5"), 65, {"pairs.jsonl:1", "/outcome_data"});
  expect_failure(outcomes("{\"x\": {}}"), 65, {"pairs.jsonl:1", "/outcome_data/x", "uuid"});
}

TEST_F(ScoreInput, NamesFileAndLineOfWrongVectors) {
  auto const with_vectors = [&](std::string const& text) {
    return run(two(), pair(), {"--embeddings", write("vectors.jsonl", text)});
  };
  auto const line = fmt::format("{{\"id\": \"{}\"}}\n", k_a);
  expect_failure(with_vectors(line + line), 65, {"vectors.jsonl:2", "/id", "not come before"});
  expect_failure(with_vectors("{\"id\": \"10000000-0000-4000-8000-000000000003\"}"), 65,
                 {"vectors.jsonl:1", "/id", "one of the profiles"});
}

TEST_F(ScoreInput, RefusesDamagedAndMissingFiles) {
  std::string const bad = JVMM_SOURCE_DIR "/tests/data/bad/";
  auto const pairs = write("pairs.jsonl", pair());
  for (auto const* file : {"cut_gzip.jsonl.gz", "damaged_gzip.jsonl.gz", "bad_utf8.jsonl"})
    expect_failure(score({"--profiles", bad + file, "--pairs", pairs}), 65, {file});
  expect_failure(score({"--profiles", "/no/such/file", "--pairs", pairs}), 66, {"/no/such/file"});
}

TEST_F(ScoreInput, RefusesOptionsThatMakeNoSense) {
  expect_failure(score({"--profiles", "x"}), 64, {"--pairs is required"});
  expect_failure(score({"--pairs", "x"}), 64, {"--profiles is required"});
  expect_failure(score({"--profiles", "-", "--pairs", "-"}), 64, {"only one of"});
  expect_failure(run(two(), pair(), {"--now", "yesterday"}), 64, {"--now", "'yesterday'", "2026-11-01T00:00:00Z"});
  expect_failure(run(two(), pair(), {"--now", "2026-02-30T00:00:00Z"}), 64, {"--now"});
  expect_failure(run(two(), pair(), {"--scoring", "best"}), 64, {"'best'", "smooth", "calibrated", ".json"});
  expect_failure(run(two(), pair(), {"--scoring", "none.json"}), 66, {"none.json"});
}

TEST_F(ScoreInput, LeavesNoHalfResultBehind) {
  auto const output = write("scores.jsonl", "from before\n");
  expect_failure(run(two(), pair() + "\n{}", {"--output", output}), 65, {"pairs.jsonl:2"});
  EXPECT_EQ(content(output), "from before\n");
  EXPECT_EQ(std::distance(fs::directory_iterator(m_folder.path()), {}), 3);
  expect_failure(run(two(), pair(), {"--output", "/no/such/folder/x"}), 74, {"/no/such/folder/x"});
  expect_failure(run(two(), pair(), {"--output", "/dev/full"}), 74, {"/dev/full"});
  EXPECT_EQ(run(two(), pair(), {}, {.env = {}, .to = Stdout::full}).exit_code, 74);
}

}  // namespace
}  // namespace jvmm::test
