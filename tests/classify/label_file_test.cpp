#include "classify/label_file.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "support/expect_error.hpp"
#include "support/temp_dir.hpp"

namespace jvmm::classify {
namespace {

using jvmm::testing::expect_error;
using Keys = std::vector<std::string>;

std::vector<LabelName> const k_labels{{"Yoga"}, {"Food, Drink"}, {"Dance"}};

std::string id(int number) {
  return fmt::format("10000000-0000-4000-8000-{:012}", number);
}

class LabelFiles : public ::testing::Test {
 protected:
  LabelFile read(std::string const& content, Task task = Task::niche, std::string const& column = "") const {
    return read_label_file(m_dir.write("labels.csv", content).string(), LabelNames(k_labels), {task, column});
  }
  PredictionFile predictions(std::string const& content, std::string const& column = "") const {
    return read_prediction_file(m_dir.write("said.csv", content).string(), LabelNames(k_labels), Task::niche, column);
  }
  void expect_refused(std::string const& content, std::string const& said, std::string const& column = "") const {
    SCOPED_TRACE(content);
    expect_error(Kind::bad_input, said, [&] { (void)read(content, Task::niche, column); });
  }

  jvmm::testing::TempDir m_dir;
};

TEST_F(LabelFiles, ReadCsvAsSpreadsheetsWriteIt) {
  auto const file =
      read("\xef\xbb\xbfname,\"id\",label,niche,sheet notes\r\n\"O'Neil, \"\"Al\"\"\"," + id(1) +
           ",\"food, drink\",\"two\nlines\",x\r\n\r\nBea," + id(2) + ",,,\r\nCyn, " + id(3) + " ,Unknown,'=1+1,\r\n");
  ASSERT_EQ(file.profiles.size(), 2u);
  EXPECT_EQ(file.unlabelled, 1u);
  EXPECT_EQ(file.profiles[0].id.text(), id(1));
  EXPECT_EQ(file.profiles[0].truth, Keys{"Food, Drink"});
  EXPECT_EQ(file.profiles[0].line, 2u);
  EXPECT_EQ(*file.profiles[0].profile.find("niche"), json::Value("two\nlines"));
  EXPECT_EQ(file.profiles[0].profile.find("sheet notes"), nullptr);
  EXPECT_TRUE(file.profiles[0].has_texts());
  EXPECT_EQ(file.profiles[1].truth, Keys{});
  EXPECT_EQ(*file.profiles[1].profile.find("niche"), json::Value("=1+1"));
}

TEST_F(LabelFiles, TheSecondLabelOfANicheIsItsSecondary) {
  auto const file =
      read("id,label,secondary\n" + id(1) + ",Yoga,Dance\n" + id(2) + ",Dance; Yoga,\n" + id(3) + ",Dance,Dance\n");
  EXPECT_EQ(file.profiles[0].truth, Keys{"Yoga"});
  EXPECT_EQ(file.profiles[0].secondary, "Dance");
  EXPECT_EQ(file.profiles[1].secondary, "Yoga");
  EXPECT_EQ(file.profiles[2].secondary, std::nullopt);
}

TEST_F(LabelFiles, OffersAreASet) {
  auto const file = read("id,labels\n" + id(1) + ",\"Yoga, Dance; Yoga\"\n", Task::offer_types);
  EXPECT_EQ(file.profiles[0].truth, (Keys{"Yoga", "Dance"}));
  EXPECT_EQ(file.profiles[0].secondary, std::nullopt);
}

TEST_F(LabelFiles, JsonLinesHaveTheSameMembers) {
  auto const file = read("{\"id\": \"" + id(1) + "\", \"label\": \"yoga\", \"tags\": [\"a\"]}\n\n{\"id\": \"" + id(2) +
                         "\", \"label\": null}\n{\"id\": \"" + id(3) + "\", \"labels\": [\"Dance\"]}\n");
  ASSERT_EQ(file.profiles.size(), 2u);
  EXPECT_EQ(file.unlabelled, 1u);
  EXPECT_EQ(file.profiles[0].truth, Keys{"Yoga"});
  EXPECT_TRUE(file.profiles[0].has_texts());
  EXPECT_FALSE(file.profiles[1].has_texts());
}

std::string fixture(int number, std::string const& labels) {
  return "{\"profile\": {\"id\": \"" + id(number) + "\", \"niche\": \"x\"}, \"labels\": {" + labels + "}}\n";
}

TEST_F(LabelFiles, OnlyWhatTheTextsTellCounts) {
  std::string const niche =
      R"("niche": {"primary": "Yoga", "secondary": "Dance", "sub": "x"}, "recoverable": {"niche": )";
  auto const file = read(fixture(1, niche + R"(["Yoga", "Dance"]})") + fixture(2, niche + R"(["Yoga"]})") +
                         fixture(3, niche + R"(["Dance"]})") + fixture(4, niche + "[]}") +
                         fixture(5, R"("niche": {"primary": "Dance", "secondary": null})"));
  ASSERT_EQ(file.profiles.size(), 3u);
  EXPECT_EQ(file.unrecoverable, 2u);
  EXPECT_EQ(file.profiles[0].secondary, "Dance");
  EXPECT_EQ(file.profiles[1].secondary, std::nullopt);
  EXPECT_EQ(file.profiles[2].id.text(), id(5));
}

TEST_F(LabelFiles, AnOfferThatCannotBeToldCountsNeitherWay) {
  std::string const offers = R"("offer_types": ["Yoga", "Dance"], "recoverable": {"offer_types": )";
  auto const file = read(fixture(1, offers + "[\"Dance\"]}") + fixture(2, offers + "[]}") +
                             fixture(3, R"("offer_types": [], "recoverable": {"offer_types": []})"),
                         Task::offer_types);
  ASSERT_EQ(file.profiles.size(), 2u);
  EXPECT_EQ(file.profiles[0].truth, Keys{"Dance"});
  EXPECT_EQ(file.profiles[0].ignored, Keys{"Yoga"});
  EXPECT_EQ(file.profiles[1].truth, Keys{});
  EXPECT_EQ(file.unrecoverable, 1u);
}

TEST_F(LabelFiles, AStyleIsRecoverableOrNot) {
  std::string const style =
      R"("content_style": {"primary": "Yoga", "secondary": null}, "recoverable": {"content_style": )";
  auto const file = read(fixture(1, style + "true}") + fixture(2, style + "false}"), Task::content_style);
  EXPECT_EQ(file.profiles.size(), 1u);
  EXPECT_EQ(file.unrecoverable, 1u);
}

TEST_F(LabelFiles, RefusesWithLineAndColumn) {
  auto const a = id(1), b = id(2);
  expect_refused("id,name\n" + a + ",x\n",
                 "labels.csv: line 1: the header has no column label or labels; it has id, name");
  expect_refused("name,label\nx,Yoga\n", "line 1: the header has no column id; it has name, label");
  expect_refused("id,label\n" + a + ",Yoga\n", "has no column verdict", "verdict");
  expect_refused("id,label\n7,Yoga\n", "labels.csv: line 2, column 1 (id): '7' is no profile id");
  expect_refused("id,label\n" + a + ",Yoqa\n",
                 "labels.csv: line 2, column 2 (label): 'Yoqa' is no label of the taxonomy (is 'Yoga' meant?)");
  expect_refused("id,label\n" + a + ",Yoga\n" + b + ",\n" + a + ",\n",
                 "labels.csv: line 4, column 1 (id): profile " + a + " is already in line 2");
  expect_refused("id,label\n" + a + ",\n", "no row has a label for niche (1 without a label");
  expect_refused("id,label\n", "no row has a label for niche (0 without a label");
  expect_refused("", "line 1: empty");
  expect_refused("{\"id\": \"" + a + "\"}\n", "labels.csv:1: /: expected an object with label or labels");
  expect_refused("{\"id\": 7, \"label\": \"Yoga\"}\n", "labels.csv:1: /id: expected string");
  expect_refused("{\"label\": \"Yoga\"}\n", "labels.csv:1: /: expected an object with id");
  expect_refused("{\"id\": \"" + a + "\", \"label\": \"Yoga\"}\n{\"id\": \"" + a + "\", \"label\": \"Yoga\"}\n",
                 "labels.csv:2: /id: profile " + a + " is already in line 1");
  expect_refused("{\"id\": \n", "labels.csv:1: line 1");
  expect_refused(fixture(1, R"("niche": "Yoga")") + fixture(1, R"("niche": "Yoga")"), "is already in line 1");
  expect_refused(fixture(1, R"("niche": {"primary": "Golf"})"),
                 "labels.csv:1: /labels/niche/primary: 'Golf' is no label");
}

TEST_F(LabelFiles, PredictionsAreTakenFromTheColumnThatIsThere) {
  auto const stored = predictions("id,niche_categories\n" + id(1) +
                                  ",\"[{\"\"category\"\": \"\"Yoga\"\", \"\"confidence\"\": 0.9}, {\"\"category\"\": "
                                  "\"\"Golf\"\", \"\"confidence\"\": 0.4}]\"\n" +
                                  id(2) + ",[]\n" + id(3) + ",\n");
  EXPECT_EQ(stored.column, "niche_categories");
  EXPECT_EQ(stored.foreign, 1u);
  EXPECT_EQ(stored.profiles.at(*ProfileId::parse(id(1))), (std::vector<Predicted>{{"Yoga", 0.9}, {"Golf", 0.4}}));
  EXPECT_TRUE(stored.profiles.at(*ProfileId::parse(id(2))).empty());
  EXPECT_TRUE(stored.profiles.at(*ProfileId::parse(id(3))).empty());
  auto const plain = predictions("id,label,model,confidence\n" + id(1) + ",Yoga,Dance,0.25\n", "model");
  EXPECT_EQ(plain.profiles.begin()->second, (std::vector<Predicted>{{"Dance", 0.25}}));
  expect_error(Kind::bad_input, "line 2, column 3 (confidence): 'high' is no confidence",
               [&] { (void)predictions("id,predicted,confidence\n" + id(1) + ",Yoga,high\n"); });
  expect_error(Kind::bad_input, "is already in line 2",
               [&] { (void)predictions("id,predicted\n" + id(1) + ",Yoga\n" + id(1) + ",Yoga\n"); });
  expect_error(Kind::bad_input, "no row", [&] { (void)predictions("id,predicted\n"); });
}

}  // namespace
}  // namespace jvmm::classify
