// What stages of a cascade make of answers, and what the gate makes of them.

#include <random>

#include "commands/classify/gate.hpp"
#include "commands/classify/judges.hpp"
#include "support/expect_error.hpp"

namespace jvmm::commands {
namespace {

using ::testing::ElementsAre;
using testing::expect_error;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

classify::Taxonomy const& niches() {
  static auto const taxonomy = classify::shipped_taxonomy("niche-25");
  return taxonomy;
}

classify::Taxonomy const& offers() {
  static auto const taxonomy = classify::shipped_taxonomy("offers-17");
  return taxonomy;
}

std::vector<std::string> keys(classify::Taxonomy const& taxonomy, Ruling const& ruling) {
  std::vector<std::string> out;
  for (auto const& one : ruling.verdict.labels)
    out.push_back(taxonomy.labels[one.label].key);
  return out;
}

Ruling ruling_of(std::vector<double> const& confidences) {
  Ruling out;
  for (std::size_t i = 0; i < confidences.size(); ++i)
    out.verdict.labels.push_back({i, confidences[i], confidences[i]});
  out.verdict.confidence = confidences.empty() ? 0 : confidences[0];
  return out;
}

// --- replies of a chat model ----------------------------------------------------------------------------------------

TEST(ChatReply, IsReadWithALabelByKeyNameOrSynonym) {
  auto const ruling = read_chat_reply(
      niches(),
      R"({"primary": "marketing & sales", "secondary": "Real Estate & Property Investing", "confidence": 0.9})");
  EXPECT_THAT(keys(niches(), ruling), ElementsAre("Marketing & Sales", "Real Estate & Property Investing"));
  EXPECT_DOUBLE_EQ(ruling.verdict.confidence, 0.9);
  EXPECT_TRUE(ruling.verdict.sure);
  EXPECT_THAT(ruling.foreign, IsEmpty());
}

TEST(ChatReply, OfOffersIsAListInAnyOrder) {
  auto const ruling = read_chat_reply(offers(), R"([{"type": "podcast", "confidence": 0.4},
      {"confidence": 0.95, "type": "speaking"}, {"type": "podcast", "confidence": 0.6}])");
  EXPECT_THAT(keys(offers(), ruling), ElementsAre("speaking", "podcast"));
  EXPECT_DOUBLE_EQ(ruling.verdict.labels[1].confidence, 0.6);
  auto const wrapped = read_chat_reply(offers(), R"({"offer_types": [{"type": "podcast", "confidence": "0.5"}]})");
  EXPECT_THAT(keys(offers(), wrapped), ElementsAre("podcast"));
}

TEST(ChatReply, MayStandInAFenceOrBetweenWords) {
  for (auto const* reply : {"```json\n[{\"type\": \"podcast\", \"confidence\": 1}]\n```",
                            "Sure! Here it is: [{\"type\": \"podcast\", \"confidence\": 1}] I hope this helps."})
    EXPECT_THAT(keys(offers(), read_chat_reply(offers(), reply)), ElementsAre("podcast")) << reply;
}

TEST(ChatReply, NamesWhatIsNoLabelAndKeepsTheRest) {
  auto const ruling = read_chat_reply(
      offers(), R"([{"type": "time travel", "confidence": 0.9}, {"type": "podcast", "confidence": 0.8}])");
  EXPECT_THAT(keys(offers(), ruling), ElementsAre("podcast"));
  EXPECT_THAT(ruling.foreign, ElementsAre("time travel"));
  EXPECT_EQ(doubt(offers(), ruling)->reason, "out_of_taxonomy");
}

TEST(ChatReply, MayBeUnknown) {
  for (auto const* reply : {R"({"primary": null, "secondary": null, "confidence": 0})", R"({"primary": null})"}) {
    auto const ruling = read_chat_reply(niches(), reply);
    EXPECT_THAT(ruling.verdict.labels, IsEmpty());
    EXPECT_FALSE(doubt(niches(), ruling)) << "unknown is an answer";
  }
  EXPECT_THAT(read_chat_reply(offers(), "[]").verdict.labels, IsEmpty());
}

TEST(ChatReply, OfAnotherFormIsABadAnswer) {
  for (auto const* reply :
       {"", "I do not know.", "[", R"({"niche": "Marketing"})", R"({"primary": "Marketing & Sales"})",
        R"({"primary": "Marketing & Sales", "confidence": "high"})",
        R"({"primary": "Marketing & Sales", "confidence": -1})",
        R"({"primary": "Marketing & Sales", "confidence": 101})", R"({"primary": 3, "confidence": 1})",
        R"({"primary": "Marketing & Sales", "confidence": null})"})
    expect_error(Kind::bad_answer, "the reply", [&] { (void)read_chat_reply(niches(), reply); });
  for (auto const* reply :
       {R"({"primary": "podcast", "confidence": 1})", R"([{"type": "podcast"}])", R"({"offer_types": 1})"})
    expect_error(Kind::bad_answer, "the reply", [&] { (void)read_chat_reply(offers(), reply); });
}

TEST(ChatReply, AConfidenceInPercentIsOne) {
  EXPECT_DOUBLE_EQ(
      read_chat_reply(niches(), R"({"primary": "Marketing & Sales", "confidence": 85})").verdict.confidence, 0.85);
}

TEST(ChatReply, SurvivesAnyBytes) {
  std::mt19937 random(7);
  constexpr std::string_view k_alphabet = "[]{}\",:0123456789.eE-+ntfrualsepimyodc\\ \n\xff\x80`";
  for (int i = 0; i < 20'000; ++i) {
    std::string text;
    for (auto left = random() % 60; left > 0; --left)
      text += k_alphabet[random() % k_alphabet.size()];
    try {
      for (auto const& one : read_chat_reply(i % 2 ? niches() : offers(), text).verdict.labels) {
        EXPECT_GE(one.confidence, 0);
        EXPECT_LE(one.confidence, 1);
      }
    } catch (Error const& error) {
      EXPECT_EQ(error.kind(), Kind::bad_answer);
    }
  }
}

// --- prompts --------------------------------------------------------------------------------------------------------

TEST(ChatPrompt, ReadsTheColumnsThatItNames) {
  auto const prompt =
      classify::parse_prompt("Sort: {{labels}}\n---\nDoes: {{what_you_do}}, {{bio}}, {{bio}}\n", "mine");
  EXPECT_THAT(prompt_columns(prompt), ElementsAre("what_you_do", "bio"));
  expect_error(Kind::configuration, "social_proof",
               [] { (void)prompt_columns(classify::parse_prompt("{{labels}}\n---\n{{social_proof}}\n", "mine")); });
  auto const parameters = chat_parameters(niches(), prompt);
  EXPECT_THAT(parameters.system, HasSubstr("Real Estate & Property Investing"));
  EXPECT_EQ(parameters.temperature, 0);
}

TEST(EntailmentPrompt, HasAPhraseForEachLabelOfEveryShippedTaxonomy) {
  for (auto const task : classify::k_tasks)
    for (auto const& name : classify::shipped_taxonomies(task)) {
      auto const taxonomy = classify::shipped_taxonomy(name);
      auto const parameters = entailment_parameters(taxonomy);
      EXPECT_EQ(parameters.labels.size(), taxonomy.labels.size());
      EXPECT_TRUE(parameters.multi_label);
    }
}

// --- the gate -------------------------------------------------------------------------------------------------------

TEST(ClassifyGate, HoldsBackWhatIsBelowItsConfidence) {
  EXPECT_EQ(doubt(niches(), ruling_of({0.29}))->reason, "low_confidence");
  EXPECT_FALSE(doubt(niches(), ruling_of({0.3})));
  EXPECT_FALSE(doubt(niches(), ruling_of({0.9, 0.1}))) << "the best label counts";
}

TEST(ClassifyGate, HoldsBackWhatIsUniformAndNotSure) {
  EXPECT_EQ(doubt(niches(), ruling_of({0.55, 0.5, 0.46}))->reason, "uniform");
  EXPECT_FALSE(doubt(niches(), ruling_of({0.55, 0.5}))) << "two are not yet uniform";
  EXPECT_FALSE(doubt(niches(), ruling_of({0.6, 0.5, 0.45})));
  EXPECT_FALSE(doubt(offers(), ruling_of({0.99, 0.98, 0.97, 0.96}))) << "facts that stand side by side";
}

TEST(ClassifyGate, HoldsBackWhatAConfirmedValueContradicts) {
  auto const first = ruling_of({0.9}).verdict;
  auto const key = niches().labels[0].key;
  EXPECT_FALSE(conflict_with_value(niches(), R"([{"category": "X"}, {"category": ")" + key + R"("}])", first));
  EXPECT_EQ(conflict_with_value(niches(), R"([{"category": "X"}])", first)->reason, "conflict");
  EXPECT_EQ(conflict_with_value(niches(), R"(["X"])", first)->reason, "conflict");
  for (auto const* odd : {"[]", "{}", "null", "3", "[null, 1, {}]", "no json"})
    EXPECT_FALSE(conflict_with_value(niches(), odd, first)) << odd;
}

}  // namespace
}  // namespace jvmm::commands
