// Scoring profiles as documents.

#include "scoring/scoring_profile.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "json/parse.hpp"
#include "json/schema.hpp"
#include "json/writer.hpp"
#include "scoring/documents.hpp"
#include "support/temp_dir.hpp"

namespace jvmm::scoring {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;

/// A profile that says `changes` on top of a shipped one.
ScoringProfile changed(std::string const& changes, std::string const& base = "smooth") {
  return parse_scoring_profile(fmt::format(R"({{"extends": "{}", {}}})", base, changes), "mine.json");
}

/// Refused as bad_input, naming the source and all of `words`.
void expect_refused(std::string const& changes, std::vector<std::string> const& words) {
  SCOPED_TRACE(changes);
  try {
    changed(changes);
    ADD_FAILURE() << "was taken";
  } catch (Error const& error) {
    EXPECT_EQ(error.kind(), Kind::bad_input);
    EXPECT_THAT(error.what(), HasSubstr("mine.json"));
    for (auto const& word : words)
      EXPECT_THAT(error.what(), HasSubstr(word));
  }
}

void expect_refused_text(std::string const& text, std::string const& words) {
  try {
    parse_scoring_profile(text, "mine.json");
    ADD_FAILURE() << "was taken";
  } catch (Error const& error) {
    EXPECT_EQ(error.kind(), Kind::bad_input);
    EXPECT_THAT(error.what(), HasSubstr("mine.json"));
    EXPECT_THAT(error.what(), HasSubstr(words));
  }
}

Error error_of_loading(std::string const& name_or_file) {
  try {
    load_scoring_profile(name_or_file);
  } catch (Error const& error) {
    return error;
  }
  ADD_FAILURE() << name_or_file << " was taken";
  return {Kind::internal, ""};
}

TEST(ScoringProfile, EveryShippedOneFitsTheSchemaAndLoads) {
  json::Schema const schema(scoring_profile_schema());
  for (auto const& name : shipped_scoring_profiles()) {
    auto const profile = load_scoring_profile(name);
    EXPECT_EQ(profile.name, name);
    EXPECT_THAT(profile.hash, MatchesRegex("[0-9a-f]{16}"));
    EXPECT_FALSE(profile.description.empty());
    EXPECT_FALSE(profile.document.find("extends"));
    for (auto const& violation : schema.check(json::to_text(profile.document)))
      ADD_FAILURE() << name << violation.path << ": " << violation.message;
  }
  EXPECT_EQ(shipped_scoring_profiles().front(), k_default_scoring_profile);
}

TEST(ScoringProfile, AResolvedDocumentIsTheSameProfile) {
  for (auto const& name : shipped_scoring_profiles()) {
    auto const profile = load_scoring_profile(name);
    auto const again = parse_scoring_profile(json::to_text(profile.document, json::Layout::indented), "copy.json");
    EXPECT_EQ(again.hash, profile.hash);
    EXPECT_EQ(again.document, profile.document);
  }
}

/// The documents that differ from this one in one number, with the path of that number.
std::vector<std::pair<std::string, json::Value>> one_number_changed(json::Value const& value) {
  std::vector<std::pair<std::string, json::Value>> all;
  auto const add = [&](std::string const& place, json::Value const& part, auto const& put) {
    for (auto const& [path, changed] : one_number_changed(part))
      all.emplace_back("/" + place + path, put(changed));
  };
  if (auto const* const object = value.get_if<json::Object>()) {
    for (std::size_t i = 0; i < object->size(); ++i)
      add((*object)[i].name, (*object)[i].value, [&](json::Value const& part) {
        auto copy = *object;
        copy[i].value = part;
        return json::Value(std::move(copy));
      });
  } else if (auto const* const list = value.get_if<json::Array>()) {
    for (std::size_t i = 0; i < list->size(); ++i)
      add(std::to_string(i), (*list)[i], [&](json::Value const& part) {
        auto copy = *list;
        copy[i] = part;
        return json::Value(std::move(copy));
      });
  } else if (auto const* const integer = value.get_if<std::int64_t>()) {
    all.emplace_back("", *integer > 5 ? *integer - 1 : *integer + 1);
  } else if (auto const* const number = value.get_if<double>()) {
    all.emplace_back("", *number * 0.999);
  }
  return all;
}

TEST(ScoringProfile, HashChangesWithAnyNumberAndNotWithTheDescription) {
  auto const profile = load_scoring_profile("smooth");
  EXPECT_EQ(changed(R"("name": "smooth", "description": "another")").hash, profile.hash);
  auto const documents = one_number_changed(profile.document);
  EXPECT_GT(documents.size(), 200u);
  std::size_t loaded = 0;
  for (std::size_t i = 0; i < documents.size(); i += 7) {  // a sample: each is a load
    try {
      auto const other = parse_scoring_profile(json::to_text(documents[i].second), "other.json");
      EXPECT_NE(other.hash, profile.hash) << documents[i].first;
      ++loaded;
    } catch (Error const& error) {
      EXPECT_EQ(error.kind(), Kind::bad_input) << documents[i].first << error.what();
    }
  }
  EXPECT_GT(loaded, 20u);
}

TEST(ScoringProfile, ExtendsMergesAndNullTakesAway) {
  auto const mine = changed(R"("name": "mine", "factors": {"website": {"weight": 9}, "booking_link": null},
                               "dimensions": {"intent": 0.5})");
  EXPECT_EQ(mine[FactorId::website].weight, 9);
  EXPECT_EQ(mine[FactorId::website].present, 7);
  EXPECT_FALSE(mine[FactorId::booking_link].enabled);
  EXPECT_EQ(mine.weight(Dimension::intent), 0.5);
  EXPECT_EQ(mine.weight(Dimension::synergy), 0.25);
}

TEST(ScoringProfile, RefusesNumbersOutOfRange) {
  expect_refused(R"("factors": {"website": {"weight": -1}})", {"/factors/website/weight", "-1"});
  expect_refused(R"("dimensions": {"intent": 0})", {"/dimensions/intent"});
  expect_refused(R"("dimensions": {"intent": "much"})", {"/dimensions/intent"});
  expect_refused(R"("factors": {"website": {"rule": {"present": 11}}})", {"/factors/website/rule/present"});
  expect_refused(R"("aggregation": {"epsilon": 0})", {"/aggregation/epsilon"});
  expect_refused(R"("tiers": {"premier": 50})", {"/tiers", "strong", "premier"});
}

TEST(ScoringProfile, RefusesThresholdsOutOfOrder) {
  expect_refused(R"("factors": {"list_size": {"rule": {"at_least": [[1, 2], [5, 3]]}}})",
                 {"/factors/list_size/rule/at_least/1", "descending"});
  expect_refused(R"("factors": {"activity_recency": {"rule": {"at_most": [[9, 2], [5, 3]]}}})",
                 {"/factors/activity_recency/rule/at_most/1", "ascending"});
  expect_refused(R"("factors": {"list_size": {"rule": {"at_least": [[5, 2], [5, 3]]}}})", {"/at_least/1"});
  expect_refused(R"("text_overlap": {"at_least": [[0.1, 5], [0.4, 10]]})", {"/text_overlap/at_least/1"});
  expect_refused(R"("similarity": {"kind": "steps", "at_least": [[0.5, 3], [0.4, 9]], "else": 0})", {"/similarity"});
}

TEST(ScoringProfile, RefusesWhatItDoesNotKnow) {
  expect_refused(R"("factors": {"charm": {"weight": 1}})", {"/factors", "charm"});
  expect_refused(R"("factors": {"profile_investment": {"rule": {"fields": ["bio", "shoe_size"]}}})",
                 {"/factors/profile_investment/rule/fields/1"});
  expect_refused(R"("eligibility": {"pair_gate": {"fields": ["shoe_size"]}})", {"/eligibility/pair_gate/fields/0"});
  expect_refused(R"("options": {"luck": "yes"})", {"/options", "luck"});
  expect_refused(R"("options": {"role_source": "luck"})", {"/options/role_source"});
  expect_refused(R"("factors": {"website": {"colour": 1}})", {"/factors/website", "colour"});
  expect_refused(R"("colour": 1)", {"colour"});
  expect_refused(R"("aggregation": {"dimension_mean": "median"})", {"/aggregation/dimension_mean"});
}

TEST(ScoringProfile, RefusesARuleOfAnotherKind) {
  expect_refused(R"("factors": {"website": {"rule": {"kind": "linear"}}})", {"/factors/website/rule", "presence"});
  expect_refused(R"("factors": {"website": {"rule": null}})", {"/factors/website", "presence"});
  expect_refused(R"("factors": {"offering_seeking": {"rule": {"kind": "linear"}}})",
                 {"/factors/offering_seeking/rule", "no rule"});
  expect_refused(R"("factors": {"network_influence": {"rule": {"percentiles": null}}})",
                 {"/factors/network_influence/rule", "percentiles"});
}

TEST(ScoringProfile, RefusesTablesThatContradictThemselves) {
  expect_refused(R"("tables": {"style_compatibility": {"tactical": {"educational": 1}}})",
                 {"/tables/style_compatibility/", "mirrored", "7"});
  EXPECT_NO_THROW(changed(R"("tables": {"style_compatibility": {"tactical": {"educational": 7}}})"));
  expect_refused(R"("tables": {"roles": {"Coach": "Coach"}})", {"/tables/roles/Coach", "lower-case"});
  std::string row;
  for (int i = 0; i < 70; ++i)
    row += fmt::format("{}\"offer{}\": 5", i ? ", " : "", i);
  expect_refused(fmt::format(R"("tables": {{"offer_compatibility": {{"pairs": {{"podcast": {{{}}}}}}}}})", row),
                 {"/tables/offer_compatibility", "64"});
}

TEST(ScoringProfile, RefusesADimensionThatCannotFire) {
  expect_refused(R"("factors": {"offering_seeking": {"enabled": false}, "audience_alignment": {"weight": 0}})",
                 {"/factors", "offering_seeking", "synergy"});
}

TEST(ScoringProfile, RefusesWhatIsNoDocument) {
  expect_refused_text("{\"name\": ", "line 1, column");
  expect_refused_text("[]", "object");
  expect_refused_text("{}", "Missing required property");
  expect_refused_text(R"({"extends": 5})", "/extends");
  expect_refused_text(std::string(100'000, '['), "deep");
  expect_refused_text(R"({"extends": "smooth", "name": ")" + std::string(70 << 20, 'x') + "\"}", "bytes");
}

TEST(ScoringProfile, FilesExtendFilesBesideThem) {
  testing::TempDir const folder;
  folder.write("lib/base.json", R"({"extends": "calibrated", "name": "base", "tiers": {"premier": 90}})");
  auto const mine = folder.write("mine.json", R"({"extends": "lib/base.json", "name": "mine"})");
  auto const profile = load_scoring_profile(mine.string());
  EXPECT_EQ(profile.name, "mine");
  EXPECT_EQ(profile.premier, 90);
  EXPECT_EQ(profile.strong, 55);
}

TEST(ScoringProfile, RefusesACircle) {
  testing::TempDir const folder;
  auto const one = folder.write("one.json", R"({"extends": "two.json", "name": "one"})");
  folder.write("two.json", R"({"extends": "./one.json", "name": "two"})");
  auto const self = folder.write("self.json", R"({"extends": "self.json", "name": "self"})");
  for (auto const& file : {one, self}) {
    auto const error = error_of_loading(file.string());
    EXPECT_EQ(error.kind(), Kind::bad_input);
    EXPECT_THAT(error.what(), HasSubstr("circle"));
    EXPECT_THAT(error.what(), HasSubstr(file.filename().string()));
  }
}

TEST(ScoringProfile, SaysWhichNameOrFileIsMissing) {
  auto const unknown = error_of_loading("smoth");
  EXPECT_EQ(unknown.kind(), Kind::usage);
  for (auto const* word : {"'smoth'", "smooth", "calibrated", "strategy-2026-02", ".json"})
    EXPECT_THAT(unknown.what(), HasSubstr(word));
  auto const missing = error_of_loading("/no/such/profile.json");
  EXPECT_EQ(missing.kind(), Kind::missing_input);
  EXPECT_THAT(missing.what(), HasSubstr("/no/such/profile.json"));
  testing::TempDir const folder;
  auto const mine = folder.write("mine.json", R"({"extends": "gone.json", "name": "mine"})");
  auto const base = error_of_loading(mine.string());
  EXPECT_EQ(base.kind(), Kind::missing_input);
  EXPECT_THAT(base.what(), HasSubstr("gone.json"));
  auto const typo = folder.write("typo.json", R"({"extends": "smoth", "name": "mine"})");
  auto const extends = error_of_loading(typo.string());
  EXPECT_EQ(extends.kind(), Kind::bad_input);
  EXPECT_THAT(extends.what(), HasSubstr("typo.json"));
  EXPECT_THAT(extends.what(), HasSubstr("'smoth'"));
}

}  // namespace
}  // namespace jvmm::scoring
