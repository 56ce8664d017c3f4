#include "inference/caching_embedder.hpp"

#include "inference/answer_store_fixture.hpp"

namespace jvmm::inference {
namespace {

/// Counts what it is asked, and refuses one text.
class Counting final : public Embedder {
 public:
  explicit Counting(std::vector<std::string>& asked, std::string revision = "r1") : m_asked(asked) {
    m_info.model = "counting";
    m_info.revision = std::move(revision);
    m_info.dims = 2;
  }
  EmbedderInfo const& info() const override { return m_info; }
  std::vector<Result<Embedding>> embed(std::span<std::string_view const> texts) override {
    std::vector<Result<Embedding>> out;
    for (auto const text : texts) {
      m_asked.emplace_back(text);
      if (text == "bad")
        out.emplace_back(Error(Kind::bad_input, "cannot be embedded"));
      else
        out.emplace_back(Embedding{{static_cast<float>(text.size()), 0.1F}});
    }
    return out;
  }

 private:
  std::vector<std::string>& m_asked;
  EmbedderInfo m_info;
};

struct CachingEmbedderTest : AnswerStoreTest {
  std::vector<std::string> asked;

  std::unique_ptr<Embedder> embedder(AnswerStore& store, std::string revision = "r1") {
    return caching(std::make_unique<Counting>(asked, std::move(revision)), store, log);
  }

  static std::vector<Result<Embedding>> embed(Embedder& embedder, std::vector<std::string_view> const& texts) {
    return embedder.embed(texts);
  }
};

TEST_F(CachingEmbedderTest, ComputesATextOnceInARun) {
  auto const store = open();
  auto const cached = embedder(*store);
  auto const first = embed(*cached, {"a", "bb", "a"});
  auto const second = embed(*cached, {"bb", "ccc", "a"});
  EXPECT_THAT(asked, ::testing::ElementsAre("a", "bb", "ccc"));
  EXPECT_EQ(first[0]->vector, second[2]->vector);
  EXPECT_EQ(first[0]->vector, first[2]->vector);
  EXPECT_EQ(second[1]->vector, (Vector{3, 0.1F}));
}

TEST_F(CachingEmbedderTest, AndInTheNextRunWithTheSameBits) {
  Vector first;
  {
    auto const store = open();
    first = embed(*embedder(*store), {"a"})[0]->vector;
  }
  auto const store = open();
  EXPECT_EQ(embed(*embedder(*store), {"a"})[0]->vector, first);
  EXPECT_THAT(asked, ::testing::ElementsAre("a"));
}

TEST_F(CachingEmbedderTest, OfAnotherRevisionAnew) {
  auto const store = open();
  (void)embed(*embedder(*store), {"a"});
  (void)embed(*embedder(*store, "r2"), {"a"});
  EXPECT_THAT(asked, ::testing::ElementsAre("a", "a"));
}

TEST_F(CachingEmbedderTest, AFailureIsNotKept) {
  auto const store = open();
  auto const cached = embedder(*store);
  EXPECT_FALSE(embed(*cached, {"bad", "a"})[0]);
  auto const again = embed(*cached, {"a", "bad"});
  EXPECT_TRUE(again[0]);
  EXPECT_EQ(again[1].error().kind(), Kind::bad_input);
  EXPECT_THAT(asked, ::testing::ElementsAre("bad", "a", "bad"));
}

TEST_F(CachingEmbedderTest, CostsNothingAndMayBePruned) {
  auto const store = open();
  (void)embed(*embedder(*store), {"a", "bb"});
  EXPECT_THAT(store->usage(), ::testing::IsEmpty());
  EXPECT_EQ(stats().answers, 2u);
  EXPECT_EQ(stats().unsettled, 0u);
  EXPECT_EQ(prune_cache(options.file, {.max_bytes = 0}, clock).answers, 2u);
}

TEST_F(CachingEmbedderTest, WorksWithoutAFile) {
  options.file.clear();
  auto const store = open();
  auto const cached = embedder(*store);
  (void)embed(*cached, {"a"});
  EXPECT_EQ(embed(*cached, {"a"})[0]->vector, (Vector{1, 0.1F}));
  EXPECT_THAT(asked, ::testing::ElementsAre("a"));
}

}  // namespace
}  // namespace jvmm::inference
