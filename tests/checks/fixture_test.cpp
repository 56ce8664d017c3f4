// The checks on the fixtures: what was damaged on purpose is found, and little else is.

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "checks/grounding.hpp"
#include "checks/profile_check.hpp"
#include "json/parse.hpp"
#include "text/lines.hpp"

namespace jvmm::checks {
namespace {

struct FixtureRow {
  ProfileValues profile;
  std::map<std::string, std::string> mess;  ///< kind by column
};

FixtureRow read_row(json::Value const& line) {
  FixtureRow row;
  auto const* profile = line.find("profile") ? line.find("profile") : &line;
  for (std::size_t i = 0; i < k_columns; ++i)
    if (auto const* value = profile->find(name(column_at(i))))
      if (auto const* text = value->get_if<std::string>()) row.profile.values[i] = *text;
  if (auto const* labels = line.find("labels"))
    for (auto const& entry : *labels->find("mess")->get_if<json::Array>()) {
      auto const& pair = *entry.get_if<json::Array>();
      row.mess[*pair[0].get_if<std::string>()] = *pair[1].get_if<std::string>();
    }
  return row;
}

std::vector<FixtureRow> read_rows(std::string const& file) {
  text::LineReader lines(std::string(JVMM_SOURCE_DIR "/tests/data/fixtures/") + file);
  std::vector<FixtureRow> rows;
  for (std::string line; lines.next(line);)
    rows.push_back(read_row(json::parse(line)));
  return rows;
}

/// Kinds that damage characters or form; a sentence that was cut and a text in capitals read like any other.
std::set<std::string> const k_findable{"html", "nfd", "spaces", "spacing"};

TEST(Fixture, WhatWasDamagedIsFoundAndNothingElseIsHeld) {
  int damaged = 0, found = 0;
  std::vector<std::string> false_alarms;
  for (auto const& row : read_rows("labelled-200.jsonl.gz")) {
    auto const checks = check_profile(row.profile);
    for (std::size_t i = 0; i < k_columns; ++i) {
      auto const column = std::string(name(column_at(i)));
      auto const mess = row.mess.find(column);
      bool const findable = mess != row.mess.end() && k_findable.contains(mess->second);
      damaged += findable;
      found += findable && checks[i].proposal.has_value();
      if (!row.mess.contains(column) && !row.mess.contains("*") && checks[i].holds())
        false_alarms.push_back(column + ": " + *row.profile.values[i] + ": " + checks[i].details());
    }
  }
  EXPECT_EQ(damaged, 10);
  EXPECT_EQ(found, damaged - 1) << "of one, what was put in has left no trace in the text";
  RecordProperty("false_alarms", static_cast<int>(false_alarms.size()));
  for (auto const& alarm : false_alarms)
    EXPECT_TRUE(alarm.find("says that there is no value") != std::string::npos) << alarm;
}

TEST(Fixture, OfAllProfilesFewValuesAreHeld) {
  std::map<std::string, int> held;
  int values = 0, all = 0;
  for (auto const& row : read_rows("profiles-3143.jsonl.gz")) {
    auto const checks = check_profile(row.profile);
    for (std::size_t i = 0; i < k_columns; ++i) {
      values += row.profile.values[i].has_value();
      if (!checks[i].holds()) continue;
      ++all;
      ++held[std::string(checks[i].gravest().code)];
    }
  }
  for (auto const& [code, count] : held)
    RecordProperty(code, count);
  RecordProperty("values", values);
  RecordProperty("held", all);
  EXPECT_LT(all, values / 50);
  EXPECT_EQ(held["email_suspicious"] + held["linkedin_elsewhere"], 0);
}

TEST(Fixture, MendingIsDoneOnce) {
  for (auto const* file : {"labelled-200.jsonl.gz", "profiles-3143.jsonl.gz"})
    for (auto row : read_rows(file)) {
      auto const first = check_profile(row.profile);
      for (std::size_t i = 0; i < k_columns; ++i)
        if (first[i].proposal && first[i].proposal->safe) row.profile.values[i] = first[i].proposal->value;
      auto const second = check_profile(row.profile);
      for (std::size_t i = 0; i < k_columns; ++i)
        EXPECT_FALSE(second[i].proposal && second[i].proposal->safe)
            << name(column_at(i)) << ": " << row.profile.values[i].value_or("(none)") << ": " << second[i].details();
    }
}

/// Every eighth character or so is lost, doubled or another: what scanning and retyping do.
std::string worn(std::string text, std::mt19937& random) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (random() % 8 != 0 || static_cast<unsigned char>(text[i]) >= 0x80) continue;
    switch (random() % 3) {
      case 0:
        text.erase(i, 1);
        break;
      case 1:
        text.insert(i, 1, text[i]);
        ++i;
        break;
      default:
        text[i] = static_cast<char>('a' + random() % 26);
    }
  }
  return text;
}

std::string page_of(FixtureRow const& row) {
  std::string page;
  for (auto const column : {Column::bio, Column::seeking, Column::offering, Column::who_you_serve, Column::what_you_do})
    page += row.profile.values[index(column)].value_or("") + "\n";
  return page;
}

// How k_quote_similarity was chosen: worn quotes of the profile's own page against quotes of the next profile's.
TEST(Fixture, TheSimilarityOfQuotesTellsOwnPagesFromOthers) {
  auto rows = read_rows("labelled-200.jsonl.gz");
  std::mt19937 random(7);
  std::vector<double> own, other;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    Page const page(page_of(rows[i]));
    for (auto const column : {Column::what_you_do, Column::offering, Column::seeking}) {
      auto const& mine = rows[i].profile.values[index(column)];
      auto const& theirs = rows[(i + 1) % rows.size()].profile.values[index(column)];
      if (mine && mine->size() >= 40) own.push_back(quote_similarity(worn(mine->substr(0, 200), random), page));
      if (theirs && theirs->size() >= 40 && !page.empty()) other.push_back(quote_similarity(*theirs, page));
    }
  }
  std::ranges::sort(own);
  std::ranges::sort(other);
  ASSERT_GT(own.size(), 200u);
  auto const at = [](std::vector<double> const& sorted, double share) {
    return std::to_string(sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1))]);
  };
  for (double const share : {0.0, 0.01, 0.5, 0.99, 1.0}) {
    RecordProperty("own_" + std::to_string(share), at(own, share));
    RecordProperty("other_" + std::to_string(share), at(other, share));
  }
  auto const missed = std::ranges::lower_bound(own, k_quote_similarity) - own.begin();
  auto const wrong = other.end() - std::ranges::lower_bound(other, k_quote_similarity);
  EXPECT_LE(static_cast<double>(missed), 0.01 * static_cast<double>(own.size()))
      << at(own, 0.0) << " " << at(own, 0.01);
  EXPECT_LE(static_cast<double>(wrong), 0.01 * static_cast<double>(other.size()))
      << at(other, 0.99) << " " << at(other, 1);
}

}  // namespace
}  // namespace jvmm::checks
