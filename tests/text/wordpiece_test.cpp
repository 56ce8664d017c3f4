#include "text/wordpiece.hpp"

#include <gtest/gtest.h>

#include "support/expect_error.hpp"

// Equality with the reference tokenizer is tested with the model's vocabulary: tests/inference/tokenizer_test.cpp.
namespace jvmm::text {
namespace {

WordPieceOptions small() {
  WordPieceOptions options;
  options.vocabulary = {"[PAD]", "[UNK]", "[CLS]", "[SEP]", "play", "##ing", "##s", "[", "]", "cl", "!", "e", "é", "P"};
  return options;
}

std::vector<TokenId> ids(WordPiece const& model, std::string_view text) {
  return model.encode(text, 64).ids;
}

TEST(WordPiece, TakesTheLongestPieceFirst) {
  WordPiece const model(small());
  EXPECT_EQ(ids(model, "Playing plays! playx"), (std::vector<TokenId>{2, 4, 5, 4, 6, 10, 1, 3}));
  EXPECT_EQ(ids(model, ""), (std::vector<TokenId>{2, 3}));
}

TEST(WordPiece, UserTextIsNeverAControlToken) {
  EXPECT_EQ(ids(WordPiece(small()), "[CLS]"), (std::vector<TokenId>{2, 7, 9, 6, 8, 3}));
}

TEST(WordPiece, FollowsTheCasingOptions) {
  auto options = small();
  EXPECT_EQ(ids(WordPiece(options), "\u00c9"), (std::vector<TokenId>{2, 11, 3}));
  options.strip_accents = false;
  EXPECT_EQ(ids(WordPiece(options), "\u00c9"), (std::vector<TokenId>{2, 12, 3}));
  options.lower_case = false;
  EXPECT_EQ(ids(WordPiece(options), "P \u00c9"), (std::vector<TokenId>{2, 13, 1, 3}));
}

TEST(WordPiece, DropsNulAndBrokenBytes) {
  WordPiece const model(small());
  EXPECT_EQ(ids(model, std::string_view("pl\0ay\xff", 6)), (std::vector<TokenId>{2, 4, 3}));
}

TEST(WordPiece, SaysWhenTheWindowIsFull) {
  WordPiece const model(small());
  auto const exact = model.encode("play play play \n", 5);
  EXPECT_EQ(exact.ids, (std::vector<TokenId>{2, 4, 4, 4, 3}));
  EXPECT_FALSE(exact.truncated);
  auto const cut = model.encode("play playing play", 4);
  EXPECT_EQ(cut.ids, (std::vector<TokenId>{2, 4, 4, 3}));
  EXPECT_TRUE(cut.truncated);
}

TEST(WordPiece, SaysHowMuchOfTheTextItSaw) {
  WordPiece const model(small());
  struct Case {
    char const* text;
    std::size_t window, covered;
  };
  for (auto const& [text, window, covered] : std::vector<Case>{{"play play \n", 4, 11},
                                                               {"play playing", 4, 9},
                                                               {"playings play", 4, 7},
                                                               {" \u00c9!play", 4, 4},
                                                               {"\u00c9\u0301s play", 3, 2},
                                                               {"playx play", 3, 6},
                                                               {"play", 2, 0}}) {
    auto const tokens = model.encode(text, window);
    EXPECT_EQ(tokens.covered, covered) << text;
    auto const alone = model.encode(std::string_view(text).substr(0, covered), 64);
    EXPECT_EQ(alone.ids, tokens.ids) << text;
  }
  auto const overlong = std::string(200, 'a') + " play play";
  EXPECT_EQ(model.encode(overlong, 4).covered, 206u);
}

TEST(WordPiece, AMegabyteOfOneWordIsOneUnknownToken) {
  WordPiece const model(small());
  EXPECT_EQ(ids(model, std::string(1'000'000, 'a')), (std::vector<TokenId>{2, 1, 3}));
  std::string words;
  for (int i = 0; i < 200'000; ++i)
    words += "play ";
  EXPECT_EQ(model.encode(words, 256).ids.size(), 256u);
}

TEST(WordPiece, RefusesAVocabularyWithoutControlTokens) {
  auto options = small();
  options.vocabulary[2] = "x";
  jvmm::testing::expect_error(Kind::bad_input, "has no [CLS]", [&] { WordPiece const model(options); });
}

}  // namespace
}  // namespace jvmm::text
