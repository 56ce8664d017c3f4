#include "inference/presets.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "json/parse.hpp"
#include "json/ref.hpp"
#include "support/expect_error.hpp"

namespace jvmm::inference {
namespace {

using jvmm::testing::expect_error;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<std::string> specs(std::string_view preset, std::string_view route) {
  std::vector<std::string> out;
  for (auto const& backend : find_preset(preset).route(route))
    out.push_back(backend.spec);
  return out;
}

TEST(Presets, StayOnThisMachineByDefault) {
  EXPECT_EQ(presets().front().name, k_default_preset);
  for (auto const name : k_route_names)
    for (auto const& spec : specs("local", name))
      EXPECT_TRUE(spec == "rules" || spec.starts_with("local:")) << name << ' ' << spec;
  EXPECT_THAT(specs("local", "embed"), ElementsAre("local:all-MiniLM-L6-v2"));
  EXPECT_TRUE(specs("local", "chat").empty());
}

TEST(Presets, AskThePlansModels) {
  EXPECT_THAT(specs("strategy", "embed"), ElementsAre("hf:BAAI/bge-large-en-v1.5"));
  EXPECT_THAT(specs("strategy", "zero_shot"), ElementsAre("hf:MoritzLaurer/DeBERTa-v3-large-mnli-fever-anli-ling-wanli",
                                                          "hf:facebook/bart-large-mnli", "rules"));
  EXPECT_THAT(specs("strategy", "zero_shot_offers"),
              ElementsAre("hf:MoritzLaurer/DeBERTa-v3-base-mnli-fever-anli", "hf:facebook/bart-large-mnli"));
  EXPECT_THAT(specs("strategy", "ner"),
              ElementsAre("hf:dslim/bert-base-NER", "hf:Jean-Baptiste/roberta-large-ner-english"));
  EXPECT_THAT(specs("strategy", "summarise"),
              ElementsAre("hf:facebook/bart-large-cnn", "hf:philschmid/bart-large-cnn-samsum"));
  EXPECT_THAT(specs("strategy", "chat"), ElementsAre("hf:meta-llama/Llama-3.1-8B-Instruct"));
}

TEST(Presets, OfThePlanDifferInTheEmbeddingModelOnly) {
  EXPECT_THAT(specs("strategy-minilm", "embed"), ElementsAre("hf:sentence-transformers/all-MiniLM-L6-v2"));
  for (auto const name : k_route_names) {
    if (name == "embed") continue;
    EXPECT_EQ(specs("strategy", name), specs("strategy-minilm", name)) << name;
  }
}

TEST(Presets, SayWhichModelStandsForThePlans) {
  for (auto const* name : {"strategy", "strategy-minilm"})
    EXPECT_THAT(find_preset(name).route("zero_shot").front().note,
                HasSubstr("MoritzLaurer/DeBERTa-v3-large-mnli-fever-anli, which seems not to exist"));
}

/// Vectors of two models must never meet in a column.
TEST(Presets, NameOneModelForVectors) {
  for (auto const& preset : presets()) {
    std::set<std::string> models;
    for (auto const& backend : preset.route("embed"))
      models.insert(backend.spec.substr(backend.spec.find(':') + 1));
    EXPECT_EQ(models.size(), 1u) << preset.name;
  }
}

/// A route whose name is misspelt in the file would be passed over.
TEST(Presets, HaveTheSixRoutesAndNoOther) {
  auto const document = json::parse(presets_json());
  for (auto const& preset : json::Ref(document, "presets.json")["presets"].items())
    EXPECT_EQ(preset["routes"].members().size(), k_route_names.size());
  for (auto const& preset : presets())
    EXPECT_EQ(preset.routes.size(), k_route_names.size()) << preset.name;
}

TEST(FindPreset, NamesThoseThereAre) {
  expect_error(Kind::configuration, "there is no preset 'strategic'; there are local, strategy, strategy-minilm",
               [] { (void)find_preset("strategic"); });
  expect_error(Kind::configuration, "there is no preset ''", [] { (void)find_preset(""); });
}

}  // namespace
}  // namespace jvmm::inference
