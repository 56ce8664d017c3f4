#include "credentials/chat_answer.hpp"

#include <gtest/gtest.h>

#include <random>

#include "credentials/grounding.hpp"
#include "credentials/merge.hpp"

namespace jvmm::credentials {
namespace {

constexpr std::string_view k_good =
    R"({"books":[{"title":"Calm Profit","year":2021}],"media_appearances":[{"name":"Forbes","confidence":0.7}],)"
    R"("speaking_events":["TEDxOban"],"certifications":[],"awards":["Oban Prize"],"podcast_appearances":[]})";

std::vector<std::string> names(ParsedAnswer const& answer) {
  std::vector<std::string> out;
  for (auto const& candidate : answer.candidates)
    out.push_back(candidate.name);
  return out;
}

std::vector<std::string> const k_names{"Calm Profit", "Forbes", "TEDxOban", "Oban Prize"};

TEST(ChatAnswer, ReadsWhatWasAskedFor) {
  auto const answer = parse_chat_answer(k_good);
  EXPECT_TRUE(answer.readable);
  EXPECT_FALSE(answer.truncated);
  EXPECT_EQ(names(answer), k_names);
  EXPECT_EQ(answer.candidates[0].year, 2021);
  EXPECT_EQ(answer.candidates[1].confidence, 0.7);
  EXPECT_EQ(answer.candidates[2].kind, Kind::speaking_events);
}

TEST(ChatAnswer, ReadsFencesProseAndSloppyJson) {
  auto const good = std::string(k_good);
  for (auto const& text : {"```json\n" + good + "\n```", "Sure! Here {as asked} is the JSON: " + good + " Let me know.",
                           "{\"credentials\": " + good + "}", "[" + good + "]", "{\"result\":{\"data\":" + good + "}}"})
    EXPECT_EQ(names(parse_chat_answer(text)), k_names) << text;
  EXPECT_EQ(names(parse_chat_answer(
                "{'books': [{'title': 'Calm Profit', 'year': None},], // my best\n media: ['Forbes'],, speaking: "
                "[\"TEDxOban\"] /* x */ \"awards\": [\"Oban Prize\"],}")),
            k_names);
  EXPECT_EQ(names(parse_chat_answer(R"([{"kind":"awards","name":"Oban Prize"},{"type":"books","title":"A B"}])")),
            (std::vector<std::string>{"Oban Prize", "A B"}));
}

TEST(ChatAnswer, UsesWhatStoodBeforeTheBreak) {
  auto const good = std::string(k_good);
  auto const cut = parse_chat_answer(good.substr(0, good.find("Oban Prize") + 4));
  EXPECT_TRUE(cut.truncated);
  EXPECT_EQ(names(cut), (std::vector<std::string>{"Calm Profit", "Forbes", "TEDxOban"}));
}

TEST(ChatAnswer, RefusesWrongTypes) {
  auto const answer = parse_chat_answer(
      R"({"books":[7,null,{"title":5},["x"],{"title":"  "},{"title":"Right One","year":"soon"}],"awards":"Oban Prize",)"
      R"("media":null,"salary":[1]})");
  EXPECT_EQ(names(answer), std::vector<std::string>{"Right One"});
  EXPECT_FALSE(answer.candidates[0].year);
  EXPECT_EQ(answer.refused, 6U);
  EXPECT_EQ(answer.unknown_keys, 1U);
}

TEST(ChatAnswer, IsNotReadableWhereThereIsNothing) {
  for (auto const* const text :
       {"", "I cannot help with that.", "{}", "[]", "{\"a\":1}", "null", "{{{{", "\xFF{\"books\""})
    EXPECT_FALSE(parse_chat_answer(text).readable && !parse_chat_answer(text).candidates.empty()) << text;
}

TEST(ChatAnswer, HasLimits) {
  std::string many = R"({"awards":[)";
  for (int i = 0; i < 500; ++i)
    many += "\"Prize " + std::to_string(i) + "\",";
  auto const answer = parse_chat_answer(many + "]}");
  EXPECT_EQ(answer.candidates.size(), 200U);
  EXPECT_EQ(answer.refused, 300U);
  EXPECT_TRUE(parse_chat_answer(R"({"awards":[")" + std::string(400, 'a') + "\"]}").candidates.empty());
  EXPECT_FALSE(parse_chat_answer(std::string(100'000, '[')).readable);
  EXPECT_FALSE(parse_chat_answer(std::string(100'000, '{')).readable);
}

// 10,000 answers, spoilt in every way that models and lines know. Recoverable is what still holds the whole object or
// breaks off behind a complete entry; all of what stands there must come out.
class Mutations {
 public:
  struct Answer {
    std::string text;
    std::vector<std::string> recoverable;
  };

  Answer next() {
    std::vector<std::string> kept;
    std::string body = "{";
    std::vector<std::pair<std::size_t, std::size_t>> ends;  // byte, names complete there
    for (auto const kind : k_kinds) {
      body += (body.size() > 1 ? ", " : "") + quoted(std::string(name(kind))) + ": [";
      for (auto n = pick(3); n > 0; --n) {
        body += entry(kept);
        ends.emplace_back(body.size(), kept.size());
        if (n > 1 || pick(6) == 0) body += ",";
      }
      body += "]";
    }
    body += "}";
    if (pick(3) == 0) {
      auto const at = pick(body.size() + 1);
      body.resize(at);
      std::size_t complete = 0;
      for (auto const& [end, count] : ends)
        if (end <= at) complete = count;
      kept.resize(complete);
    }
    return {wrapped(std::move(body)), kept};
  }

 private:
  std::size_t pick(std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(m_random); }
  static std::string quoted(std::string const& text) { return '"' + text + '"'; }

  std::string entry(std::vector<std::string>& kept) {
    static std::vector<std::string> const k_invented{"Nobel Prize", "Made Up Daily", "Calm", "Profit", "Ünreal"};
    auto const name = pick(4) == 0 ? k_invented[pick(k_invented.size())] : k_names[pick(k_names.size())];
    switch (pick(8)) {
      case 0:
        return pick(2) == 0 ? "17" : "null";
      case 1:
        return R"({"nonsense": [true, {"x": -1e999}]})";
      case 2:
        kept.push_back(name);
        return quoted(name);
      case 3:
        kept.push_back(name);
        return "{\"title\": " + quoted(name) + ", \"year\": \"20x1\"}";
      default:
        kept.push_back(name);
        return "{\"name\": " + quoted(name) + ", \"confidence\": 0.9}";
    }
  }

  std::string wrapped(std::string body) {
    switch (pick(6)) {
      case 0:
        return "```json\n" + body + "\n```";
      case 1:
        return "Here is what {I} found:\n\n" + body;
      case 2:
        return "\xEF\xBB\xBF  " + body;
      default:
        return body;
    }
  }

  std::mt19937_64 m_random{20260211};
};

TEST(ChatAnswer, TenThousandSpoiltAnswersAreRecoveredAndNothingIsInvented) {
  Source const source{std::nullopt,
                      "Author of Calm Profit, seen in Forbes. TEDxOban speaker, winner of the Oban Prize."};
  NormalisedText const text(*source.bio);
  Mutations mutations;
  std::size_t recoverable = 0, recovered = 0, stored = 0;
  for (int round = 0; round < 10'000; ++round) {
    auto const answer = mutations.next();
    auto const parsed = parse_chat_answer(answer.text);
    if (!answer.recoverable.empty()) {
      ++recoverable;
      auto const found = names(parsed);
      auto const whole = found.size() >= answer.recoverable.size() &&
                         std::equal(answer.recoverable.begin(), answer.recoverable.end(), found.begin());
      recovered += whole ? 1U : 0U;
    }
    std::vector<Value> values;
    for (auto const& candidate : parsed.candidates)
      if (auto const place = ground(candidate.name, text))
        values.push_back({candidate.kind, text.slice(*place), candidate.year, Field::bio, *place, Method::chat,
                          candidate.confidence});
    for (auto const& value : merge(values, source)) {
      ++stored;
      ASSERT_EQ(text.slice(value.place), value.name);
      ASSERT_NE(source.bio->find(value.name), std::string::npos);
      ASSERT_NE(value.name, "Nobel Prize");
    }
  }
  EXPECT_GT(recoverable, 7'000U);
  EXPECT_GT(stored, 10'000U);
  EXPECT_GE(static_cast<double>(recovered), 0.99 * static_cast<double>(recoverable)) << recovered << "/" << recoverable;
}

TEST(ChatAnswer, AnyBytesAreTaken) {
  std::mt19937 random(11);
  std::string const parts[] = {"{",    "}",  "[",  "]",  "\"",   "'",    ":",   ",", "books", "\\u", "\\",
                               "d83d", "//", "/*", "*/", "\xFF", "null", "1e9", "-", "\n",    "é"};
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    for (auto n = random() % 40; n > 0; --n)
      text += parts[random() % std::size(parts)];
    auto const answer = parse_chat_answer(text);
    ASSERT_LE(answer.candidates.size(), 200U);
  }
}

}  // namespace
}  // namespace jvmm::credentials
