#include "inference/hashing_embedder.hpp"

#include <gtest/gtest.h>

#include "math/vector.hpp"
#include "support/expect_error.hpp"

namespace jvmm::inference {
namespace {

Vector vector_of(Embedder& embedder, std::string_view text) {
  return embedder.embed({&text, 1}).at(0)->vector;
}

TEST(HashingEmbedder, IsOpenedByName) {
  EmbedderOptions options;
  options.model = "hashing:64";
  auto const embedder = open_embedder(options);
  EXPECT_EQ(embedder->info().dims, 64u);
  EXPECT_EQ(embedder->info().fingerprint(), "hashing:64@1;dims=64;window=0;pooling=mean;normalise=true;prefix=\"\"");
}

TEST(HashingEmbedder, GivesTheSameBitsInAnyBatch) {
  auto const embedder = open_hashing_embedder("384");
  std::vector<std::string_view> const texts{"a coach for coaches", "", "a coach for coaches", "\xff \xfe", "x\ny"};
  auto const together = embedder->embed(texts);
  ASSERT_EQ(together.size(), texts.size());
  for (std::size_t i = 0; i < texts.size(); ++i) {
    EXPECT_EQ(together[i]->vector, vector_of(*embedder, texts[i]));
    EXPECT_NEAR(math::norm(together[i]->vector), 1, 1e-6);
  }
  EXPECT_EQ(together[0]->vector, together[2]->vector);
}

TEST(HashingEmbedder, SharedWordsAreAllItKnows) {
  auto const embedder = open_hashing_embedder("384");
  auto const base = vector_of(*embedder, "Business coach");
  EXPECT_NEAR(math::cosine(base, vector_of(*embedder, "business  COACH")), 1, 1e-6);
  EXPECT_NEAR(math::cosine(base, vector_of(*embedder, "business baker")), 0.5, 1e-6);
  EXPECT_NEAR(math::cosine(base, vector_of(*embedder, "grief therapy")), 0, 1e-6);
}

TEST(HashingEmbedder, RefusesUnsoundNames) {
  for (auto const* dims : {"", "7", "16385", "abc", "12x", "-12"})
    jvmm::testing::expect_error(Kind::usage, "from 8 to 16384", [&] { (void)open_hashing_embedder(dims); });
}

}  // namespace
}  // namespace jvmm::inference
